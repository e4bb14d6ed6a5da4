/// What is wrong with something a person supplied: which file, where in it, what, and the mend.
///
/// Errors are data here and become text in one place, `description`.
public struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file (or folder, or option) as the person would name it.
  public let file: String
  /// The place in it: `tensor blocks.0.norm1.weight`, `byte 812`, `line 4, key splits.val`; nil for the whole.
  public let place: String?
  /// What is wrong, as a clause without a full stop.
  public let problem: String
  /// What to do about it, as a sentence in the imperative without a full stop; nil when nothing helps.
  public let mend: String?

  /// Clauses without full stops, which `description` puts together.
  public init(file: String, place: String? = nil, problem: String, mend: String? = nil) {
    self.file = file
    self.place = place
    self.problem = problem
    self.mend = mend
  }

  /// One line, `FILE: PLACE: PROBLEM. MEND.`, without what is nil.
  public var description: String {
    var text = file
    if let place { text += ": \(place)" }
    text += ": \(problem)."
    if let mend { text += " \(mend)." }
    return text
  }
}
