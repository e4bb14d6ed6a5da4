import ArgumentParser
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Ledger
import Sweeps
import Synchronization
import TerminalUI

/// Opens sweeps for commands.
enum SweepOpening {
  static var environment: [String: String] { ProcessInfo.processInfo.environment }
  static var paths: StockpotPaths { StockpotPaths(environment: environment) }
  static var settingsFile: String { paths.config + "/config.toml" }

  /// A kitchen on the sweep at `path`, with its ledger where it can be written.
  /// - Parameters:
  ///   - opening: how checkpoints are opened; nil for what the manifest says.
  ///   - choice: what of that was chosen otherwise.
  static func kitchen(
    at path: String?, opening: CheckpointOptions? = nil, choice: CheckpointChoice? = nil,
    observer: @escaping @Sendable (KitchenEvent) -> Void = { _ in }
  ) throws -> Kitchen {
    var sweep = try Sweep.open(path ?? ".")
    if let opening { sweep.checkpointOptions = opening }
    if let choice { sweep.checkpointOptions = choice.over(sweep.checkpointOptions) }
    return try kitchen(on: sweep, observer: observer)
  }

  /// A kitchen on an open sweep.
  static func kitchen(
    on sweep: Sweep, observer: @escaping @Sendable (KitchenEvent) -> Void
  ) throws -> Kitchen {
    try Kitchen(
      sweep: sweep, ledgerDirectory: paths.workFolder(ofSweepAt: sweep.directory),
      observer: observer)
  }

  /// What a sweep's ledger knows of its ingredients, by ingredient and split.
  ///
  /// Nothing where there is no ledger; none is made. One that cannot be opened is told of.
  static func knownScores(of sweep: Sweep) -> [String: [String: Score]] {
    let folder = paths.workFolder(ofSweepAt: sweep.directory)
    guard Ledger.isThere(in: folder) else { return [:] }
    do {
      return try kitchen(on: sweep, observer: { _ in }).scoresKnownAtOnce()
    } catch {
      Console.error("warning: \(error)")
      return [:]
    }
  }

  /// Tells warts and guesses on stderr.
  static func tellNotes(of sweep: Sweep, quiet: Bool) {
    guard !quiet else { return }
    for note in sweep.notes where note.severity == .warning {
      Console.error("warning: \(note)")
    }
  }
}

/// What goes to the person and what goes to the next program.
enum Console {
  /// Progress, warnings and errors: never mixed with results; in the place of a bar where one stands.
  static func error(_ text: String) {
    let start = showsProgress ? "\u{1B}[2K\r" : ""
    FileHandle.standardError.write(Data("\(start)\(text.harmless)\n".utf8))
  }

  /// Results for a person.
  static func print(_ text: String, terminator: String = "\n") {
    Swift.print(text.harmless, terminator: terminator)
  }

  /// The last line on a terminal's stderr, in place of what it said before.
  static func replaceLine(with text: String) {
    FileHandle.standardError.write(Data("\u{1B}[2K\r\(text.harmless)".utf8))
  }

  /// Width of the terminal that stderr is; 80 where it is none.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Whether the locale has more than ASCII.
  static let isUnicode: Bool = {
    setlocale(LC_CTYPE, "")
    return nl_langinfo(Int32(CODESET)).map { String(cString: $0) } == "UTF-8"
  }()

  /// One JSON document on stdout, keys sorted.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    var data = try encoder.encode(value)
    data.append(UInt8(ascii: "\n"))
    FileHandle.standardOutput.write(data)
  }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 && isatty(STDIN_FILENO) == 1 }
  /// Whether stderr is a terminal on which a line can be written over.
  static let showsProgress =
    isatty(STDERR_FILENO) == 1 && SweepOpening.environment["TERM"] != "dumb"
}

/// How commands end: 1 for what failed, 2 for misuse, 130 or 143 for what was interrupted.
enum Ending {
  static let failed = ExitCode(1)
  static let misuse = ExitCode(2)

  /// The exit code of a screen that was ended: as a shell gives it for a signal, 128 and its number.
  static func after(_ ending: LoopEnding) throws {
    switch ending {
    case .finished: return
    case .hangUp: throw ExitCode(128 + SIGHUP)
    case .signal(let number): throw ExitCode(128 + number)
    }
  }

  /// Runs a command's work; errors become one line on stderr and an exit code.
  ///
  /// - Parameter outcome: what a person who interrupts it is told.
  static func of(
    interrupted outcome: String = "what was measured so far is kept",
    _ work: @escaping @Sendable () async throws -> Void
  ) async throws {
    let task = Task { try await work() }
    let watch = InterruptWatch { task.cancel() }
    defer { watch.stop() }
    do {
      try await task.value
    } catch is CancellationError {
      Console.error("interrupted: \(outcome)")
      throw ExitCode(128 + (watch.caught ?? SIGINT))
    } catch let code as ExitCode {
      throw code
    } catch let error as ValidationError {
      Console.error("stockpot: \(error.message)")
      throw misuse
    } catch {
      Console.error("stockpot: \(error)")
      throw failed
    }
  }
}

/// Calls back once when the process is asked to stop, instead of stopping it; asked again, it stops.
final class InterruptWatch {
  private final class First: Sendable {
    let signal = Mutex<Int32?>(nil)
  }

  private static let signals = [SIGINT, SIGTERM]
  private let sources: [any DispatchSourceSignal]
  private let first: First

  /// The signal that asked; nil before.
  var caught: Int32? { first.signal.withLock { $0 } }

  init(_ interrupted: @escaping @Sendable () -> Void) {
    let first = First()
    self.first = first
    sources = Self.signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        first.signal.withLock { $0 = $0 ?? number }
        Self.restore()
        interrupted()
      }
      source.resume()
      return source
    }
  }

  func stop() {
    for source in sources { source.cancel() }
    Self.restore()
  }

  private static func restore() {
    for number in signals { signal(number, SIG_DFL) }
  }
}
