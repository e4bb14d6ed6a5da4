package import Themes

/// A list of keys and what they do, in sections.
package struct HelpSheet: Sendable {
  /// Keys that belong together.
  package struct Section: Hashable, Sendable {
    /// What they have in common.
    package var title: String
    /// The names of keys, and what they do.
    package var entries: [Entry]

    /// Keys that belong together.
    package init(_ title: String, _ entries: [Entry]) {
      self.title = title
      self.entries = entries
    }
  }

  /// Keys that do the same.
  package struct Entry: Hashable, Sendable {
    /// The names of the keys.
    package var keys: String
    /// What they do.
    package var label: String
    /// Words that it is found by besides.
    package var otherWords: String

    /// Keys that do the same.
    package init(_ keys: String, _ label: String, otherWords: String = "") {
      self.keys = keys
      self.label = label
      self.otherWords = otherWords
    }
  }

  /// How a sheet looks.
  package struct Look: Hashable, Sendable {
    /// The titles of sections, the keys, and what they do.
    package var title, key, label: Style
    /// The scroll bar.
    package var thumb, track: Style

    /// How a sheet looks.
    package init(title: Style, key: Style, label: Style, thumb: Style, track: Style) {
      self.title = title
      self.key = key
      self.label = label
      self.thumb = thumb
      self.track = track
    }
  }

  /// The sections, in order.
  package var sections: [Section]
  /// Only entries with these words are shown.
  package var filter: TextFilter

  /// A list of keys and what they do.
  package init(sections: [Section], filter: TextFilter = TextFilter("")) {
    self.sections = sections
    self.filter = filter
  }

  private enum Line {
    case blank
    case title(String)
    case entry(Entry)
  }

  private var shownSections: [Section] {
    sections.compactMap { section in
      if filter.isEmpty { return section.entries.isEmpty ? nil : section }
      let entries = section.entries.filter {
        filter.matches(in: "\($0.keys) \($0.label) \(section.title) \($0.otherWords)") != nil
      }
      return entries.isEmpty ? nil : Section(section.title, entries)
    }
  }

  /// Whether no entry has the words.
  package var isEmpty: Bool { shownSections.isEmpty }

  private static let gap = 3
  /// Two columns below this would elide most of what they say.
  private static let leastForTwo = 100

  /// The columns of a screen that the whole sheet, unfiltered, makes use of, at most `room`.
  package func columns(within room: Int) -> Int {
    let entries = sections.flatMap(\.entries)
    let keys = entries.map { TextWidth.columns(of: $0.keys) }.max() ?? 0
    let labels = entries.map { TextWidth.columns(of: $0.label) }.max() ?? 0
    let one = keys + 2 + labels
    let scrollBar = 2
    return room >= Self.leastForTwo
      ? min(room, max(2 * one + Self.gap + scrollBar, Self.leastForTwo))
      : min(room, one + scrollBar)
  }

  /// The first row that is shown when the sheet is scrolled to its end.
  package func lastFirst(in room: Size) -> Int {
    max(0, Self.height(arranged(in: room.columns)) - room.rows)
  }

  /// Draws the sheet in two columns where there is room, else in one.
  /// - Parameter first: the first row shown, at most the last of use.
  package func render(
    into buffer: inout CellBuffer, rect: Rect, first: Int = 0, look: Look,
    glyphs: Glyphs = .unicodeSet
  ) {
    guard !rect.isEmpty else { return }
    let columns = arranged(in: rect.columns)
    let height = Self.height(columns)
    let lastFirst = max(0, height - rect.rows)
    let start = min(max(0, first), lastFirst)
    let areas = rect.inset(right: lastFirst > 0 ? 2 : 0).split(
      .horizontal, columns.map { _ in .fill(1) }, gap: Self.gap)
    let keys =
      shownSections.flatMap(\.entries).map { TextWidth.columns(of: $0.keys) }.max() ?? 0
    for (lines, area) in zip(columns, areas) {
      let keyColumns = min(keys, area.columns / 2)
      for (row, line) in lines.dropFirst(start).prefix(rect.rows).enumerated() {
        render(
          line, into: &buffer, at: Point(column: area.left, row: area.top + row),
          columns: area.columns, keyColumns: keyColumns, look)
      }
    }
    Scrollbar.render(
      into: &buffer,
      rect: Rect(column: rect.right - 1, row: rect.top, columns: 1, rows: rect.rows),
      first: start, visible: rect.rows, count: height, thumbStyle: look.thumb,
      trackStyle: look.track, glyphs: glyphs)
  }

  private func arranged(in columns: Int) -> [[Line]] {
    Self.arranged(shownSections, in: columns >= Self.leastForTwo ? 2 : 1)
  }

  private static func height(_ columns: [[Line]]) -> Int { columns.map(\.count).max() ?? 0 }

  /// Puts whole sections into columns, so that the longest column is as short as can be without
  /// changing their order.
  private static func arranged(_ sections: [Section], in count: Int) -> [[Line]] {
    let blocks = sections.map { section in
      [.title(section.title)] + section.entries.map { Line.entry($0) } + [.blank]
    }
    func joined(_ part: ArraySlice<[Line]>) -> [Line] { Array(part.joined().dropLast()) }
    guard count == 2, blocks.count > 1 else { return [joined(blocks[...])] }
    let cuts = (1..<blocks.count).map { ($0, joined(blocks[..<$0]), joined(blocks[$0...])) }
    let best = cuts.min { max($0.1.count, $0.2.count) < max($1.1.count, $1.2.count) }
    return best.map { [$0.1, $0.2] } ?? [joined(blocks[...])]
  }

  private func render(
    _ line: Line, into buffer: inout CellBuffer, at point: Point, columns: Int, keyColumns: Int,
    _ look: Look
  ) {
    switch line {
    case .blank: break
    case .title(let title):
      buffer.write(title, at: point, style: look.title, maxColumns: columns)
    case .entry(let entry):
      buffer.write(entry.keys, at: point, style: look.key, maxColumns: keyColumns)
      buffer.write(
        entry.label, at: Point(column: point.column + keyColumns + 2, row: point.row),
        style: look.label, maxColumns: max(0, columns - keyColumns - 2))
    }
  }
}
