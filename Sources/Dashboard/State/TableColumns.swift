package import Kitchen
import TerminalUI

// MARK: - Which columns, in which order

extension IngredientTable {
  /// The columns that are not hidden, in the person's order.
  package var visibleColumns: [Column] { columns.filter { !hiddenColumns.contains($0) } }

  /// Hides a column, or shows it again; the name is never hidden.
  package mutating func toggleColumn(_ column: Column) {
    guard column != .name, columns.contains(column) else { return }
    if hiddenColumns.remove(column) == nil { hiddenColumns.insert(column) }
  }

  /// Moves a column by so many places, stopping at the ends.
  package mutating func moveColumn(_ column: Column, by places: Int) {
    guard let place = columns.firstIndex(of: column) else { return }
    let target = min(max(place + places, 0), columns.count - 1)
    columns.remove(at: place)
    columns.insert(column, at: target)
  }

  /// All columns again, as a sweep that was never opened has them.
  package mutating func resetColumns() {
    columns = standardColumns
    hiddenColumns = []
  }

  /// How the table stands, to be found so again.
  var memory: TableMemory {
    TableMemory(
      columns: columns.map(\.key), hidden: columns.filter(hiddenColumns.contains).map(\.key),
      sort: sort.column.key, isAscending: sort.isAscending)
  }

  /// Puts the table as it was left; columns that have come since stand where a new table has them.
  package mutating func recall(_ memory: TableMemory) {
    let byKey = Dictionary(standardColumns.map { ($0.key, $0) }) { first, _ in first }
    var recalled = memory.columns.compactMap { byKey[$0] }
    for (place, column) in standardColumns.enumerated() where !recalled.contains(column) {
      recalled.insert(column, at: min(place, recalled.count))
    }
    var seen: Set<Column> = []
    columns = recalled.filter { seen.insert($0).inserted }
    hiddenColumns = Set(memory.hidden.compactMap { byKey[$0] }.filter { $0 != .name })
    if let column = byKey[memory.sort] {
      setSort(Sort(column: column, isAscending: memory.isAscending), members: [])
    }
  }

  /// How wide each column's texts are, by a sample, and how those with numbers only write them.
  static func extents(
    of columns: [Column], in store: ColumnStore
  ) -> (columns: [Column: Int], notations: [Column: NumberNotation]) {
    var widths: [Column: Int] = [:]
    var notations: [Column: NumberNotation] = [:]
    for column in columns {
      let values = store[column]
      let step = max(1, values.count / sampleSize)
      let sample = stride(from: 0, to: values.count, by: step).map { values[$0] }
      if column != .name, sample.allSatisfy(\.isNumberOrMissing) {
        notations[column] = NumberNotation(for: sample.lazy.compactMap(\.number))
      }
      let notation = notations[column]
      widths[column] =
        sample.map { TextWidth.columns(of: Self.text(of: $0, in: column, notation)) }.max() ?? 0
    }
    return (widths, notations)
  }

  private static var sampleSize: Int { 256 }
}

extension ColumnValue {
  fileprivate var isNumberOrMissing: Bool {
    if case .text = self { false } else { true }
  }
}
