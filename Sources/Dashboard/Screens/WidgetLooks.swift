import TerminalUI
import Themes

/// How the widgets look in a theme.
extension Theme {
  /// A list to choose from, in a dialog.
  var menuLook: Menu.Look {
    let ground = self[.dialog].background
    return Menu.Look(
      title: self[.dialog].adding(.bold), detail: self[.muted].on(ground),
      key: self[.keyHint].on(ground),
      match: Style(foreground: self[.match].foreground, attributes: self[.match].attributes),
      cursor: self[.selection], thumb: self[.scrollBar].on(ground),
      track: self[.scrollBar].on(ground))
  }

  /// The list of keys, in a dialog.
  var helpLook: HelpSheet.Look {
    let ground = self[.dialog].background
    return HelpSheet.Look(
      title: self[.dialogTitle], key: self[.keyHint].on(ground), label: self[.dialog],
      thumb: self[.scrollBar].on(ground), track: self[.scrollBar].on(ground))
  }

  /// A question.
  var dialogLook: Dialog.Look {
    let ground = self[.dialog].background
    return Dialog.Look(
      border: self[.dialogBorder], title: self[.dialogTitle], text: self[.dialog],
      button: self[.button], selected: self[.buttonFocus], thumb: self[.scrollBar].on(ground),
      track: self[.scrollBar].on(ground), glyphs: glyphs.border)
  }

  /// A line of text being edited.
  var fieldLook: TextField.Look {
    TextField.Look(
      prompt: self[.keyHint], text: self[.input], placeholder: self[.placeholder])
  }
}
