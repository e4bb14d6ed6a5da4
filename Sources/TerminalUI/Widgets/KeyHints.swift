package import Themes

/// The keys that are of use now, in one row.
package enum KeyHints {
  /// One key and what it does.
  package struct Hint: Hashable, Sendable {
    /// The key's name.
    package var key: String
    /// What it does, in a word or two.
    package var label: String

    /// One key and what it does.
    package init(_ key: String, _ label: String) {
      self.key = key
      self.label = label
    }
  }

  /// How hints look.
  package struct Look: Hashable, Sendable {
    /// The name of the key, and what it does.
    package var key, label: Style

    /// How hints look.
    package init(key: Style, label: Style) {
      self.key = key
      self.label = label
    }
  }

  /// Draws along the first row of a rectangle as many hints as fit whole, the first ones first.
  /// - Returns: where each hint is; its number is its place in `hints`.
  @discardableResult
  package static func render(
    into buffer: inout CellBuffer, rect: Rect, hints: [Hint], look: Look
  ) -> HitMap<Int> {
    var hits = HitMap<Int>()
    guard !rect.isEmpty else { return hits }
    var column = rect.left
    for (index, hint) in hints.enumerated() {
      let start = index == 0 ? column : column + 2
      let keyColumns = TextWidth.columns(of: hint.key)
      let columns = keyColumns + 1 + TextWidth.columns(of: hint.label)
      guard start + columns <= rect.right else { break }
      buffer.write(hint.key, at: Point(column: start, row: rect.top), style: look.key)
      buffer.write(
        hint.label, at: Point(column: start + keyColumns + 1, row: rect.top), style: look.label)
      hits.add(Rect(column: start, row: rect.top, columns: columns, rows: 1), index)
      column = start + columns
    }
    return hits
  }
}
