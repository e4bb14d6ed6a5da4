import Averaging
import Evaluation
import Foundation

/// A Python that averages files with NumPy and PyTorch, evaluates with ONNX Runtime, and makes a greedy
/// soup with PyTorch, when it is told to.
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
    /// The published loop; what is given is the demo sweep's folder, then the number of threads.
    case torchGreedy = "torch_greedy"
  }

  /// Which versions are there; nil for what is not.
  struct Versions: Decodable {
    let python: String
    let numpy: String?
    let torch: String?
    let onnxruntime: String?
  }

  /// What a way took, and the names of what it found, if anything.
  struct Answer {
    let cost: BenchCost
    let names: [String]
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

  /// Goes a way once, with its arguments: files, mostly.
  ///
  /// - Throws: `PeerFailure` when Python could not.
  func run(_ arguments: [String], _ way: Way) throws -> Answer {
    let line = ([way.rawValue] + arguments).joined(separator: "\t") + "\n"
    do { try commands.fileHandleForWriting.write(contentsOf: Data(line.utf8)) } catch {
      throw PeerFailure(python: path)
    }
    let words = try readLine().split(separator: " ").map(String.init)
    let figures = words.prefix(2).compactMap { Double($0) }
    guard figures.count == 2 else { throw PeerFailure(python: path) }
    return Answer(
      cost: BenchCost(seconds: figures[0], processorSeconds: figures[1]),
      names: Array(words.dropFirst(2)))
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

extension BenchResult {
  /// Starts the Python to compare with, and notes which of the packages it has and which it lacks.
  mutating func startPeers(
    asked: String?, for packages: [(name: String, version: KeyPath<PythonPeers.Versions, String?>)]
  ) -> PythonPeers? {
    do {
      let peers = try PythonPeers(
        asked: asked, threads: ProcessInfo.processInfo.activeProcessorCount)
      let versions = packages.map { ($0.name, peers.versions?[keyPath: $0.version]) }
      let here = versions.compactMap { name, version in version.map { "\(name) \($0)" } }
      let missing = versions.filter { $0.1 == nil }.map(\.0)
      let python = "Python \(peers.versions?.python ?? "") (\(peers.path))"
      if !here.isEmpty { notes.append("\(here.joined(separator: ", ")): \(python).") }
      if !missing.isEmpty {
        notes.append(
          "Not compared with \(missing.joined(separator: " and ")): not in \(python). "
            + "Name one that has them with --python.")
      }
      return peers
    } catch {
      notes.append("Not compared with \(packages.map(\.name).joined(separator: " and ")): \(error)")
      return nil
    }
  }
}
