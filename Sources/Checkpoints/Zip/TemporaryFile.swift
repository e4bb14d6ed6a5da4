import Glibc

/// A file without a name, for bytes that are too many for memory; it goes when it is closed.
struct TemporaryFile: ~Copyable {
  private let descriptor: Int32
  private let folder: String
  private var count = 0

  /// `TMPDIR`, or else where the system keeps large temporary files.
  static var folders: [String] {
    guard let asked = getenv("TMPDIR"), asked.pointee != 0 else { return ["/var/tmp", "/tmp"] }
    return [String(cString: asked)]
  }

  /// Makes it in the first of `folders` that can be written to.
  ///
  /// - Throws: `InputError` when there is none.
  init(in folders: [String] = Self.folders) throws {
    var failures: [InputError] = []
    for folder in folders {
      let path = "\(folder)/stockpot-\(UInt64.random(in: .min ... .max))"
      let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard descriptor < 0 else {
        unlink(path)
        self.descriptor = descriptor
        self.folder = folder
        return
      }
      failures.append(Self.error(errno, folder))
    }
    throw failures.first ?? Self.error(ENOENT, "TMPDIR")
  }

  deinit { close(descriptor) }

  /// Appends `bytes`.
  ///
  /// - Throws: `InputError` when the disk is full.
  mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while let start = rest.baseAddress, !rest.isEmpty {
      let written = pwrite(descriptor, start, rest.count, count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw Self.error(written < 0 ? errno : ENOSPC, folder) }
      count += written
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// All bytes, mapped read-only; the mapping is the caller's, and outlives the file.
  ///
  /// - Precondition: something was appended.
  consuming func mapped() throws -> UnsafeRawBufferPointer {
    let address = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0)
    guard let address, address != MAP_FAILED else { throw Self.error(errno, folder) }
    return UnsafeRawBufferPointer(start: address, count: count)
  }

  private static func error(_ code: Int32, _ folder: String) -> InputError {
    let error = SystemError.inputError(code, file: folder, action: "written")
    return InputError(
      file: folder, place: "temporary file", problem: error.problem,
      mend: "Set TMPDIR to a folder that has room for what is compressed in the checkpoints")
  }
}
