/// What has to be sent so that a screen that shows one frame shows another.
package enum FrameDiff {
  /// Neighbouring cells of one row that changed.
  package struct Span: Hashable, Sendable {
    /// The row.
    package var row: Int
    /// The columns from the first to behind the last; never half of a wide character.
    package var columns: Range<Int>
  }

  /// The spans in which two frames of one size differ, from the top left.
  ///
  /// Every changed cell is in one span, and both ends of a span are changed cells, but for the
  /// other half of a wide character. Equal cells within a span are at most `gap`.
  /// - Parameters:
  ///   - old: what is on the screen; nil, or of another size, when that is not known.
  ///   - new: what is to be on it.
  ///   - gap: how many equal cells may be sent to join two spans into one.
  /// - Complexity: O(cells).
  package static func spans(from old: CellBuffer?, to new: CellBuffer, gap: Int = 0) -> [Span] {
    let columns = new.size.columns
    guard columns > 0 else { return [] }
    guard let old, old.size == new.size else {
      return (0..<new.size.rows).map { Span(row: $0, columns: 0..<columns) }
    }
    var spans: [Span] = []
    let clusters = !old.clusters.isEmpty || !new.clusters.isEmpty
    old.cells.withUnsafeBufferPointer { before in
      new.cells.withUnsafeBufferPointer { after in
        for row in 0..<new.size.rows {
          let start = row * columns
          var open: Range<Int>?
          for column in 0..<columns {
            let index = start + column
            if before[index] == after[index],
              !clusters || sameText(before[index], old, after[index], new)
            {
              continue
            }
            if let range = open, column - range.upperBound <= gap {
              open = range.lowerBound..<(column + 1)
            } else {
              if let range = open { spans.append(Span(row: row, columns: range)) }
              open = column..<(column + 1)
            }
          }
          if let range = open { spans.append(Span(row: row, columns: range)) }
        }
      }
    }
    return widen(spans, in: new)
  }

  /// Cells with side tables are equal only when the tables hold the same text for them.
  private static func sameText(
    _ before: Cell, _ old: CellBuffer, _ after: Cell, _ new: CellBuffer
  ) -> Bool {
    guard before.cluster != nil else { return true }
    return old.text(of: before) == new.text(of: after)
  }

  /// Takes in the other half of wide characters at the ends of spans.
  private static func widen(_ spans: [Span], in frame: CellBuffer) -> [Span] {
    var result: [Span] = []
    result.reserveCapacity(spans.count)
    for var span in spans {
      var first = span.columns.lowerBound
      var end = span.columns.upperBound
      if frame[first, span.row].isContinuation, first > 0 { first -= 1 }
      if end < frame.size.columns, frame[end, span.row].isContinuation { end += 1 }
      if let last = result.last, last.row == span.row, last.columns.upperBound >= first {
        first = last.columns.lowerBound
        result.removeLast()
      }
      span.columns = first..<end
      result.append(span)
    }
    return result
  }
}
