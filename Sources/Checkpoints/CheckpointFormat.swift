import Glibc

/// A kind of checkpoint on disk: how it is recognised and how it is opened.
package struct CheckpointFormat: Sendable {
  /// As shown to people: `safetensors`.
  package let name: String
  /// Whether something that starts so is of this format.
  package let recognises: @Sendable (FileStart) -> Bool
  /// Opens the checkpoint at a path, reading no tensor.
  package let open: @Sendable (String, CheckpointOptions) throws -> Checkpoint

  package init(
    name: String, recognises: @escaping @Sendable (FileStart) -> Bool,
    open: @escaping @Sendable (String, CheckpointOptions) throws -> Checkpoint
  ) {
    self.name = name
    self.recognises = recognises
    self.open = open
  }

  /// Every format, in the order in which they are asked.
  package static let all: [CheckpointFormat] = [
    .sharded, .safetensors, .numpy, .pytorch, .folder,
  ]

  /// The format of what is at `path`, judged by its first bytes before its name.
  ///
  /// - Throws: `InputError` when it cannot be read or is of no known format.
  package static func detect(_ path: String) throws -> CheckpointFormat {
    let start = try FileStart(path: path)
    if start.bytes.starts(with: "version https://git-lfs".utf8) {
      throw InputError(
        file: path, problem: "is a Git LFS pointer, not the checkpoint itself",
        mend: "Run git lfs pull in its folder")
    }
    if let format = all.first(where: { $0.recognises(start) }) { return format }
    // Opening it as what its name says tells best what is wrong with it.
    if start.fileExtension == "safetensors", !start.isFolder { return .safetensors }
    let shards = start.isFolder ? ModelFolder.shards(in: path) : []
    guard shards.isEmpty else {
      throw InputError(
        file: path,
        problem: "has shards (\(shards.listed)) without the index that says what they hold",
        mend: "Put the file beside them whose name ends in .index.json")
    }
    let names = all.map(\.name).joined(separator: ", ")
    throw InputError(
      file: path,
      problem: start.isFolder
        ? "no checkpoint was found in this folder" : "is not a checkpoint of a known format",
      mend: "Formats known: \(names)")
  }
}

/// The name and first bytes of something that may be a checkpoint.
package struct FileStart: Sendable {
  package let path: String
  package let isFolder: Bool
  /// At most 512; none for a folder.
  package let bytes: [UInt8]

  /// - Throws: `InputError` when it is missing or unreadable.
  package init(path: String) throws {
    self.path = path
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw SystemError.inputError(errno, file: path, action: "read")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw SystemError.inputError(errno, file: path, action: "read")
    }
    self.isFolder = status.st_mode & S_IFMT == S_IFDIR
    guard !isFolder else {
      self.bytes = []
      return
    }
    try MappedFile.checkIsFile(status, path: path)
    self.bytes = try Array(unsafeUninitializedCapacity: 512) { buffer, count in
      let read = Glibc.pread(descriptor, buffer.baseAddress, 512, 0)
      guard read >= 0 else { throw SystemError.inputError(errno, file: path, action: "read") }
      count = read
    }
  }

  /// What follows the last dot of the name, in lower case; empty when nothing does.
  package var fileExtension: String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }
}

extension CheckpointFormat {
  /// One file: a length, a JSON header, the data.
  static let safetensors = CheckpointFormat(
    name: "safetensors",
    recognises: { start in
      let length = start.bytes.prefix(8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
      return start.bytes.count > 9 && start.bytes[8] == UInt8(ascii: "{")
        && length <= UInt64(SafetensorsHeader.longest)
    },
    open: { path, _ in
      let file = try SafetensorsFile(path: path)
      return Checkpoint(
        path: path, format: "safetensors", metadata: file.metadata, table: file)
    })
}
