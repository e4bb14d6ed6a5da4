import Dashboard
import Foundation
import Synchronization

/// Progress over bytes on one line of stderr, at most ten times a second; nothing off a terminal.
final class ByteProgress: Sendable {
  private let isShown: Bool
  private let start = ContinuousClock.now
  private let last = Mutex<ContinuousClock.Instant?>(nil)

  init(isQuiet: Bool) { isShown = !isQuiet && Console.showsProgress }

  /// Called from any thread.
  func show(_ what: String, done: Int, total: Int) {
    guard isShown else { return }
    let now = ContinuousClock.now
    let isDue = last.withLock { last in
      guard last.map({ now - $0 >= .milliseconds(100) }) ?? true else { return false }
      last = now
      return true
    }
    guard isDue else { return }
    let share = total > 0 ? Double(done) / Double(total) : 1
    Console.replaceLine(
      with: ProgressBar(title: "\(what) \(ByteText.of(total))").text(
        share: share, seconds: (now - start) / .seconds(1), ascii: !Console.isUnicode,
        columns: Console.columns))
  }

  /// Takes the line away.
  func clear() {
    if isShown { Console.replaceLine(with: "") }
  }
}

/// Sizes for people.
enum ByteText {
  /// `512 B`, `1.20 MB`: three digits, in powers of a thousand.
  static func of(_ bytes: Int) -> String { Numbers.bytes(bytes) }
}
