/// Which rows of a long list are on the screen.
package struct Viewport: Hashable, Sendable {
  /// The rows that stay visible beyond the cursor, where there are any.
  package static let margin = 2

  /// The first row shown.
  package var first: Int

  /// A view that starts at a row.
  package init(first: Int = 0) { self.first = first }

  /// Moves no further than it must for the cursor to be seen, with a margin around it.
  /// - Parameters:
  ///   - cursor: the row to be seen; nil to only stay within the list.
  ///   - count: the rows of the list.
  ///   - height: the rows that fit on the screen.
  package mutating func follow(cursor: Int?, count: Int, height: Int) {
    if let cursor, height > 0 {
      let margin = min(Self.margin, (height - 1) / 2)
      first = min(first, cursor - margin)
      first = max(first, cursor + margin + 1 - height)
    }
    clamp(count: count, height: height)
  }

  /// Stays within the list.
  package mutating func clamp(count: Int, height: Int) {
    first = max(0, min(first, count - max(0, height)))
  }

  /// The rows shown.
  package func visible(count: Int, height: Int) -> Range<Int> {
    let start = max(0, min(first, count))
    return start..<max(start, min(count, start + max(0, height)))
  }
}
