import Checkpoints
import Kitchen
import Recipes
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
    case .sheet(let sheet) where state.log.current(at: state.now) == nil:
      drawKeys(&canvas, SheetView.hints(sheet), in: rect)
    default:
      if let progress = state.contents.export {
        drawExport(&canvas, progress, in: rect)
      } else if let message = state.log.current(at: state.now) {
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
    if let mistake = prompt.mistake { underline(mistake, of: prompt.field, &canvas, in: left) }
    canvas.writeRight(
      TextWidth.elide(note, to: max(0, columns - 1)), in: right, row: 0,
      style: prompt.mistake == nil ? theme[.muted] : theme[.error])
  }

  /// Marks what is wrong, as far as the line, which scrolls with the cursor, shows it.
  private func underline(
    _ mistake: Filter.Mistake, of field: LineEditor, _ canvas: inout Canvas, in rect: Rect
  ) {
    guard let cursor = canvas.cursor else { return }
    func columns(before place: Int) -> Int {
      TextWidth.columns(of: String(field.text.prefix(place)))
    }
    let start = cursor.column - columns(before: field.cursor)
    let first = max(rect.left + 1, start + columns(before: mistake.range.lowerBound))
    let last = min(rect.right, start + columns(before: mistake.range.upperBound))
    let error = canvas.theme[.error]
    canvas.buffer.restyle(
      Rect(column: first, row: rect.top, columns: max(0, last - first), rows: 1)
    ) { $0 = error.on($0.background).adding(.underline) }
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

  /// How far the file that is being written has come.
  private func drawExport(_ canvas: inout Canvas, _ progress: ExportProgress, in rect: Rect) {
    let theme = canvas.theme
    let background = theme[.status].background
    let share = progress.total > 0 ? Double(progress.done) / Double(progress.total) : 0
    let bar = Bar.text(share: share, columns: 20, theme.glyphs).rightPadded(to: 20)
    let percent = "\(Int((share * 100).rounded(.down))) %".leftPadded(to: 6)
    canvas.write(
      [
        (bar, theme[.gauge].on(background)), ("\(percent) of ", theme[.status]),
        (Numbers.bytes(progress.total), theme[.status]), (" to \(progress.path)", theme[.muted]),
      ], in: rect, row: 0)
  }

  private func drawHints(_ canvas: inout Canvas, in rect: Rect) {
    func key(_ hint: (Command, String)) -> KeyMeaning? {
      keymap.keys(for: hint.0).first.map {
        KeyMeaning(KeyName.short($0), hint.1, command: hint.0)
      }
    }
    // Where the help is has to be seen however narrow the screen is.
    let help = key((.help, "help"))
    let columns = help.map { TextWidth.columns(of: $0.key) + $0.meaning.count + 1 } ?? 0
    let rest = rect.inset(right: columns + 1)
    let last = rect.inset(left: rect.columns - columns)
    drawKeys(&canvas, hints.compactMap(key), in: rest)
    if let help { drawKeys(&canvas, [help], in: last) }
  }

  private func drawKeys(
    _ canvas: inout Canvas, _ keys: [KeyMeaning], in rect: Rect
  ) {
    let theme = canvas.theme
    let ground = theme[.status].background
    let drawn = KeyHints.render(
      into: &canvas.buffer, rect: rect, hints: keys.map { KeyHints.Hint($0.key, $0.meaning) },
      look: KeyHints.Look(key: theme[.keyHint].on(ground), label: theme[.status]))
    for region in drawn.regions {
      guard let command = keys[region.payload].command else { continue }
      canvas.hits.append(Canvas.Hit(rect: region.rect, target: .command(command)))
    }
  }

  /// What is most useful in the focused pane, then what is useful everywhere.
  private var hints: [(Command, String)] {
    let here: [(Command, String)] =
      switch state.focus {
      case .ingredients:
        [
          (.toggle, "in/out"), (.details, "details"), (.filter, "filter"), (.columns, "columns"),
          (.sortNext, "sort"), (.undo, "undo"), (.export, "export"),
        ]
      case .soup:
        [
          (.weights, "weights"), (.keep, "keep"), (.soups, "soups"), (.versus, "compare"),
          (.undo, "undo"), (.export, "export"),
        ]
      case .plot:
        measuringHints
          + (state.plot.kind.views.count > 1 ? [(.nextView, "view")] : [])
          + (state.plot.kind == .scatter ? [(.plotX, "across"), (.plotY, "upright")] : [])
          + [(.nextPlot, "next plot"), (.crosshairRight, "crosshair"), (.zoomIn, "zoom")]
          + (state.plot.isPlain ? [] : [(.zoomReset, "plain again")])
          + [(.scale, "scale"), (.smooth, "smooth"), (.maximise, "maximise")]
      case .jobs:
        jobHints
      }
    return here + [
      (.run, "recipe"), (.nextPane, "pane"), (.palette, "command"), (.quit, "quit"),
    ]
  }

  /// To begin what the plot shows, or to stop it.
  private var measuringHints: [(Command, String)] {
    guard let topic = state.topic(of: state.plot.kind) else { return [] }
    return state.analysis.progress[topic] == nil
      ? [(.adopt, "measure")] : [(.stopAnalysis, "stop measuring")]
  }

  /// What can be done with the shown job as it stands.
  private var jobHints: [(Command, String)] {
    guard let job = state.shownJob else { return [] }
    let here: [(Command, String)] =
      switch job.status {
      case .queued, .running:
        [(.pause, "pause"), (.cancelJob, "cancel"), (.raiseJob, "first")]
      case .paused: [(.pause, "go on"), (.cancelJob, "cancel")]
      case .done:
        [
          (.adopt, job.spec.makesEnsemble ? "take its members" : "take its soup"), (.keep, "keep"),
          (.export, "export"),
          (.retry, "again"),
        ]
      case .cancelled: [(.retry, "go on from there")]
      case .failed: [(.retry, "try again")]
      }
    return here + [(.crosshairLeft, "earlier"), (.messages, "log")]
  }
}

/// A key and what it does, and the command that a click on it gives.
struct KeyMeaning {
  let key: String
  let meaning: String
  let command: Command?

  init(_ key: String, _ meaning: String, command: Command? = nil) {
    self.key = key
    self.meaning = meaning
    self.command = command
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
