import Synchronization

/// Steps of known number on stderr: a bar with the time that is left on a terminal, a line for each
/// elsewhere.
final class StepProgress: Sendable {
  private let isQuiet: Bool
  /// When the first of these steps began.
  private let start = Mutex(ContinuousClock.now)

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  /// Says what is being done now, after `done` of `total` steps; the first starts the clock.
  ///
  /// - Parameter isNews: whether it is worth a line where there is no bar.
  func show(_ step: String, done: Int, of total: Int, isNews: Bool = true) {
    guard !isQuiet else { return }
    let title = "[\(done + 1)/\(total)] \(step)"
    guard Console.showsProgress else {
      if isNews { Console.error(title) }
      return
    }
    let now = ContinuousClock.now
    let elapsed = start.withLock { start in
      if done == 0 { start = now }
      return now - start
    }
    Console.replaceLine(
      with: ProgressBar(title: title).text(
        share: Double(done) / Double(max(1, total)), seconds: elapsed / .seconds(1),
        ascii: !Console.isUnicode, columns: Console.columns))
  }

  /// Says something that stays, in the place of the bar.
  func say(_ text: String) {
    if !isQuiet { Console.error(text) }
  }

  /// Takes the bar away.
  func end() {
    if !isQuiet, Console.showsProgress { Console.replaceLine(with: "") }
  }
}
