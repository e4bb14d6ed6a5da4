import TerminalUI
import Themes

/// Every command with its keys, and what is looked for among them.
///
/// Generated from the bindings, so that it cannot be wrong about them.
struct HelpOverlay {
  let keymap: Keymap
  let prompt: HelpPrompt

  func draw(_ canvas: inout Canvas) {
    let size = canvas.buffer.size
    let sheet = HelpSheet(
      sections: sections, filter: TextFilter(prompt.field.text), first: prompt.scroll,
      look: canvas.theme.helpLook, glyphs: canvas.theme.glyphs)
    let inside = canvas.dialog(
      title: "Help", columns: sheet.columns(within: size.columns - 6), rows: size.rows - 5,
      note: "type to search · Esc closes")
    let (search, list) = inside.cutTop(1)
    canvas.cursor = TextField.render(
      into: &canvas.buffer, rect: search, editor: prompt.field, prompt: "/ ",
      placeholder: "a word of a key, a command or what it does", look: canvas.theme.fieldLook)
    let (_, rows) = list.cutTop(list.rows > 6 ? 1 : 0)
    sheet.render(into: &canvas.buffer, rect: rows)
  }

  private var sections: [HelpSheet.Section] {
    Command.Section.allCases.map { section in
      HelpSheet.Section(
        section.rawValue,
        Command.allCases.filter { $0.section == section }.map { command in
          let keys = keymap.keys(for: command).map(KeyName.short).joined(separator: " ")
          return HelpSheet.Entry(keys.isEmpty ? ":\(command.rawValue)" : keys, command.summary)
        })
    }
  }
}
