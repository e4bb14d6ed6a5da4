import Checkpoints
import TerminalUI
import Themes

/// The last row: a prompt while one is open, a message for a while, otherwise the keys that fit here.
struct HintsRow {
  let state: State
  let keymap: Keymap

  func draw(_ canvas: inout Canvas, in rect: Rect) {
    let theme = canvas.theme
    canvas.buffer.fill(rect, style: theme[.status])
    switch state.modes.last {
    case .filter(let prompt):
      drawFilter(&canvas, prompt, in: rect)
    case .palette(let prompt):
      drawField(&canvas, prompt.field, prompt: ":", hint: "any command by name", in: rect)
    default:
      if let message = state.log.current(at: state.now) {
        drawMessage(&canvas, message, in: rect)
      } else if let finding = findingUnderCursor {
        drawFinding(&canvas, finding, in: rect)
      } else {
        drawHints(&canvas, in: rect)
      }
    }
  }

  private func drawFilter(_ canvas: inout Canvas, _ prompt: FilterPrompt, in rect: Rect) {
    let theme = canvas.theme
    let counts = "\(state.table.shown.count) of \(state.table.ingredients.count)"
    let note = prompt.mistake?.message ?? counts
    let columns = min(TextWidth.columns(of: note) + 2, rect.columns / 2)
    let (left, right) = (
      rect.inset(right: columns), rect.inset(left: rect.columns - columns)
    )
    drawField(
      &canvas, prompt.field, prompt: "/", hint: "val>0.9 lr<1e-4 name:ft -mixup:0", in: left)
    if let mistake = prompt.mistake {
      let start = left.left + 1 + mistake.range.lowerBound
      canvas.buffer.restyle(
        Rect(column: start, row: rect.top, columns: mistake.range.count, rows: 1)
      ) { $0 = theme[.error].on($0.background).adding(.underline) }
    }
    canvas.writeRight(
      TextWidth.elide(note, to: max(0, columns - 1)), in: right, row: 0,
      style: prompt.mistake == nil ? theme[.muted] : theme[.error])
  }

  private func drawField(
    _ canvas: inout Canvas, _ field: LineEditor, prompt: String, hint: String, in rect: Rect
  ) {
    canvas.cursor = TextField.render(
      into: &canvas.buffer, rect: rect, editor: field, prompt: prompt, placeholder: hint,
      look: canvas.theme.fieldLook)
  }

  private func drawMessage(_ canvas: inout Canvas, _ message: MessageLog.Message, in rect: Rect) {
    let theme = canvas.theme
    let (mark, token): (Character, Token) =
      switch message.severity {
      case .notice: (theme.glyphs.arrow, .accent)
      case .success: (theme.glyphs.tick, .success)
      case .trouble: (theme.glyphs.cross, .error)
      }
    let style = theme[token].on(theme[.status].background)
    let text = message.text.split(separator: "\n").joined(separator: " · ")
    canvas.write("\(mark) \(text)", in: rect, row: 0, style: style)
  }

  /// What the pre-flight comparison says of the ingredient under the cursor.
  private var findingUnderCursor: Finding? {
    guard state.focus == .ingredients, let name = state.table.cursor else { return nil }
    return state.table.warning(of: name)
  }

  private func drawFinding(_ canvas: inout Canvas, _ finding: Finding, in rect: Rect) {
    let theme = canvas.theme
    let isRefused = finding.severity == .refuse
    let mark = isRefused ? theme.glyphs.cross : theme.glyphs.warning
    let text = "\(mark) \(finding.subject ?? "") \(finding.problem)."
    let mend = finding.mend.map { " \($0)." } ?? ""
    let background = theme[.status].background
    canvas.write(
      [
        (text, theme[isRefused ? .error : .warning].on(background)),
        (mend, theme[.muted].on(background)),
      ], in: rect, row: 0)
  }

  private func drawHints(_ canvas: inout Canvas, in rect: Rect) {
    let theme = canvas.theme
    let ground = theme[.status].background
    let bound = hints.compactMap { command, label in
      keymap.keys(for: command).first.map { (command, KeyHints.Hint(KeyName.short($0), label)) }
    }
    let drawn = KeyHints.render(
      into: &canvas.buffer, rect: rect, hints: bound.map(\.1),
      look: KeyHints.Look(key: theme[.keyHint].on(ground), label: theme[.status]))
    for region in drawn.regions {
      canvas.hits.append(
        Canvas.Hit(rect: region.rect, target: .command(bound[region.payload].0)))
    }
  }

  /// What is most useful in the focused pane, then what is useful everywhere.
  private var hints: [(Command, String)] {
    let here: [(Command, String)] =
      switch state.focus {
      case .ingredients:
        [
          (.toggle, "in/out"), (.range, "range"), (.filter, "filter"), (.sortNext, "sort"),
          (.undo, "undo"), (.export, "export"),
        ]
      case .soup: [(.undo, "undo"), (.redo, "redo"), (.clear, "empty"), (.export, "export")]
      case .plot:
        (state.plot.kind.topic == nil ? [] : [(.adopt, "measure")])
          + (state.plot.kind.views.count > 1 ? [(.nextView, "view")] : [])
          + [(.nextPlot, "next plot"), (.crosshairRight, "crosshair"), (.zoomIn, "zoom")]
          + [(.maximise, "maximise")]
      case .jobs:
        [
          (.pause, "pause"), (.cancelJob, "cancel"), (.adopt, "take its soup"),
          (.export, "export"),
        ]
      }
    return here + [
      (.run, "recipe"), (.nextPane, "pane"), (.palette, "command"), (.help, "help"),
      (.quit, "quit"),
    ]
  }
}

/// How keys are written where room is short.
enum KeyName {
  static func short(_ key: KeyPress) -> String {
    switch key.description {
    case "space": "Space"
    case "enter": "Enter"
    case "esc", "escape": "Esc"
    case "tab": "Tab"
    case "shift-tab": "S-Tab"
    case let name where name.hasPrefix("ctrl-"): "^" + name.dropFirst(5).uppercased()
    case let name: name
    }
  }
}
