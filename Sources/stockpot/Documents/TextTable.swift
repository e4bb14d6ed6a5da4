import Dashboard
import TerminalUI

/// Rows of text in aligned columns, as commands print them.
struct TextTable {
  /// On which side of its column a cell stands.
  enum Side { case left, right }

  private let sides: [Side]
  private var rows: [[String]]

  /// - Parameter columns: titles and sides.
  init(_ columns: [(title: String, side: Side)]) {
    sides = columns.map(\.side)
    rows = [columns.map(\.title)]
  }

  /// Adds a row; what a terminal would obey instead of showing is left out.
  mutating func add(_ cells: [String]) { rows.append(cells.map(TextWidth.sanitize)) }

  /// Lines, the header first, without spaces at their ends.
  var text: String {
    let widths = sides.indices.map { place in
      rows.map { TextWidth.columns(of: $0[place]) }.max() ?? 0
    }
    return rows.map { row in
      let line = row.indices.map { place in
        sides[place] == .left
          ? row[place].rightPadded(to: widths[place]) : row[place].leftPadded(to: widths[place])
      }.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
