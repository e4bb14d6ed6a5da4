import OrderedCollections

/// What a run's numbers are, by the names that trackers and libraries give them.
enum RunMetrics {
  /// Values under the names of accuracies and losses, and the names of numbers that are neither.
  ///
  /// `best_val_acc` counts as `val_acc` where there is none, and `val_acc_epoch`, as Lightning writes
  /// it, too. What was measured on training data is left out in silence.
  static func understood(
    _ metrics: TrackedRun.Columns
  ) -> (metrics: TrackedRun.Columns, rest: [String]) {
    var understood: TrackedRun.Columns = [:]
    var rest: [String] = []
    for (name, value) in metrics where value.number != nil {
      guard case .metric(let split, _) = ResultColumn(plain(name)) else {
        if !isBookkeeping(name) { rest.append(name) }
        continue
      }
      if ResultColumn.isTraining(split) { continue }
      if plain(name) == name || understood[plain(name)] == nil { understood[plain(name)] = value }
    }
    return (understood, rest)
  }

  /// A metric's name without what says only when it was taken.
  static func plain(_ name: String) -> String {
    var plain = Substring(name)
    if plain.hasSuffix("_epoch") { plain = plain.dropLast("_epoch".count) }
    for word in ["best_", "best/", "best-"] where plain.lowercased().hasPrefix(word) {
      plain = plain.dropFirst(word.count)
    }
    return String(plain)
  }

  /// Numbers that no one reads as a measure: steps, times, rates.
  private static func isBookkeeping(_ name: String) -> Bool {
    let key = name.lowercased()
    return key.hasPrefix("_") || key.hasPrefix("train")
      || ["epoch", "step", "lr", "global_step", "loss", "grad_norm", "learning_rate"].contains(key)
      || ["runtime", "per_second", "_step", "total_flos", "samples"].contains(where: key.contains)
  }
}
