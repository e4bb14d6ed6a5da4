import TerminalUI

/// Columns of accuracies, one a split: as many as there is room for, as wide as their names where
/// that leaves none out.
struct SplitColumns {
  private static let least = 8

  let splits: [String]
  let width: Int

  init(_ splits: [String], room: Int) {
    self.splits = Array(splits.prefix(max(1, room / Self.least)))
    let names = splits.map { TextWidth.columns(of: SplitName.short($0)) }
    width = max(Self.least, min((names.max() ?? 0) + 2, room / max(1, splits.count)))
  }

  /// The names over the columns, each ending with its column.
  var header: String {
    splits.map { TextWidth.elide(SplitName.short($0), to: width - 1).leftPadded(to: width) }
      .joined()
  }
}
