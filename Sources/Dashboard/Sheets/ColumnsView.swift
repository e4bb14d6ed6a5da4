import Sweeps
import TerminalUI
import Themes

/// Every column with whether it is shown and what its values look like.
struct ColumnsView {
  let state: State
  let selected: Int

  func draw(_ canvas: inout Canvas) {
    let columns = state.table.columns
    let size = canvas.buffer.size
    let rows = max(1, min(columns.count, size.rows - 6))
    let inside = canvas.dialog(
      title: "Columns", columns: min(56, size.columns - 6), rows: rows,
      note: "\(columns.count - state.table.hiddenColumns.count) of \(columns.count) shown")
    let first = min(max(0, selected - rows / 2), max(0, columns.count - rows))
    for row in 0..<rows {
      let column = columns[first + row]
      canvas.write(
        line(column, inside.columns, canvas.theme.glyphs), in: inside, row: row, column: 1,
        isSelected: first + row == selected)
      canvas.offer(first + row, in: inside, row: row)
    }
    canvas.sheetScrollBar(inside, first: first, rows: rows, count: columns.count)
  }

  private func line(_ column: Column, _ width: Int, _ glyphs: Glyphs) -> SheetLine {
    let isHidden = state.table.hiddenColumns.contains(column)
    let sort = state.table.sort
    let arrow =
      sort.column == column
      ? String(sort.isAscending ? glyphs.sortAscending : glyphs.sortDescending) : " "
    let title = TextWidth.elide(column.title, to: 20).rightPadded(to: 20)
    return SheetLine([
      (isHidden ? "  " : "\(glyphs.tick) ", .success),
      ("\(title) \(arrow) ", isHidden ? .muted : .text), (values(of: column), .muted),
    ])
  }

  /// From the least to the greatest, or a few of its texts.
  private func values(of column: Column) -> String {
    let names = state.table.ingredients.prefix(2_000).map(\.name)
    let values = names.map { state.table.value(of: $0, in: column) }
    let numbers = values.compactMap(\.number).filter(\.isFinite)
    func text(_ number: Double) -> String {
      IngredientTable.text(of: .number(number), in: column, state.table.notations[column])
    }
    if let least = numbers.min(), let most = numbers.max() {
      return least == most ? text(least) : "\(text(least)) … \(text(most))"
    }
    var texts: [String] = []
    for case .text(let text) in values where !texts.contains(text) && texts.count < 3 {
      texts.append(text)
    }
    return texts.isEmpty ? "nothing" : texts.joined(separator: ", ")
  }
}
