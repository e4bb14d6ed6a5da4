import Sweeps

extension State {
  /// Says what a person should know of the sweep before anything is done: what was not understood of
  /// it, and how to go on where nothing is measured.
  package mutating func greet() {
    for note in sweep.notes where note.severity == .warning {
      log.add("\(note)", .notice, at: now)
    }
    guard table.best == nil, table.mixable > 0, sweep.evaluator != nil else { return }
    log.add("nothing is measured yet: R › best measures every ingredient", .notice, at: now)
  }
}
