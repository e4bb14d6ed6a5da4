import TerminalUI
import Themes

/// Every command with its keys, and what is looked for among them.
///
/// Generated from the bindings, so that it cannot be wrong about them.
struct HelpOverlay {
  let keymap: Keymap
  let prompt: HelpPrompt
  /// Of the screen.
  let size: Size

  /// The inside of the dialog.
  private var room: Size {
    Size(columns: sheet.columns(within: size.columns - 6), rows: size.rows - 5)
  }
  /// Rows above the list: what is looked for, and a blank where there is room for one.
  private var headRows: Int { room.rows > 7 ? 2 : 1 }

  /// How far the help can be scrolled.
  var lastScroll: Int {
    sheet.lastFirst(in: Size(columns: room.columns, rows: room.rows - headRows))
  }

  func draw(_ canvas: inout Canvas) {
    let inside = canvas.dialog(
      title: "Help", columns: room.columns, rows: room.rows, note: "type to search · Esc closes")
    let (search, _) = inside.cutTop(1)
    canvas.cursor = TextField.render(
      into: &canvas.buffer, rect: search, editor: prompt.field, prompt: "/ ",
      placeholder: "a word of a key, a command or what it does", look: canvas.theme.fieldLook)
    let list = inside.cutTop(headRows).rest
    if sheet.isEmpty {
      let theme = canvas.theme
      canvas.write(
        "nothing matches; Esc shows everything", in: list, row: 0,
        style: theme[.muted].on(theme[.dialog].background))
    }
    sheet.render(
      into: &canvas.buffer, rect: list, first: prompt.scroll,
      look: canvas.theme.helpLook, glyphs: canvas.theme.glyphs)
  }

  private var sheet: HelpSheet {
    HelpSheet(sections: sections, filter: TextFilter(prompt.field.text))
  }

  private var sections: [HelpSheet.Section] {
    Command.Section.allCases.map { section in
      HelpSheet.Section(
        section.rawValue,
        Command.allCases.filter { $0.section == section }.map { command in
          let keys = keymap.keys(for: command).map(KeyName.short).joined(separator: " ")
          return HelpSheet.Entry(
            keys.isEmpty ? ":\(command.rawValue)" : keys, command.summary,
            otherWords: "\(command.rawValue) \(command.otherWords)")
        })
    }
  }
}
