import TerminalUI
import Testing

@Suite struct LayoutTests {
  @Test func partsCoverTheWholeExactlyWhenOneFills() {
    var random = Seeded(1)
    for _ in 0..<3_000 {
      let rect = Rect(
        column: .random(in: -5...20, using: &random), row: .random(in: -5...20, using: &random),
        columns: .random(in: 0...300, using: &random), rows: .random(in: 0...100, using: &random))
      let axis: Axis = .random(in: 0...1, using: &random) == 0 ? .horizontal : .vertical
      let gap = Int.random(in: 0...3, using: &random)
      let extents: [Extent] = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        switch Int.random(in: 0...2, using: &random) {
        case 0: .fixed(.random(in: -3...80, using: &random))
        case 1: .bounded(.random(in: -0.2...1.2, using: &random), in: 5...40)
        default: .fill(.random(in: 0...4, using: &random))
        }
      }
      let parts = rect.split(axis, extents, gap: gap)
      #expect(parts.count == extents.count)
      let whole = axis == .horizontal ? rect.columns : rect.rows
      var end = axis == .horizontal ? rect.left : rect.top
      var sum = 0
      for part in parts {
        #expect(rect.contains(part))
        let (start, length) =
          axis == .horizontal ? (part.left, part.columns) : (part.top, part.rows)
        #expect(start >= end)
        #expect(axis == .horizontal ? part.rows == rect.rows : part.columns == rect.columns)
        end = start + length
        sum += length
      }
      let gaps = gap * (extents.count - 1)
      let fills = extents.contains { if case .fill = $0 { true } else { false } }
      if fills, whole > gaps { #expect(sum == whole - gaps) }
    }
  }

  @Test func fixedPartsGetWhatTheyAskFor() {
    let rect = Rect(column: 2, row: 1, columns: 100, rows: 10)
    let parts = rect.split(
      .horizontal, [.fixed(20), .fill(1), .bounded(0.25, in: 0...90), .fill(2)], gap: 1)
    #expect(parts.map(\.columns) == [20, 17, 25, 35])
    #expect(parts.map(\.left) == [2, 23, 41, 67])
  }

  @Test func insetsAndCutsStayInside() {
    var random = Seeded(2)
    for _ in 0..<1_000 {
      let rect = Rect(
        column: 3, row: 4, columns: .random(in: 0...12, using: &random),
        rows: .random(in: 0...12, using: &random))
      let margin = Int.random(in: 0...8, using: &random)
      #expect(rect.contains(rect.inset(by: margin)))
      let cut = rect.cutTop(margin)
      #expect(cut.cut.rows + cut.rest.rows == rect.rows && cut.rest.top == cut.cut.bottom)
      let low = rect.cutBottom(margin)
      #expect(low.cut.rows + low.rest.rows == rect.rows && low.cut.top == low.rest.bottom)
      #expect(rect.contains(rect.centered(Size(columns: margin, rows: margin))))
    }
  }

  @Test func intersectionHoldsExactlyTheCommonCells() {
    var random = Seeded(3)
    func any() -> Rect {
      Rect(
        column: .random(in: 0...6, using: &random), row: .random(in: 0...6, using: &random),
        columns: .random(in: 0...6, using: &random), rows: .random(in: 0...6, using: &random))
    }
    for _ in 0..<300 {
      let (first, second) = (any(), any())
      let common = first.intersection(second)
      for row in 0..<14 {
        for column in 0..<14 {
          let point = Point(column: column, row: row)
          #expect(common.contains(point) == (first.contains(point) && second.contains(point)))
        }
      }
    }
  }

  @Test func viewportKeepsTheCursorVisibleAndMovesLeast() {
    var random = Seeded(4)
    var view = Viewport()
    for _ in 0..<3_000 {
      let count = Int.random(in: 0...60, using: &random)
      let height = Int.random(in: 0...20, using: &random)
      let cursor = count == 0 ? nil : Int.random(in: 0..<count, using: &random)
      let before = view
      view.follow(cursor: cursor, count: count, height: height)
      let visible = view.visible(count: count, height: height)
      #expect(visible.count == min(count, height))
      guard let cursor, height > 0 else { continue }
      #expect(visible.contains(cursor))
      let margin = min(Viewport.margin, (height - 1) / 2)
      #expect(cursor - visible.lowerBound >= margin || visible.lowerBound == 0)
      #expect(visible.upperBound - 1 - cursor >= margin || visible.upperBound == count)
      let kept = before.visible(count: count, height: height)
      let wasFine =
        kept.count == min(count, height) && cursor - kept.lowerBound >= margin
        && kept.upperBound - 1 - cursor >= margin
      if wasFine { #expect(view == before) }
    }
  }

  @Test func theTopmostRegionIsHit() {
    var map = HitMap<String>()
    map.add(Rect(column: 0, row: 0, columns: 10, rows: 10), "below")
    map.add(Rect(column: 2, row: 2, columns: 3, rows: 1), "above")
    map.add(.zero, "empty")
    #expect(map.payload(at: Point(column: 3, row: 2)) == "above")
    #expect(map.payload(at: Point(column: 5, row: 2)) == "below")
    #expect(map.payload(at: Point(column: 10, row: 2)) == nil)
    #expect(map.regions.count == 2)
  }
}
