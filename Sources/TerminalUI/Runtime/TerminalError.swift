/// Why a screen could not be opened, with what to do about it.
package enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no terminal to draw on.
  case notATerminal
  /// TERM does not say which kind of terminal it is.
  case termUnset
  /// The terminal database does not know the kind of terminal.
  case termUnknown(String)
  /// That kind of terminal cannot place its cursor, so no screen can be drawn on it.
  case termIncapable(String)
  /// The system refused something; the error number.
  case system(Int32)

  /// One line that names the cause and the mend.
  package var description: String {
    switch self {
    case .notATerminal:
      "this needs a terminal, and there is none: run it in one, or use a command with --json"
    case .termUnset:
      "TERM is not set: set it to the kind of your terminal, for example TERM=xterm-256color"
    case .termUnknown(let name):
      "the terminal database has no entry for TERM=\(TextWidth.sanitize(name)): "
        + "install it, or try TERM=xterm-256color"
    case .termIncapable(let name):
      "a terminal of the kind TERM=\(TextWidth.sanitize(name)) cannot place its cursor: "
        + "try TERM=xterm-256color, or use a command with --json"
    case .system(let number):
      "the terminal could not be opened (error \(number))"
    }
  }
}
