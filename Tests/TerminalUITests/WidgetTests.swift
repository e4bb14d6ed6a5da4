import TerminalUI
import Testing
import Themes

private let menuLook = Menu.Look(
  title: .plain, detail: .number(1), key: .number(2),
  match: Style(attributes: .underline), cursor: Style(background: .indexed(4)),
  thumb: .number(6), track: .number(7))
private let dialogLook = Dialog.Look(
  border: .number(1), title: .number(2), text: .plain, button: .number(3), selected: .number(4),
  thumb: .number(6), track: .number(7))
private let helpLook = HelpSheet.Look(
  title: .number(1), key: .number(2), label: .plain, thumb: .number(6), track: .number(7))

@Suite struct SmallWidgetTests {
  @Test func everyWidgetStaysInsideItsRectangle() {
    var random = Seeded(14)
    for columns in Array(0...24) + [40, 64, 80, 130] {
      for rows in [0, 1, 2, 3, 5, 12] {
        let rect = Rect(column: 3, row: 2, columns: columns, rows: rows)
        for widget in 0..<5 {
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
      let items = Array(repeating: Menu.Item(text, detail: "detail", key: "ctrl-x"), count: number)
      return Menu(items: items, cursor: 1, filter: TextFilter("e"), look: menuLook).render(
        into: &buffer, rect: rect
      ).regions.map(\.rect)
    case 1:
      let drawn = Dialog(
        title: text, body: [Dialog.Paragraph(text), Dialog.Paragraph("second")],
        buttons: ["Cancel", text], selected: 1, look: dialogLook
      ).render(into: &buffer, rect: rect)
      return [drawn.rect] + drawn.hits.regions.map(\.rect)
    case 2:
      let entries = Array(repeating: HelpSheet.Entry("ctrl-x", text), count: number + 1)
      let sections = [HelpSheet.Section("One", entries), HelpSheet.Section(text, entries)]
      HelpSheet(sections: sections).render(
        into: &buffer, rect: rect, first: number, look: helpLook)
      return []
    case 3:
      let tabs = Tabs.Look(selected: .number(1), other: .plain)
      return Tabs.render(
        into: &buffer, rect: rect, titles: ["accuracy", text, "gap"], selected: number % 3,
        look: tabs
      ).regions.map(\.rect)
    default:
      let look = KeyHints.Look(key: .number(1), label: .plain)
      return KeyHints.render(
        into: &buffer, rect: rect, hints: [.init("q", "quit"), .init("?", text)], look: look
      ).regions.map(\.rect)
    }
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
      .init("Run greedy", detail: "the paper's recipe", key: "G"),
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
    #expect(hits.payload(at: Point(column: 20, row: 1)) == 1)
  }

  @Test func helpTakesTwoColumnsWhereThereIsRoom() {
    let sections = [
      HelpSheet.Section("Move", [.init("j ↓", "down"), .init("k ↑", "up")]),
      HelpSheet.Section("Soup", [.init("space", "toggle"), .init("u", "undo")]),
      HelpSheet.Section("Empty", []),
    ]
    var wide = CellBuffer(size: Size(columns: 110, rows: 5))
    HelpSheet(sections: sections).render(into: &wide, rect: wide.bounds, look: helpLook)
    #expect(wide.row(0).split(separator: " ") == ["Move", "Soup"])
    #expect(wide.row(1).split(separator: " ") == ["j", "↓", "down", "space", "toggle"])
    var narrow = CellBuffer(size: Size(columns: 30, rows: 4))
    let sheet = HelpSheet(sections: sections)
    #expect(sheet.lastFirst(in: narrow.size) == 3)
    sheet.render(into: &narrow, rect: narrow.bounds, first: 9, look: helpLook)
    #expect(narrow.row(3).hasPrefix("u      undo"))
    var found = CellBuffer(size: Size(columns: 30, rows: 4))
    HelpSheet(sections: sections, filter: TextFilter("und")).render(
      into: &found, rect: found.bounds, look: helpLook)
    #expect(found.text == "Soup\nu  undo\n\n")
  }
}
