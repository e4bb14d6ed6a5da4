/// How much of a split rectangle one part asks for.
package enum Extent: Hashable, Sendable {
  /// That many cells.
  case fixed(Int)
  /// A share of the whole, between 0 and 1, that stays within bounds, in cells.
  case bounded(Double, in: ClosedRange<Int>)
  /// What the others leave, in proportion to a weight greater than zero.
  case fill(Int)
}

extension Rect {
  /// Cuts the rectangle into parts that lie side by side or one above another.
  ///
  /// Fixed and proportional parts are served first, in order, and cut short where the space ends.
  /// The `.fill` parts then share the rest exactly: together with the gaps the parts cover the
  /// whole rectangle whenever one of them is `.fill`. Parts never overlap and never lie outside.
  /// - Parameters:
  ///   - axis: `.horizontal` puts the parts side by side, `.vertical` one above another.
  ///   - extents: what each part asks for.
  ///   - gap: empty cells between neighbours.
  /// - Returns: as many rectangles as extents, some of which may be empty.
  /// - Complexity: O(number of parts).
  package func split(_ axis: Axis, _ extents: [Extent], gap: Int = 0) -> [Rect] {
    guard !extents.isEmpty else { return [] }
    let whole = axis == .horizontal ? columns : rows
    let gaps = min(whole, max(0, gap) * (extents.count - 1))
    let lengths = Self.lengths(of: extents, in: whole - gaps, fractionsOf: whole)

    var parts: [Rect] = []
    parts.reserveCapacity(extents.count)
    var start = axis == .horizontal ? left : top
    let end = axis == .horizontal ? right : bottom
    for length in lengths {
      let first = min(start, end)
      let taken = min(length, end - first)
      switch axis {
      case .horizontal:
        parts.append(Rect(column: first, row: top, columns: taken, rows: rows))
      case .vertical:
        parts.append(Rect(column: left, row: first, columns: columns, rows: taken))
      }
      start = first + taken + max(0, gap)
    }
    return parts
  }

  private static func lengths(
    of extents: [Extent], in available: Int, fractionsOf whole: Int
  ) -> [Int] {
    var lengths = [Int](repeating: 0, count: extents.count)
    var rest = available
    for (index, extent) in extents.enumerated() {
      let wanted: Int
      switch extent {
      case .fixed(let cells): wanted = cells
      case .bounded(let share, let bounds):
        wanted = min(max(cells(of: share, in: whole), bounds.lowerBound), bounds.upperBound)
      case .fill: continue
      }
      lengths[index] = min(max(0, wanted), rest)
      rest -= lengths[index]
    }

    var weights = 0
    for case .fill(let weight) in extents { weights += max(1, weight) }
    for (index, extent) in extents.enumerated() {
      guard case .fill(let weight) = extent else { continue }
      // Dividing what is left by the weights that are left hands out every cell exactly once.
      lengths[index] = rest * max(1, weight) / weights
      rest -= lengths[index]
      weights -= max(1, weight)
    }
    return lengths
  }

  private static func cells(of share: Double, in whole: Int) -> Int {
    guard share.isFinite else { return 0 }
    return Int((min(max(share, 0), 1) * Double(whole)).rounded())
  }
}
