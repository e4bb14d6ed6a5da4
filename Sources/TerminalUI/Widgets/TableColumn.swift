package import Themes

/// One column of a table.
package struct TableColumn: Hashable, Sendable {
  /// How wide a column is.
  package enum Width: Hashable, Sendable {
    /// That many columns of the screen.
    case fixed(Int)
    /// At least `minimum`, and a share of what the others leave, up to `maximum`.
    case flexible(minimum: Int, maximum: Int = .max, weight: Int = 1)
  }

  /// On which side of its column a text stands.
  package enum Alignment: Hashable, Sendable { case left, right, center }

  /// In which order a column sorts the table.
  package enum Order: Hashable, Sendable { case ascending, descending }

  /// What the header says.
  package var title: String
  /// How wide it is.
  package var width: Width
  /// On which side its texts stand.
  package var alignment: Alignment
  /// What is done with texts that are too long.
  package var elision: Elision
  /// Columns with higher numbers are left out first when there is no room; 0 is never left out.
  package var priority: Int
  /// How the table is sorted by this column; nil when it is sorted by another.
  package var order: Order?

  /// One column of a table.
  package init(
    _ title: String, width: Width, alignment: Alignment = .left, elision: Elision = .tail,
    priority: Int = 0, order: Order? = nil
  ) {
    self.title = title
    self.width = width
    self.alignment = alignment
    self.elision = elision
    self.priority = priority
    self.order = order
  }

  var minimum: Int {
    switch width {
    case .fixed(let columns): max(0, columns)
    case .flexible(let minimum, _, _): max(0, minimum)
    }
  }

  /// Where each column goes: nil for those left out.
  ///
  /// Columns are left out, those of the highest priority number first and of equals the last
  /// first, until the rest fit at their least width. What remains goes to the flexible ones.
  /// - Parameters:
  ///   - columns: the columns of the table.
  ///   - available: columns of the screen.
  ///   - gap: columns of the screen between two columns of the table.
  /// - Returns: for each column its first column of the screen and its width.
  package static func layout(
    _ columns: [TableColumn], in available: Int, gap: Int
  ) -> [Range<Int>?] {
    var kept = Array(columns.indices)
    func least() -> Int {
      kept.reduce(0) { $0 + columns[$1].minimum } + gap * max(0, kept.count - 1)
    }
    while least() > available {
      let droppable = kept.filter { columns[$0].priority > 0 }
      guard
        let dropped = droppable.max(by: { columns[$0].priority <= columns[$1].priority })
      else { break }
      kept.removeAll { $0 == dropped }
    }

    var widths = columns.map(\.minimum)
    var rest = max(0, available - least())
    var growing = kept
    while rest > 0 {
      growing = growing.filter { index in
        guard case .flexible(_, let maximum, _) = columns[index].width else { return false }
        return widths[index] < maximum
      }
      guard !growing.isEmpty else { break }
      var weights = growing.reduce(0) { $0 + columns[$1].weight }
      var left = rest
      for index in growing {
        guard case .flexible(_, let maximum, _) = columns[index].width else { continue }
        let share = left * columns[index].weight / weights
        weights -= columns[index].weight
        left -= share
        let grown = min(share, maximum - widths[index])
        widths[index] += grown
        rest -= grown
      }
    }

    var result = [Range<Int>?](repeating: nil, count: columns.count)
    var start = 0
    for index in kept {
      guard start < available else { break }
      result[index] = start..<min(available, start + widths[index])
      start += widths[index] + gap
    }
    return result
  }

  private var weight: Int {
    guard case .flexible(_, _, let weight) = width else { return 0 }
    return max(1, weight)
  }
}

/// One text in a row of a table.
package struct TableCell: Hashable, Sendable {
  /// What it says.
  package var text: String
  /// How it looks; as the row does when nil.
  package var style: Style?
  /// The share of the cell to underlay with a bar, 0 to 1; nil for none.
  package var bar: Double?

  /// One text in a row of a table.
  package init(_ text: String, style: Style? = nil, bar: Double? = nil) {
    self.text = text
    self.style = style
    self.bar = bar
  }
}

/// One row of a table.
package struct TableRow: Hashable, Sendable {
  /// A text for each column.
  package var cells: [TableCell]
  /// The sign before the first column, such as that of a marked row.
  package var mark: Unicode.Scalar?
  /// How the sign looks; as the row does when nil.
  package var markStyle: Style?
  /// How the row looks; as the table does when nil.
  package var style: Style?

  /// One row of a table.
  package init(
    _ cells: [TableCell], mark: Unicode.Scalar? = nil, markStyle: Style? = nil,
    style: Style? = nil
  ) {
    self.cells = cells
    self.mark = mark
    self.markStyle = markStyle
    self.style = style
  }
}
