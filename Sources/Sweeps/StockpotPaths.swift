import Checkpoints
import Crypto
import Foundation

/// Where Stockpot keeps things that belong to no sweep: the XDG base directories.
///
/// A variable of the specification counts only when it is an absolute path.
package struct StockpotPaths: Hashable, Sendable {
  /// Overrides of settings, and themes.
  package let config: String
  /// Journals of the program, and ledgers of sweeps whose folders cannot be written to.
  package let state: String
  /// The demo sweep, and what `setup` installs.
  package let data: String
  /// What can be made again.
  package let cache: String

  /// - Parameters:
  ///   - environment: the process's, as a dictionary.
  ///   - home: the person's folder when `HOME` is not set.
  package init(environment: [String: String], home: String = NSHomeDirectory()) {
    let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home
    func folder(_ variable: String, _ standard: String) -> String {
      let base = environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
      return absolutePath((base ?? "\(home)/\(standard)") + "/stockpot", in: "/")
    }
    config = folder("XDG_CONFIG_HOME", ".config")
    state = folder("XDG_STATE_HOME", ".local/state")
    data = folder("XDG_DATA_HOME", ".local/share")
    cache = folder("XDG_CACHE_HOME", ".cache")
  }

  /// The folder of a sweep's ledger: `.stockpot` in it, or one under `state` when the sweep's folder
  /// is not to be written to.
  ///
  /// A folder without any permission to write counts as read-only for the superuser too. Nothing is
  /// created here. The fallback is `sweeps/NAME-HASH`, the hash being of the sweep's absolute path.
  package func workFolder(ofSweepAt directory: String) -> String {
    let beside = directory + "/.stockpot"
    if isWritable(isThere(beside) ? beside : directory) { return beside }
    let digest = SHA256.hash(data: Array(directory.utf8)).prefix(6)
    let hash = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return "\(state)/sweeps/\(lastComponent(of: directory))-\(hash)"
  }
}

private func isWritable(_ folder: String) -> Bool {
  var status = stat()
  guard stat(folder, &status) == 0, status.st_mode & 0o222 != 0 else { return false }
  return access(folder, W_OK | X_OK) == 0
}
