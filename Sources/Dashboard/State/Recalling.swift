package import Kitchen

extension State {
  /// How the table and the scatter plot stand, to be found so again.
  package var tableMemory: TableMemory {
    var memory = table.memory
    (memory.scatterX, memory.scatterY) = (plot.axes.x?.key, plot.axes.y?.key)
    return memory
  }

  /// Puts the dashboard as it was left in this sweep.
  package mutating func recall(table memory: TableMemory?, soups: [KeptSoup]) {
    if let memory {
      table.recall(memory)
      plot.axes = ScatterAxes(x: memory.scatterX, y: memory.scatterY, in: table)
    }
    self.set.load(soups)
    for soup in soups { bench.learn(soup.scores, of: soup.blend) }
  }
}
