package import Kitchen

extension State {
  /// Puts the dashboard as it was left in this sweep.
  package mutating func recall(table memory: TableMemory?, soups: [KeptSoup]) {
    if let memory { table.recall(memory) }
    self.set.load(soups)
    for soup in soups { bench.learn(soup.scores, of: soup.blend) }
  }
}
