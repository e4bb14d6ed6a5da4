import Checkpoints
import Foundation

/// That a worker is no more, and why.
struct WorkerDeath: Error, Hashable, Sendable {
  enum Cause: Hashable, Sendable {
    case ended(WorkerProcess.Ending)
    /// No sign of life for so many seconds.
    case hung(Double)
    /// Something that is no answer.
    case gibberish(String)
  }

  let cause: Cause
  /// What it said last, the stacks of its threads among it where it hung or crashed.
  let lastWords: String
  /// Where all of it is.
  let log: String

  /// The error for a person, once it is clear that trying again does not help.
  func inputError(file: String) -> InputError {
    let (problem, mend) = words
    return InputError(
      file: file, place: place(in: file), problem: problem + lastLine,
      mend: "\(mend). All it said is in \(log)")
  }

  private var words: (String, String) {
    switch cause {
    case .hung(let seconds):
      let shown = seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
      return (
        "its Python worker gave no sign of life for \(shown) s and was killed, twice",
        "If it needs longer, say timeout = SECONDS under [evaluator]"
      )
    case .ended(.signalled(SIGKILL)):
      return (
        "its Python worker was killed (SIGKILL), twice",
        "The system does so when memory runs out: try batch = NUMBER or fewer workers under "
          + "[evaluator]"
      )
    case .ended(.signalled(let number)):
      return (
        "its Python worker crashed with \(Self.name(number)), twice",
        "A crash like this is in a native library: look at the stack in the log"
      )
    case .ended(.exited(let code)):
      return (
        "its Python worker ended by itself with status \(code), twice",
        "Let the file neither exit nor replace its process"
      )
    case .gibberish(let what):
      return ("its Python worker said what is no answer (\(what)), twice", "Report this")
    }
  }

  /// The innermost line of the user's file in the stack that was printed, if there is one.
  private func place(in file: String) -> String? {
    let mark = "File \"\(file)\", line "
    guard
      let line = lastWords.split(whereSeparator: \.isNewline).first(where: { $0.contains(mark) })
    else { return nil }
    return line.trimmingCharacters(in: .whitespaces)
      .replacingOccurrences(of: "File \"\(file)\", ", with: "")
      .replacingOccurrences(of: " in ", with: ", in ")
  }

  private var lastLine: String {
    guard case .ended = cause else { return "" }
    let lines = lastWords.split(whereSeparator: \.isNewline)
    guard let line = lines.last(where: { !$0.hasPrefix(" ") }) ?? lines.last else { return "" }
    return ". Its last words: \(line.prefix(300))"
  }

  private static func name(_ signal: Int32) -> String {
    let names = [
      SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGILL: "SIGILL", SIGFPE: "SIGFPE",
      SIGTERM: "SIGTERM", SIGINT: "SIGINT",
    ]
    return names[signal] ?? "signal \(signal)"
  }
}
