/// The names of levels across a plot.
extension Renderer {
  private struct Level {
    let value: Double
    let label: String
    let paint: Paint
    let row: Int
  }

  /// Names levels at an end of their lines, from the highest down, so that the names stand in the
  /// order of the values.
  mutating func drawLevelLabels() {
    let levels = scene.layers.compactMap { layer -> Level? in
      guard case .level(let value, let label, let paint) = layer, scene.y.shows(value),
        y.bounds.contains(value)
      else { return nil }
      return Level(value: value, label: label, paint: paint, row: row(ofY: value))
    }
    var highest = layout.plotRows.lowerBound
    let named = levels.filter { !$0.label.isEmpty }.sorted { $0.value > $1.value }
    for (place, level) in named.enumerated() {
      let lines = levels.filter { $0.row == level.row }.map(\.paint)
      // Below its line a name would take the place of the next one's.
      let isCrowded = named.dropFirst(place + 1).contains { $0.row <= level.row + 1 }
      let rows =
        isCrowded
        ? [level.row - 1, level.row, level.row + 1] : [level.row - 1, level.row + 1, level.row]
      let free = rows.filter { layout.plotRows.contains($0) && $0 >= highest }
      if let row = draw(level, in: free, over: lines) { highest = row }
    }
  }

  /// In the first of some rows in which nothing else is drawn; at the right, else at the left.
  /// - Returns: the row of the name; nil where there is no room for it.
  private mutating func draw(_ level: Level, in rows: [Int], over lines: [Paint]) -> Int? {
    let width = level.label.count
    let right = layout.plotColumns.upperBound - width - 1
    let left = layout.plotColumns.lowerBound + 1
    guard right > left else { return nil }
    for column in [right, left] {
      for row in rows {
        let room = column - 1..<column + width + 1
        let isFree =
          row == level.row
          ? room.allSatisfy { mayGiveWay(frame[$0, row], toLabelOn: lines) }
          : frame.isFree(room, row: row)
        guard isFree else { continue }
        for (offset, glyph) in (" " + level.label + " ").cells.enumerated() {
          overlay(glyph, level.paint, at: column - 1 + offset, row)
        }
        return row
      }
    }
    return nil
  }

  /// A name on its own line covers that line, and the edges of intervals, but no data.
  private func mayGiveWay(_ cell: ChartCell, toLabelOn lines: [Paint]) -> Bool {
    switch cell.paint {
    case .band, .faint: true
    default: cell.isFree || lines.contains(cell.paint)
    }
  }
}
