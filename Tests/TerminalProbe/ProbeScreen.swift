import TerminalUI
import Themes

/// Shows the last event, some hard text and a few colours, and fails in several ways on demand.
struct ProbeScreen: Application {
  let depth: ColorDepth
  let mailbox: Mailbox<Int>
  var ask: () -> Void = {}
  var leave: () -> Void = {}
  var isFinished = false
  var nextDeadline: ContinuousClock.Instant?

  private var events: [String] = []
  private var messages = 0
  private var frames = 0
  private var shift = 0
  private var editor = LineEditor()
  private var isEditing = false
  private var isDirty = true

  init(depth: ColorDepth, mailbox: Mailbox<Int>) {
    self.depth = depth
    self.mailbox = mailbox
  }

  mutating func handle(_ event: InputEvent) {
    isDirty = true
    events.append("\(event)")
    if events.count > 3 { events.removeFirst() }
    switch event {
    case .key(let press) where isEditing && press.key != .escape: _ = editor.handle(press)
    case .key(let press):
      if press.key == .escape { isEditing = false } else { act(press.description) }
    case .paste(let text) where isEditing: editor.paste(text)
    default: break
    }
  }

  private mutating func act(_ key: String) {
    switch key {
    case "q", "ctrl-c": isFinished = true
    case "i": isEditing = true
    case "t": trap()
    case "o": messages = overflow(messages)
    case "f": fatalError("asked to fail")
    case "w": Task.detached { fatalError("asked to fail elsewhere") }
    case "b": ask()
    case "s": shift += 1
    case "p": note("a line on standard error")
    case "m":
      for task in 0..<8 {
        Task.detached { [mailbox] in
          for number in 0..<5_000 { mailbox.post(task * 5_000 + number) }
        }
      }
    default: break
    }
  }

  private func trap() {
    let empty: [Int] = events.filter { $0.isEmpty }.map(\.count)
    print(empty[messages])
  }

  private func overflow(_ depth: Int) -> Int {
    depth < 0 ? depth : overflow(depth + 1) + overflow(depth + 2)
  }

  private func note(_ text: String) {
    var stream = StandardError()
    print(text, to: &stream)
  }

  mutating func receive(_ new: [Int]) {
    messages += new.count
    isDirty = true
  }

  mutating func deadlinePassed() { nextDeadline = nil }

  mutating func frame(size: Size) -> (buffer: CellBuffer, cursor: Point?)? {
    guard isDirty else { return nil }
    isDirty = false
    frames += 1
    var buffer = CellBuffer(size: size)
    let inside = buffer.box(
      Rect(size), style: Style(foreground: .indexed(6)), title: "probe",
      note: "\(size.columns)x\(size.rows) \(depth)")
    func line(_ row: Int, _ text: String, _ style: Style = .plain) {
      guard row < inside.rows else { return }
      buffer.write(
        text, at: Point(column: inside.left, row: inside.top + row), style: style,
        maxColumns: inside.columns)
    }
    line(0, "messages \(messages)", Style(attributes: .bold))
    for (row, event) in events.enumerated() { line(1 + row, event) }
    line(5, "wide 中文字|emoji 🍲|marks e\u{301}o\u{308}|braille ⣿⡇|\u{1B}[31mnot red")
    line(6, "family 👨‍👩‍👧|flag 🇩🇪|heart ❤️|new 𜴀|end", Style(attributes: .underline))
    for column in 0..<inside.columns where inside.rows > 9 {
      let level = UInt8(truncatingIfNeeded: (column + shift) * 4)
      buffer.put(
        "█", column: inside.left + column, row: inside.top + 8,
        style: Style(foreground: .rgb(level, 128, 255 - level), background: .indexed(17)))
      buffer.put(
        "▄", column: inside.left + column, row: inside.top + 9,
        style: Style(foreground: .indexed(UInt8(column % 16)), background: .rgb(0, 1, level)))
    }
    guard isEditing, inside.rows > 11 else { return (buffer, nil) }
    let field = Rect(column: inside.left, row: inside.bottom - 1, columns: inside.columns, rows: 1)
    let cursor = TextField.render(
      into: &buffer, rect: field, editor: editor, prompt: "> ",
      look: TextField.Look(prompt: .plain, text: .plain, placeholder: .plain))
    return (buffer, cursor)
  }
}
