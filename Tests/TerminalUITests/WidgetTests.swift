import TerminalUI
import Testing
import Themes

private let tableLook = Table.Look(
  header: .number(1), sorted: .number(2), text: .plain,
  cursor: Style(background: .indexed(4), attributes: .bold),
  cursorUnfocused: Style(attributes: .underline), bar: Style(background: .indexed(5)),
  thumb: .number(6), track: .number(7))
private let menuLook = Menu.Look(
  title: .plain, detail: .number(1), key: .number(2), disabled: .number(3),
  match: Style(attributes: .underline), cursor: Style(background: .indexed(4)),
  thumb: .number(6), track: .number(7))
private let dialogLook = Dialog.Look(
  border: .number(1), title: .number(2), text: .plain, button: .number(3), selected: .number(4),
  thumb: .number(6), track: .number(7))
private let helpLook = HelpSheet.Look(
  title: .number(1), key: .number(2), label: .plain, thumb: .number(6), track: .number(7))

private func table(rows: Int = 100, cursor: Int? = 3, first: Int = 0) -> Table {
  Table(
    columns: [
      TableColumn("Name", width: .flexible(minimum: 6), elision: .middle),
      TableColumn("Val", width: .fixed(6), alignment: .right, order: .descending),
      TableColumn("LR", width: .fixed(5), alignment: .right, priority: 1),
    ], rowCount: rows, cursor: cursor, viewport: Viewport(first: first), look: tableLook)
}

private func row(_ index: Int) -> TableRow {
  TableRow(
    [TableCell("checkpoint-\(index)"), TableCell("0.9\(index)"), TableCell("3e-5")],
    mark: index % 4 == 0 ? "●" : nil)
}

@Suite struct TableTests {
  @Test func itShowsHeaderRowsMarksAndScrollBar() {
    var buffer = CellBuffer(size: Size(columns: 34, rows: 7))
    let hits = table().render(into: &buffer, rect: buffer.bounds, row: row)
    #expect(
      buffer.text == """
           Name               Val▼    LR
         ● checkpoint-0       0.90  3e-5 █
           checkpoint-1       0.91  3e-5 │
           checkpoint-2       0.92  3e-5 │
        ▌  checkpoint-3       0.93  3e-5 │
         ● checkpoint-4       0.94  3e-5 │
           checkpoint-5       0.95  3e-5 │
        """)
    #expect(hits.payload(at: Point(column: 24, row: 0)) == .header(column: 1))
    #expect(hits.payload(at: Point(column: 10, row: 4)) == .row(3))
    #expect(hits.payload(at: Point(column: 33, row: 6)) == .scrollBar(first: 94))
  }

  @Test func onlyVisibleRowsAreAskedFor() {
    var buffer = CellBuffer(size: Size(columns: 40, rows: 20))
    var asked: [Int] = []
    table(rows: 1_000_000, first: 500_000).render(into: &buffer, rect: buffer.bounds) { index in
      asked.append(index)
      return row(index)
    }
    #expect(asked == Array(500_000..<500_019))
  }

  @Test func theCursorRowIsSeenWithoutColour() {
    var buffer = CellBuffer(size: Size(columns: 30, rows: 6))
    table(rows: 3, cursor: 1).render(into: &buffer, rect: buffer.bounds, row: row)
    #expect(buffer.row(2).hasPrefix("▌"))
    #expect(buffer[5, 2].style == Style(background: .indexed(4), attributes: .bold))
    #expect(buffer[5, 1].style == .plain)
  }

  @Test func columnsNeverOverlapAndUnimportantOnesGiveWay() {
    var random = Seeded(13)
    for _ in 0..<2_000 {
      let columns = (0..<Int.random(in: 0...7, using: &random)).map { _ in
        let minimum = Int.random(in: 1...20, using: &random)
        return TableColumn(
          "x",
          width: Bool.random(using: &random)
            ? .fixed(minimum)
            : .flexible(
              minimum: minimum, maximum: minimum + .random(in: 0...30, using: &random),
              weight: .random(in: 0...3, using: &random)),
          priority: .random(in: 0...3, using: &random))
      }
      let available = Int.random(in: 0...100, using: &random)
      let places = TableColumn.layout(columns, in: available, gap: 1)
      #expect(places.count == columns.count)
      var end = -1
      for (column, place) in zip(columns, places) {
        guard let place else { continue }
        #expect(place.lowerBound > end && place.upperBound <= available)
        end = place.upperBound
        if case .flexible(_, let maximum, _) = column.width { #expect(place.count <= maximum) }
      }
      let shown = zip(columns, places).filter { $0.1 != nil }.map(\.0.priority).max() ?? 0
      let dropped = zip(columns, places).filter { $0.1 == nil && $0.0.priority > 0 }
      #expect(dropped.allSatisfy { $0.0.priority >= shown })
    }
  }

  @Test func spareRoomGoesToFlexibleColumns() {
    let columns = [
      TableColumn("a", width: .flexible(minimum: 5, maximum: 8)),
      TableColumn("b", width: .fixed(4)),
      TableColumn("c", width: .flexible(minimum: 5, weight: 2)),
    ]
    #expect(TableColumn.layout(columns, in: 40, gap: 1) == [0..<8, 9..<13, 14..<40])
  }
}

@Suite struct SmallWidgetTests {
  @Test func everyWidgetStaysInsideItsRectangle() {
    var random = Seeded(14)
    for columns in Array(0...24) + [40, 64, 80, 130] {
      for rows in [0, 1, 2, 3, 5, 12] {
        let rect = Rect(column: 3, row: 2, columns: columns, rows: rows)
        for widget in 0..<8 {
          var buffer = CellBuffer(size: Size(columns: columns + 6, rows: rows + 4))
          let fresh = buffer[0, 0]
          let regions = draw(widget, into: &buffer, rect: rect, &random)
          #expect(cellsDrawn(outside: rect, in: buffer, fresh: fresh) == 0, "widget \(widget)")
          #expect(regions.allSatisfy { rect.contains($0) }, "widget \(widget)")
          #expect(isShowable(buffer), "widget \(widget)")
        }
      }
    }
  }

  private func draw(
    _ widget: Int, into buffer: inout CellBuffer, rect: Rect, _ random: inout Seeded
  ) -> [Rect] {
    let text = hardTexts.randomElement(using: &random) ?? ""
    let number = Int.random(in: 0...5, using: &random)
    switch widget {
    case 0:
      return table(rows: number * 4, cursor: number, first: number).render(
        into: &buffer, rect: rect,
        row: { TableRow([TableCell(text, bar: 0.5), TableCell("\($0)")]) }
      ).regions.map(\.rect)
    case 1:
      let items = Array(repeating: Menu.Item(text, detail: "detail", key: "ctrl-x"), count: number)
      return Menu(items: items, cursor: 1, filter: TextFilter("e"), look: menuLook).render(
        into: &buffer, rect: rect
      ).regions.map(\.rect)
    case 2:
      let drawn = Dialog(
        title: text, body: [Dialog.Paragraph(text), Dialog.Paragraph("second")],
        buttons: ["Cancel", text], selected: 1, look: dialogLook
      ).render(into: &buffer, rect: rect)
      return [drawn.rect] + drawn.hits.regions.map(\.rect)
    case 3:
      let entries = Array(repeating: HelpSheet.Entry("ctrl-x", text), count: number + 1)
      let sections = [HelpSheet.Section("One", entries), HelpSheet.Section(text, entries)]
      HelpSheet(sections: sections, first: number, look: helpLook).render(into: &buffer, rect: rect)
      return []
    case 4:
      let toasts = Array(repeating: Toast(text + " message", style: .number(1)), count: number)
      return Toast.render(into: &buffer, rect: rect, toasts: toasts).regions.map(\.rect)
    case 5:
      let tabs = Tabs.Look(selected: .number(1), other: .plain)
      return Tabs.render(
        into: &buffer, rect: rect, titles: ["accuracy", text, "gap"], selected: number % 3,
        look: tabs
      ).regions.map(\.rect)
    case 6:
      let look = KeyHints.Look(key: .number(1), label: .plain)
      return KeyHints.render(
        into: &buffer, rect: rect, hints: [.init("q", "quit"), .init("?", text)], look: look
      ).regions.map(\.rect)
    default:
      Gauge.render(
        into: &buffer, rect: rect, value: [.nan, -1, 0, 0.3, 1, 7][number], filled: .number(1),
        empty: .plain)
      return []
    }
  }

  @Test(
    arguments: [
      (0.0, "────"), (1.0, "████"), (0.5, "██──"), (0.001, "▏───"), (0.999, "███▉"), (0.4, "█▋──"),
      (Double.nan, "────"), (9, "████"),
    ])
  func gaugeShowsEighths(value: Double, shown: String) {
    var buffer = CellBuffer(size: Size(columns: 4, rows: 1))
    Gauge.render(into: &buffer, rect: buffer.bounds, value: value, filled: .plain, empty: .plain)
    #expect(buffer.text == shown)
  }

  @Test func gaugeWithoutUnicode() {
    var buffer = CellBuffer(size: Size(columns: 6, rows: 1))
    Gauge.render(
      into: &buffer, rect: buffer.bounds, value: 0.5, filled: .plain, empty: .plain, glyphs: .ascii)
    #expect(buffer.text == "===---")
  }

  @Test func theThumbTellsTheEndsFromTheMiddle() {
    var random = Seeded(15)
    for _ in 0..<3_000 {
      let height = Int.random(in: 1...40, using: &random)
      let visible = Int.random(in: 1...60, using: &random)
      let count = Int.random(in: 0...5_000, using: &random)
      guard count > visible else {
        #expect(Scrollbar.thumb(height: height, first: 0, visible: visible, count: count) == nil)
        continue
      }
      var before = 0
      for first in stride(from: 0, through: count - visible, by: max(1, count / 17)) {
        let thumb = Scrollbar.thumb(height: height, first: first, visible: visible, count: count)
        guard let thumb else {
          Issue.record("no thumb")
          return
        }
        #expect(thumb.lowerBound >= before && thumb.upperBound <= height && !thumb.isEmpty)
        before = thumb.lowerBound
        if first == 0 { #expect(thumb.lowerBound == 0) }
        if height - thumb.count >= 2, first > 0, first < count - visible {
          #expect(thumb.lowerBound > 0 && thumb.upperBound < height)
        }
      }
      let end = Scrollbar.thumb(
        height: height, first: count - visible, visible: visible, count: count)
      #expect(end?.upperBound == height)
      #expect(
        Scrollbar.first(atOffset: height - 1, height: height, visible: visible, count: count)
          == (height > 1 ? count - visible : 0))
    }
  }

  @Test func hintsAreWholeOrAbsent() {
    let hints: [KeyHints.Hint] = [.init("space", "toggle"), .init("?", "help"), .init("q", "quit")]
    let look = KeyHints.Look(key: .number(1), label: .plain)
    var buffer = CellBuffer(size: Size(columns: 22, rows: 1))
    let hits = KeyHints.render(into: &buffer, rect: buffer.bounds, hints: hints, look: look)
    #expect(buffer.text == "space toggle  ? help")
    #expect(hits.payload(at: Point(column: 15, row: 0)) == 1)
    #expect(hits.regions.count == 2)
  }

  @Test func theChosenTabIsAlwaysShown() {
    let look = Tabs.Look(selected: .number(1), other: .plain)
    let titles = ["accuracy", "flatness", "gap", "scatter"]
    var wide = CellBuffer(size: Size(columns: 40, rows: 1))
    Tabs.render(into: &wide, rect: wide.bounds, titles: titles, selected: 1, look: look)
    #expect(wide.text == " accuracy [flatness] gap  scatter")
    for selected in titles.indices {
      for columns in 10...40 {
        var buffer = CellBuffer(size: Size(columns: columns, rows: 1))
        Tabs.render(
          into: &buffer, rect: buffer.bounds, titles: titles, selected: selected, look: look)
        #expect(buffer.text.contains("[\(titles[selected])]"))
      }
    }
  }
}

@Suite struct OverlayTests {
  @Test func aDialogWrapsItsMessageAndKeepsItsAnswers() {
    var buffer = CellBuffer(size: Size(columns: 40, rows: 9))
    let dialog = Dialog(
      title: "Quit", body: [.init("A recipe is still running. Stop it and leave?")],
      buttons: ["Stay", "Leave"], look: dialogLook)
    let drawn = dialog.render(into: &buffer, rect: buffer.bounds)
    #expect(
      buffer.text == """

         ╭─ Quit ─────────────────────────────╮
         │ A recipe is still running. Stop it │
         │ and leave?                         │
         │                                    │
         │                 [ Stay ]   Leave   │
         ╰────────────────────────────────────╯


        """)
    #expect(drawn.hits.regions.count == 2)
    for rows in 4...8 {
      var small = CellBuffer(size: Size(columns: 20, rows: rows))
      let drawn = dialog.render(into: &small, rect: small.bounds)
      #expect(small.text.contains("Stay") && small.text.contains("Leave"))
      #expect((drawn.lastFirst > 0) == (rows < 8))
    }
  }

  @Test func aLongMessageScrolls() {
    let body = (1...20).map { Dialog.Paragraph("line \($0)") }
    var dialog = Dialog(title: "Log", body: body, buttons: ["Close"], look: dialogLook)
    var buffer = CellBuffer(size: Size(columns: 30, rows: 10))
    let last = dialog.render(into: &buffer, rect: buffer.bounds).lastFirst
    #expect(last == 14)
    #expect(buffer.text.contains("line 1 ") && !buffer.text.contains("line 20"))
    dialog.first = 99
    buffer = CellBuffer(size: buffer.size)
    dialog.render(into: &buffer, rect: buffer.bounds)
    #expect(buffer.text.contains("line 20") && !buffer.text.contains("line 14 "))
  }

  @Test func betterFindsComeFirst() {
    let items: [Menu.Item] = [
      .init("Unsort", detail: ""), .init("Cook greedy", detail: "sorts first"),
      .init("Sort by column"), .init("Re-sort"), .init("Quit"),
    ]
    #expect(Menu.filtered(items, by: TextFilter("sort")) == [2, 3, 0, 1])
    #expect(Menu.filtered(items, by: TextFilter("")) == [0, 1, 2, 3, 4])
    #expect(Menu.filtered(items, by: TextFilter("by sort")) == [2])
  }

  @Test func aMenuShowsTitleDetailAndKey() {
    var buffer = CellBuffer(size: Size(columns: 40, rows: 2))
    let items: [Menu.Item] = [
      .init("Undo", detail: "the last change", key: "u"),
      .init("Run greedy", detail: "the paper's recipe", key: "G", isEnabled: false),
    ]
    let hits = Menu(items: items, cursor: 0, filter: TextFilter("un"), look: menuLook).render(
      into: &buffer, rect: buffer.bounds)
    #expect(
      buffer.text
        == """
        ▌ Undo        the last change          u
          Run greedy  the paper's recipe       G
        """.replacing("   u", with: "  u").replacing("   G", with: "  G"))
    #expect(buffer[2, 0].style.attributes == .underline)
    #expect(buffer[4, 0].style.attributes == [])
    #expect(buffer[2, 1].style == .number(3))
    #expect(hits.payload(at: Point(column: 20, row: 1)) == 1)
  }

  @Test func helpTakesTwoColumnsWhereThereIsRoom() {
    let sections = [
      HelpSheet.Section("Move", [.init("j ↓", "down"), .init("k ↑", "up")]),
      HelpSheet.Section("Soup", [.init("space", "toggle"), .init("u", "undo")]),
      HelpSheet.Section("Empty", []),
    ]
    var wide = CellBuffer(size: Size(columns: 70, rows: 5))
    HelpSheet(sections: sections, look: helpLook).render(into: &wide, rect: wide.bounds)
    #expect(wide.row(0).split(separator: " ") == ["Move", "Soup"])
    #expect(wide.row(1).split(separator: " ") == ["j", "↓", "down", "space", "toggle"])
    var narrow = CellBuffer(size: Size(columns: 30, rows: 4))
    let last = HelpSheet(sections: sections, look: helpLook).render(
      into: &narrow, rect: narrow.bounds)
    #expect(last == 3)
    var found = CellBuffer(size: Size(columns: 30, rows: 4))
    HelpSheet(sections: sections, filter: TextFilter("und"), look: helpLook).render(
      into: &found, rect: found.bounds)
    #expect(found.text == "Soup\nu  undo\n\n")
  }

  @Test func toastsStackUpwards() {
    var buffer = CellBuffer(size: Size(columns: 40, rows: 8))
    let toasts = [Toast("first", style: .number(1)), Toast("second", style: .number(2))]
    let hits = Toast.render(into: &buffer, rect: buffer.bounds, toasts: toasts)
    #expect(buffer.row(3).hasSuffix("│ first │") && buffer.row(6).hasSuffix("│ second │"))
    #expect(hits.payload(at: Point(column: 38, row: 6)) == 1)
    var small = CellBuffer(size: Size(columns: 40, rows: 4))
    Toast.render(into: &small, rect: small.bounds, toasts: toasts)
    #expect(small.text.contains("second") && !small.text.contains("first"))
  }
}
