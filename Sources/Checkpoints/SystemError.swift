import Glibc

/// What the system said about a file, in a person's words.
enum SystemError {
  /// The error for a call on `file` that failed with `code`.
  ///
  /// - Parameter action: what was tried, as in `cannot be ACTION`: `read`, `written`.
  static func inputError(_ code: Int32, file: String, action: String) -> InputError {
    switch code {
    case ENOENT:
      return InputError(file: file, problem: "there is no such file", mend: "Check the path")
    case ENOTDIR:
      return InputError(
        file: file, problem: "a part of this path is not a folder", mend: "Check the path")
    case EACCES, EPERM:
      return InputError(
        file: file, problem: "cannot be \(action): permission denied",
        mend: "Change its permissions, or run as a user who has them")
    case ENOSPC, EDQUOT:
      return InputError(
        file: file, problem: "cannot be \(action): no space is left",
        mend: "Free some space, or choose another place")
    case EROFS:
      return InputError(
        file: file, problem: "cannot be \(action): the file system is read-only",
        mend: "Choose another place")
    case EMFILE, ENFILE:
      return InputError(
        file: file, problem: "cannot be \(action): too many files are open",
        mend: "Raise the limit with ulimit -n")
    case ENOMEM:
      return InputError(
        file: file, problem: "cannot be \(action): not enough address space or memory",
        mend: "Raise the limit with ulimit -v")
    default:
      let reason = String(cString: strerror(code))
      return InputError(file: file, problem: "cannot be \(action): \(reason)", mend: nil)
    }
  }
}
