package import Checkpoints

/// What opening a sweep understood, guessed or left out; never a reason not to open it.
package struct Note: Hashable, Sendable, CustomStringConvertible {
  package enum Severity: String, Sendable {
    /// How something was understood.
    case info
    /// Something that the person very likely meant otherwise.
    case warning
  }

  package let severity: Severity
  /// Absolute path of the file or folder.
  package let file: String
  /// The place in it; nil for the whole.
  package let place: String?
  package let message: String
  /// What to do about it, as a sentence in the imperative without a full stop.
  package let mend: String?

  package init(
    _ severity: Severity, file: String, place: String? = nil, _ message: String,
    mend: String? = nil
  ) {
    self.severity = severity
    self.file = file
    self.place = place
    self.message = message
    self.mend = mend
  }

  /// An error that opening goes on after.
  package init(_ error: InputError) {
    self.init(
      .warning, file: error.file, place: error.place, error.problem, mend: error.mend)
  }

  /// One line: the file, the place, the message and the mend.
  package var description: String {
    InputError(file: file, place: place, problem: message, mend: mend).description
  }
}
