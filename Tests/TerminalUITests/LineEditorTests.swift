import TerminalUI
import Testing
import Themes

@Suite struct LineEditorTests {
  /// Types a sequence of key names.
  private func typing(_ names: String, into text: String = "") -> LineEditor {
    var editor = LineEditor(text)
    for name in names.split(separator: " ") {
      if let press = KeyPress(parsing: String(name)) { _ = editor.handle(press) }
    }
    return editor
  }

  @Test(
    arguments: [
      ("a b space c", "", "ab c", 4), ("left left X", "abc", "aXbc", 2),
      ("home delete end backspace", "abcd", "bc", 2), ("ctrl-w", "name:ft -aug:0", "name:ft ", 8),
      ("ctrl-w ctrl-w", "one two  ", "", 0), ("ctrl-u", "abc", "", 0),
      ("left ctrl-u", "abc", "c", 0), ("ctrl-a ctrl-k", "abc", "", 0),
      ("alt-backspace", "lr-1e-4", "lr-1e-", 6),
      ("ctrl-left ctrl-left x", "one two", "xone two", 1),
      ("ctrl-a alt-f x", "one two", "onex two", 4), ("ctrl-a alt-d", "one two", " two", 0),
      ("backspace", "e\u{301}", "", 0), ("left x", "中文", "中x文", 2), ("up f5", "a", "a", 1),
    ] as [(String, String, String, Int)])
  func keysEdit(keys: String, before: String, after: String, cursor: Int) {
    let editor = typing(keys, into: before)
    #expect(editor.text == after)
    #expect(editor.cursor == cursor)
  }

  @Test func aProposalGivesWayToWhatIsTypedAndStaysWhenItIsGoneInto() {
    func after(_ keys: String) -> String {
      var editor = LineEditor.proposing("A")
      for name in keys.split(separator: " ") {
        if let press = KeyPress(parsing: String(name)) { _ = editor.handle(press) }
      }
      return editor.text
    }
    #expect(after("") == "A")
    #expect(after("b e s t") == "best")
    #expect(after("end 2") == "A2")
    #expect(after("up 2") == "2")
    #expect(after("backspace") == "")
    var editor = LineEditor.proposing("A")
    #expect(editor.isProposal)
    #expect(editor.paste("\n") == .ignored)
    #expect(editor.paste("mix") == .text)
    #expect(editor.text == "mix")
    #expect(!editor.isProposal)
  }

  @Test func aPasteIsOneEditOfOneLine() {
    var editor = LineEditor("ab")
    _ = editor.handle(KeyPress(.left))
    #expect(editor.paste("x\ty\r\nz\u{1B}[A\n") == .text)
    #expect(editor.text == "ax y z[Ab")
    #expect(editor.cursor == 8)
    #expect(editor.paste("\n") == .ignored)
  }

  @Test func whatItDoesNotKnowItLeaves() {
    var editor = LineEditor("a")
    for name in ["enter", "esc", "tab", "up", "f1", "ctrl-r", "alt-x"] {
      let press = KeyPress(parsing: name)
      #expect(press.map { editor.handle($0) } == .ignored)
    }
    #expect(editor.text == "a")
  }

  @Test func anyKeysKeepTheCursorInTheText() {
    var random = Seeded(11)
    let names = [
      "left", "right", "home", "end", "backspace", "delete", "ctrl-w", "ctrl-u", "ctrl-k", "alt-d",
      "ctrl-left", "ctrl-right", "alt-backspace", "a", "space", "中", "-", "e",
    ]
    var editor = LineEditor()
    for _ in 0..<5_000 {
      if Int.random(in: 0...9, using: &random) == 0 {
        editor.paste(hardTexts.randomElement(using: &random) ?? "")
      } else if let press = KeyPress(parsing: names.randomElement(using: &random) ?? "") {
        _ = editor.handle(press)
      }
      #expect((0...editor.text.count).contains(editor.cursor))
      #expect(TextWidth.sanitize(editor.text) == editor.text)
    }
  }

  @Test func theFieldShowsTheCursor() {
    var random = Seeded(12)
    let look = TextField.Look(prompt: .plain, text: .plain, placeholder: .plain)
    for _ in 0..<500 {
      var editor = LineEditor(
        String(repeating: hardTexts.randomElement(using: &random) ?? "", count: 3))
      for _ in 0..<Int.random(in: 0...20, using: &random) { _ = editor.handle(KeyPress(.left)) }
      let rect = Rect(column: 2, row: 1, columns: .random(in: 0...20, using: &random), rows: 1)
      var buffer = CellBuffer(size: Size(columns: 26, rows: 3))
      let fresh = buffer[0, 0]
      let cursor = TextField.render(
        into: &buffer, rect: rect, editor: editor, prompt: "/", look: look)
      if rect.columns >= 2 { #expect(cursor.map { rect.contains($0) } == true) }
      #expect(cellsDrawn(outside: rect, in: buffer, fresh: fresh) == 0)
      #expect(isShowable(buffer))
    }
    var buffer = CellBuffer(size: Size(columns: 10, rows: 1))
    let editor = LineEditor("abcdefghijkl")
    let cursor = TextField.render(
      into: &buffer, rect: buffer.bounds, editor: editor, prompt: "/", look: look)
    #expect(buffer.text == "/efghijkl" && cursor == Point(column: 9, row: 0))
    _ = TextField.render(
      into: &buffer, rect: buffer.bounds, editor: LineEditor(), prompt: "/", placeholder: "filter",
      look: look)
    #expect(buffer.text == "/filter")
  }
}
