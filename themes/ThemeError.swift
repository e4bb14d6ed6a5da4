/// What is wrong with a theme: which file, where in it, what, and the mend.
package struct ThemeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file as the person would name it, or a built-in theme's name.
  package let file: String
  /// Line and column, from 1, where known.
  package let line: Int?
  package let column: Int?
  /// What is wrong, as a clause without a full stop.
  package let problem: String
  /// What to do about it, as a sentence in the imperative without a full stop; nil when nothing
  /// helps.
  package let mend: String?

  package init(
    file: String, line: Int? = nil, column: Int? = nil, problem: String, mend: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.problem = problem
    self.mend = mend
  }

  /// The place, the problem and the mend in one line.
  package var description: String {
    var text = file
    if let line { text += ":\(line)" }
    if let column { text += ":\(column)" }
    text += ": \(problem)."
    if let mend { text += " \(mend)\(mend.hasSuffix("?") ? "" : ".")" }
    return text
  }
}
