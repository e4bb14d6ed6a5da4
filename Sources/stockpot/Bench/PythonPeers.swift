import Averaging
import Evaluation
import Foundation

/// A Python that averages files with NumPy and PyTorch, and evaluates with ONNX Runtime, when it is told to.
final class PythonPeers {
  /// How it may go about it.
  enum Way: String {
    case numpyF32 = "numpy_f32"
    case torchF32 = "torch_f32"
    case torchF64 = "torch_f64"
    case torchOwn = "torch_own"
    /// One session with all threads; the files are the model and its inputs, then the batch's size.
    case onnxSession = "onnx_session"
    /// One session of one thread, run by as many threads of Python's.
    case onnxThreads = "onnx_threads"
  }

  /// Which versions are there; nil for what is not.
  struct Versions: Decodable {
    let python: String
    let numpy: String?
    let torch: String?
    let onnxruntime: String?
  }

  private(set) var versions: Versions?
  /// The interpreter.
  let path: String
  private let process = Process()
  private let commands = Pipe()
  private let answers = Pipe()
  private var unread = Data()

  /// Starts the interpreter `asked` for, or that of the environment.
  ///
  /// - Throws: `InputError` when there is none; `PeerFailure` when it does not start.
  init(asked: String?, threads: Int) throws {
    path = try PythonLocation.find(
      asked: asked, folder: FileManager.default.currentDirectoryPath,
      environment: ProcessInfo.processInfo.environment)
    process.executableURL = URL(fileURLWithPath: path)
    let script = String(decoding: PackageResources.peers_py, as: UTF8.self)
    process.arguments = ["-c", script, String(threads)]
    process.standardInput = commands
    process.standardOutput = answers
    // A Python that died is told by its answer that does not come, not by a signal to this process.
    signal(SIGPIPE, SIG_IGN)
    do { try process.run() } catch { throw PeerFailure(python: path) }
    let first = try readLine()
    versions = try? JSONDecoder().decode(Versions.self, from: Data(first.utf8))
  }

  deinit {
    try? commands.fileHandleForWriting.close()
    if process.isRunning { process.terminate() }
  }

  /// Goes through files once and says what it took.
  ///
  /// - Throws: `PeerFailure` when Python could not.
  func run(_ paths: [String], _ way: Way) throws -> BenchCost {
    let line = ([way.rawValue] + paths).joined(separator: "\t") + "\n"
    do { try commands.fileHandleForWriting.write(contentsOf: Data(line.utf8)) } catch {
      throw PeerFailure(python: path)
    }
    let figures = try readLine().split(separator: " ").compactMap { Double($0) }
    guard figures.count == 2 else { throw PeerFailure(python: path) }
    return BenchCost(seconds: figures[0], processorSeconds: figures[1])
  }

  private func readLine() throws -> String {
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        defer { unread = Data(unread[(end + 1)...]) }
        return String(decoding: unread[..<end], as: UTF8.self)
      }
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else { throw PeerFailure(python: path) }
      unread.append(more)
    }
  }
}

/// A Python that ended before it answered; its own words are on stderr.
struct PeerFailure: Error, CustomStringConvertible {
  let python: String

  var description: String {
    "\(python): ended while it measured. Its error is above; or choose another with --python."
  }
}
