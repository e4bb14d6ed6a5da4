import Testing
import Themes

@testable import TerminalUI

@Suite struct CellBufferTests {
  @Test func aCellIsSmall() {
    #expect(MemoryLayout<Cell>.stride == 16)
  }

  @Test func everyMixOfDrawingIsShowable() {
    var random = Seeded(6)
    for _ in 0..<400 {
      let size = Size(
        columns: .random(in: 0...14, using: &random), rows: .random(in: 0...5, using: &random))
      var buffer = CellBuffer(size: size)
      for _ in 0..<12 { draw(into: &buffer, &random) }
      #expect(isShowable(buffer))
      #expect(!buffer.text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
  }

  private func draw(into buffer: inout CellBuffer, _ random: inout Seeded) {
    let point = Point(
      column: .random(in: -8...16, using: &random), row: .random(in: -1...6, using: &random))
    let rect = Rect(
      column: point.column, row: point.row, columns: .random(in: 0...9, using: &random),
      rows: .random(in: 0...4, using: &random))
    let text = hardTexts.randomElement(using: &random) ?? ""
    let style = Style.number(.random(in: 0...9, using: &random))
    switch Int.random(in: 0...6, using: &random) {
    case 0, 1:
      let most = Bool.random(using: &random) ? Int.random(in: 0...12, using: &random) : nil
      let elision: Elision = [.none, .tail, .middle].randomElement(using: &random) ?? .none
      let used = buffer.write(text, at: point, style: style, maxColumns: most, elide: elision)
      #expect(used >= 0 && used <= most ?? .max)
    case 2: buffer.fill(rect, style: style, glyph: "·")
    case 3: buffer.box(rect, style: style, title: text, note: "中")
    case 4: buffer.restyle(rect) { $0 = $0.adding(.bold) }
    case 5:
      let scalar = text.unicodeScalars.randomElement(using: &random) ?? "x"
      buffer.put(scalar, column: point.column, row: point.row, style: style)
    default:
      var other = CellBuffer(size: rect.size)
      other.write(text, at: Point(column: -1, row: 0), style: style)
      buffer.draw(other, at: point)
    }
  }

  @Test func writingIsClippedOnBothSides() {
    var buffer = CellBuffer(size: Size(columns: 5, rows: 2))
    let used = buffer.write(
      "abcdefghij", at: Point(column: -2, row: 0), style: .plain, elide: .none)
    #expect(used == 7)
    #expect(buffer.row(0) == "cdefg")
    #expect(buffer.write("x", at: Point(column: 0, row: 2), style: .plain) == 0)
    #expect(buffer.write("x", at: Point(column: 5, row: 1), style: .plain) == 0)
    #expect(buffer.write("中中", at: Point(column: -1, row: 1), style: .plain) == 4)
    #expect(buffer.row(1) == " 中")
  }

  @Test func halfOfAWideCharacterBecomesABlank() {
    var buffer = CellBuffer(size: Size(columns: 6, rows: 1))
    buffer.write("中文字", at: .zero, style: .plain)
    buffer.put("x", column: 1, row: 0, style: .plain)
    #expect(buffer.row(0) == " x文字")
    buffer.put("y", column: 4, row: 0, style: .plain)
    #expect(buffer.row(0) == " x文y")
    buffer.put("国", column: 5, row: 0, style: .plain)
    #expect(buffer.row(0) == " x文y")
  }

  @Test func titlesFitIntoTheFrame() {
    for columns in 0...30 {
      var buffer = CellBuffer(size: Size(columns: columns, rows: 3))
      let inside = buffer.box(
        buffer.bounds, style: .plain, title: "Ingredients", note: "12/72")
      #expect(buffer.bounds.contains(inside))
      if columns >= 2 {
        #expect(buffer.row(0).hasPrefix("╭") && buffer.row(0).hasSuffix("╮"))
      }
    }
    var buffer = CellBuffer(size: Size(columns: 28, rows: 3))
    buffer.box(buffer.bounds, style: .plain, title: "Soup", note: "7 in")
    #expect(
      buffer.text == """
        ╭─ Soup ──────────── 7 in ─╮
        │                          │
        ╰──────────────────────────╯
        """)
  }

  @Test func styledTextNamesRuns() {
    var buffer = CellBuffer(size: Size(columns: 12, rows: 2))
    buffer.write("ab", at: Point(column: 1, row: 0), style: .number(1))
    buffer.write("中c", at: Point(column: 3, row: 0), style: .number(2))
    let named = buffer.styledText { style in
      style == .number(1) ? "one" : style == .number(2) ? "two" : nil
    }
    #expect(named == " ‹one:ab›‹two:中c›\n")
  }

  @Test func drawingABufferKeepsItsMarks() {
    var small = CellBuffer(size: Size(columns: 4, rows: 1))
    small.write("e\u{301}中", at: .zero, style: .number(3))
    var large = CellBuffer(size: Size(columns: 8, rows: 2))
    large.draw(small, at: Point(column: 2, row: 1))
    #expect(large.text == "\n  e\u{301}中")
    #expect(large[2, 1].style == .number(3))
  }
}

@Suite struct FrameDiffTests {
  @Test func spansHoldExactlyTheChangedCells() {
    var random = Seeded(7)
    for _ in 0..<500 {
      let size = Size(
        columns: .random(in: 1...20, using: &random), rows: .random(in: 1...4, using: &random))
      var old = CellBuffer(size: size)
      for _ in 0..<3 { scribble(into: &old, &random) }
      var new = Bool.random(using: &random) ? old : CellBuffer(size: size)
      for _ in 0..<Int.random(in: 0...2, using: &random) { scribble(into: &new, &random) }
      let spans = FrameDiff.spans(from: old, to: new)
      var covered = Set<Point>()
      for span in spans {
        #expect(!new[span.columns.lowerBound, span.row].isContinuation)
        for column in span.columns { covered.insert(Point(column: column, row: span.row)) }
      }
      for row in 0..<size.rows {
        for column in 0..<size.columns {
          let isSame = same(old, new, column, row)
          if !isSame { #expect(covered.contains(Point(column: column, row: row))) }
          guard isSame, covered.contains(Point(column: column, row: row)) else { continue }
          // Only the other half of a changed wide character may be sent without need.
          let isHalf =
            new[column, row].isContinuation
            || column + 1 < size.columns && new[column + 1, row].isContinuation
          #expect(isHalf)
        }
      }
    }
  }

  private func same(_ old: CellBuffer, _ new: CellBuffer, _ column: Int, _ row: Int) -> Bool {
    let (before, after) = (old[column, row], new[column, row])
    return before.style == after.style && before.columns == after.columns
      && old.text(of: before) == new.text(of: after)
  }

  private func scribble(into buffer: inout CellBuffer, _ random: inout Seeded) {
    buffer.write(
      ["a", "中", "e\u{301}", "o\u{302}", "bcd"].randomElement(using: &random) ?? "",
      at: Point(
        column: .random(in: 0...19, using: &random), row: .random(in: 0...3, using: &random)),
      style: .number(.random(in: 0...1, using: &random)))
  }

  @Test func anUnknownScreenIsSentWhole() {
    let buffer = CellBuffer(size: Size(columns: 7, rows: 3))
    #expect(FrameDiff.spans(from: nil, to: buffer).map(\.columns) == [0..<7, 0..<7, 0..<7])
    #expect(FrameDiff.spans(from: buffer, to: buffer).isEmpty)
    #expect(FrameDiff.spans(from: nil, to: CellBuffer(size: .zero)).isEmpty)
  }
}
