import TerminalUI
import Themes

/// A line of a sheet: pieces of text, each in the style of a token.
struct SheetLine: Sendable {
  var pieces: [(text: String, token: Token)]

  init(_ pieces: [(String, Token)] = []) { self.pieces = pieces.map { (text: $0.0, token: $0.1) } }

  init(_ text: String, _ token: Token = .text) { self.init([(text, token)]) }

  /// A heading between parts.
  static func heading(_ text: String) -> SheetLine { SheetLine(text, .dialogTitle) }
  static let blank = SheetLine()
}

extension Canvas {
  /// Writes a line on the background of dialogs.
  mutating func write(
    _ line: SheetLine, in rect: Rect, row: Int, column: Int = 0, isSelected: Bool = false
  ) {
    let background = theme[isSelected ? .selection : .dialog].background
    if isSelected {
      buffer.fill(
        Rect(column: rect.left, row: rect.top + row, columns: rect.columns, rows: 1),
        style: theme[.selection])
      write(String(theme.glyphs.selectionBar), in: rect, row: row, style: theme[.selection])
    }
    write(
      line.pieces.map { piece in
        let style = isSelected && piece.token == .text ? theme[.selection] : theme[piece.token]
        return (piece.text, style.on(background))
      }, in: rect, row: row, column: column)
  }

  /// A frame over a part of the screen; returns its inside.
  mutating func sheet(title: String, note: String, in rect: Rect) -> Rect {
    buffer.fill(rect, style: theme[.dialog])
    return buffer.box(
      rect, border: theme.glyphs.borderFocus, style: theme[.dialogBorder], title: title,
      titleStyle: theme[.dialogTitle], note: note, noteStyle: theme[.dialogBorder]
    ).inset(left: 1, right: 1)
  }

  /// The parts of a sheet along its first row, the shown one in brackets; each can be clicked.
  mutating func sheetTabs(_ names: [String], shown: Int, in inside: Rect) {
    let ground = theme[.dialog].background
    let drawn = Tabs.render(
      into: &buffer, rect: inside, titles: names, selected: min(shown, names.count - 1),
      look: Tabs.Look(selected: theme[.tabActive].on(ground), other: theme[.tab].on(ground)))
    hits += drawn.regions.map { Hit(rect: $0.rect, target: .choice($0.payload)) }
  }

  /// Where in a long text the screen is, on the right border of a sheet.
  mutating func sheetScrollBar(_ inside: Rect, first: Int, rows: Int, count: Int, top: Int = 0) {
    guard
      let thumb = Scrollbar.thumb(height: rows, first: first, visible: rows, count: count)
    else { return }
    for row in thumb {
      write(
        String(theme.glyphs.scrollThumb), in: inside.inset(left: inside.columns, right: -1),
        row: top + row, style: theme[.scrollBar].on(theme[.dialog].background))
    }
  }

  /// A line being typed, on the background of dialogs.
  mutating func field(_ editor: LineEditor, prompt: String, hint: String = "", in rect: Rect) {
    cursor = TextField.render(
      into: &buffer, rect: rect, editor: editor, prompt: prompt, placeholder: hint,
      look: TextField.Look(
        prompt: theme[.keyHint].on(theme[.dialog].background), text: theme[.input],
        placeholder: theme[.placeholder]))
  }
}

extension State {
  /// Room for sheets that show much: right of the ingredients where there is room for both.
  var sheetRect: Rect {
    let whole = Rect(size).inset(bottom: 1)
    let layout = layout
    if layout.arrangement == .triple, let table = layout.panes[.ingredients] {
      return Rect(
        column: table.right, row: 0, columns: size.columns - table.right,
        rows: layout.panes[.jobs]?.top ?? whole.rows)
    }
    return whole
  }
}

/// Draws the sheet that lies on top.
struct SheetView {
  let state: State

  func draw(_ sheet: Sheet, _ canvas: inout Canvas) {
    switch sheet {
    case .columns(let selected):
      ColumnsView(state: state, selected: selected).draw(&canvas)
    case .details(let sheet): DetailsView(state: state, sheet: sheet).draw(&canvas)
    case .weights(let sheet): WeightsView(state: state, sheet: sheet).draw(&canvas)
    case .soups(let sheet): SoupsView(state: state, sheet: sheet).draw(&canvas)
    case .versus(let sheet): VersusView(state: state, sheet: sheet).draw(&canvas)
    case .review(let review): ReviewView(state: state, review: review).draw(&canvas)
    case .logs(let sheet): LogsView(state: state, sheet: sheet).draw(&canvas)
    }
  }

  /// The keys of the sheet on top, for the last row.
  static func hints(_ sheet: Sheet) -> [KeyMeaning] {
    switch sheet {
    case .columns:
      [
        KeyMeaning("Enter", "sort by"), KeyMeaning("r", "reverse"),
        KeyMeaning("Space", "hide/show"), KeyMeaning("< >", "move"),
        KeyMeaning("0", "as at first"), KeyMeaning("Esc", "close"),
      ]
    case .details:
      [
        KeyMeaning("Tab", "next part"), KeyMeaning("j k", "scroll"), KeyMeaning("h l", "neighbour"),
        KeyMeaning("Space", "in/out"),
        KeyMeaning("Esc", "close"),
      ]
    case .weights(let sheet) where sheet.field != nil:
      [KeyMeaning("Enter", "set"), KeyMeaning("Esc", "leave as it was")]
    case .weights:
      [
        KeyMeaning("+ -", "by 0.01"), KeyMeaning("S-← S-→", "by 0.1"), KeyMeaning("0.4", "type it"),
        KeyMeaning("=", "equal"),
        KeyMeaning("Space", "take out"), KeyMeaning("u", "undo"), KeyMeaning("Esc", "close"),
      ]
    case .soups(let sheet) where sheet.naming != nil:
      [KeyMeaning("Enter", "keep"), KeyMeaning("Esc", "do not")]
    case .soups:
      [
        KeyMeaning("Enter", "take up"), KeyMeaning("v", "compare"),
        KeyMeaning("s", "keep the one at hand"), KeyMeaning("r", "rename"),
        KeyMeaning("d", "let go"), KeyMeaning("u", "undo"), KeyMeaning("Esc", "close"),
      ]
    case .versus:
      [
        KeyMeaning("Tab", "another"), KeyMeaning("x", "swap"), KeyMeaning("d", "differences"),
        KeyMeaning("Enter", "take up B"),
        KeyMeaning("Esc", "close"),
      ]
    case .review:
      [KeyMeaning("y", "write"), KeyMeaning("j k", "scroll"), KeyMeaning("Esc", "do not")]
    case .logs(let sheet) where sheet.field != nil:
      [KeyMeaning("Enter", "keep looking"), KeyMeaning("Esc", "give up")]
    case .logs:
      [
        KeyMeaning("Tab", "next log"), KeyMeaning("/", "search"),
        KeyMeaning("n N", "next, previous"), KeyMeaning("f", "follow"),
        KeyMeaning("r", "read again"), KeyMeaning("Esc", "close"),
      ]
    }
  }
}
