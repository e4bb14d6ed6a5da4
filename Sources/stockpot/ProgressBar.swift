import Foundation

/// How far something is, as one line: a bar, the share done, and the time that is left.
struct ProgressBar: Sendable {
  private static let width = 24

  /// What is being done.
  let title: String

  /// `reading ━━━━━━──────  50 %, 12 s left`; the time is said once a twentieth is done.
  ///
  /// - Parameters:
  ///   - share: 0 to 1.
  ///   - seconds: since the beginning.
  ///   - ascii: whether the terminal has no other characters.
  ///   - columns: the terminal's width: a longer title is cut, so that the line never wraps.
  func text(
    share: Double, seconds: Double, ascii: Bool = false, columns: Int = 80
  ) -> String {
    let share = min(1, max(0, share.isFinite ? share : 0))
    let filled = Int((share * Double(Self.width)).rounded(.down))
    let (full, empty) = ascii ? ("#", ".") : ("━", "─")
    let bar =
      String(repeating: full, count: filled)
      + String(repeating: empty, count: Self.width - filled)
    let percent = String(format: "%3d %%", Int(share * 100))
    var ending = " \(bar) \(percent)"
    if share >= 0.05, share < 1 {
      ending += ", \(Self.time(seconds * (1 - share) / share)) left"
    }
    let room = max(0, columns - 1 - ending.count)
    return (title.count > room ? title.prefix(max(0, room - 1)) + "…" : title) + ending
  }

  /// `12 s`, `3 min`, `2.5 h`.
  static func time(_ seconds: Double) -> String {
    if seconds < 99.5 { return String(format: "%.0f s", seconds) }
    if seconds < 5400 { return String(format: "%.0f min", seconds / 60) }
    return String(format: "%.1f h", seconds / 3600)
  }
}
