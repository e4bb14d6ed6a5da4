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
  func text(share: Double, seconds: Double, ascii: Bool = false) -> String {
    let share = min(1, max(0, share.isFinite ? share : 0))
    let filled = Int((share * Double(Self.width)).rounded(.down))
    let (full, empty) = ascii ? ("#", ".") : ("━", "─")
    let bar =
      String(repeating: full, count: filled)
      + String(repeating: empty, count: Self.width - filled)
    let percent = String(format: "%3d %%", Int(share * 100))
    guard share >= 0.05, share < 1 else { return "\(title) \(bar) \(percent)" }
    let left = Self.time(seconds * (1 - share) / share)
    return "\(title) \(bar) \(percent), \(left) left"
  }

  /// `12 s`, `3 min`, `2.5 h`.
  static func time(_ seconds: Double) -> String {
    if seconds < 99.5 { return String(format: "%.0f s", seconds) }
    if seconds < 5400 { return String(format: "%.0f min", seconds / 60) }
    return String(format: "%.1f h", seconds / 3600)
  }
}

/// Steps of known number: a bar on a terminal, a line for each elsewhere.
final class StepProgress {
  private let isQuiet: Bool
  private let total: Int
  private var done = 0
  private let start = ContinuousClock.now

  init(total: Int, isQuiet: Bool) {
    self.total = total
    self.isQuiet = isQuiet
  }

  /// Says what is being done now; the steps before it are done.
  func begin(_ step: String) {
    defer { done += 1 }
    guard !isQuiet else { return }
    guard Console.showsProgress else {
      Console.error("[\(done + 1)/\(total)] \(step)")
      return
    }
    let seconds = Double((ContinuousClock.now - start).components.seconds)
    let bar = ProgressBar(title: step)
    Console.replaceLine(
      with: bar.text(
        share: Double(done) / Double(max(1, total)), seconds: seconds, ascii: !Console.isUnicode))
  }

  /// Takes the bar away.
  func end() {
    if !isQuiet, Console.showsProgress { Console.replaceLine(with: "") }
  }
}
