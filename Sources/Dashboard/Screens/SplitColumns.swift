import TerminalUI

/// Columns of accuracies, one a split: as many as there is room for, as wide as their names where
/// that leaves none out.
struct SplitColumns {
  private static let least = 8
  /// What the number of splits that are left out takes.
  private static let tailColumns = 4

  let splits: [String]
  let width: Int
  /// How many splits there is no room for, behind the columns; empty for none.
  let tail: String

  init(_ splits: [String], room: Int) {
    let isWhole = splits.count * Self.least <= room
    let room = isWhole ? room : room - Self.tailColumns
    let shown = isWhole ? splits.count : min(splits.count, max(1, room / Self.least))
    self.splits = Array(splits.prefix(shown))
    let names = splits.map { TextWidth.columns(of: SplitName.short($0)) }
    width = max(Self.least, min((names.max() ?? 0) + 2, room / max(1, shown)))
    let hidden = splits.count - shown
    tail = hidden > 0 ? "+\(hidden)".leftPadded(to: Self.tailColumns) : ""
  }

  /// The names over the columns, each ending with its column.
  var header: String {
    // Splits of one family begin alike: their ends tell them apart.
    splits.map {
      TextWidth.elide(SplitName.short($0), to: width - 1, .middle).leftPadded(to: width)
    }.joined() + tail
  }
}
