import Foundation
import TerminalUI
import Testing
import Themes

/// Writes the keys it was given on the screen, and a message when one comes.
private struct Typewriter: Application {
  var text = ""
  var size = Size.zero
  var isFinished = false
  var nextDeadline: ContinuousClock.Instant?
  /// Called on every key.
  var onKey: () -> Void = {}
  private var isDirty = true

  mutating func handle(_ event: InputEvent) {
    isDirty = true
    switch event {
    case .key(let key):
      text += key.description + " "
      onKey()
    case .paste(let pasted): text += "<\(pasted)> "
    case .mouse(let mouse): text += "\(mouse.kind)@\(mouse.position.column),\(mouse.position.row) "
    case .resize(let new): size = new
    case .focus, .report: break
    }
  }

  mutating func receive(_ messages: [String]) {
    isDirty = true
    text += messages.joined()
  }

  mutating func frame(size: Size) -> (buffer: CellBuffer, cursor: Point?)? {
    guard isDirty else { return nil }
    isDirty = false
    var buffer = CellBuffer(size: size)
    buffer.write(text, at: .zero, style: .plain, maxColumns: size.columns, elide: .none)
    return (buffer, nil)
  }

  mutating func deadlinePassed() {}
}

struct ScriptTests {
  private func play(
    _ text: String, posting message: String? = nil
  ) throws -> (app: Typewriter, failure: ScriptError?, shown: [String]) {
    let script = try Script(parsing: text, file: "demo.txt")
    let base = HeadlessTerminal(size: Size(columns: 120, rows: 5), isLive: true)
    var shown: [String] = []
    let terminal = ScriptedTerminal(base, script: script, afterwards: .end) { text, _ in
      shown.append(text)
    }
    let mailbox = Mailbox<String>()
    var app = Typewriter()
    // Work that the first key begins, and that takes its time.
    var message = message
    app.onKey = {
      guard let done = message else { return }
      message = nil
      // The loops of these tests fill the threads that tasks run on.
      Thread.detachNewThread {
        Thread.sleep(forTimeInterval: 0.03)
        mailbox.post(done)
      }
    }
    #expect(EventLoop.run(&app, on: terminal, mailbox: mailbox) == .finished)
    return (app, terminal.failure, shown)
  }

  @Test func everyStepHappensInOrder() throws {
    let result = try play(
      """
      # a comment

      keys j ctrl-r pgdn
      :go on
        type a b
      paste two words
      click 3 2
      scroll down 1 1
      size 90 4
      expect paste
      """.replacing("expect paste", with: "expect <two words>\nshow"))
    #expect(result.failure == nil)
    #expect(
      result.app.text
        == "j ctrl-r pgdn : g o space o n enter a space b <two words> press(TerminalUI.MouseEvent.Button.left)@2,1 release(TerminalUI.MouseEvent.Button.left)@2,1 scrollDown@0,0 "
    )
    #expect(result.app.size == Size(columns: 90, rows: 4))
    #expect(result.shown.count == 1 && result.shown[0].hasPrefix("j ctrl-r"))
  }

  @Test func aWaitIsForWorkInTheBackground() throws {
    let result = try play("keys a\nwait done\nkeys b", posting: "done ")
    #expect(result.failure == nil)
    #expect(result.app.text == "a done b ")
  }

  @Test func aPauseLastsThoughNothingFollows() throws {
    let result = try play("keys a\npause 3", posting: "done ")
    #expect(result.app.text == "a done ")
  }

  @Test func anExpectationThatFailsEndsTheScript() throws {
    let result = try play("keys a\nexpect nothing\nkeys b")
    #expect(
      result.failure?.description == "demo.txt: line 2: the screen does not show \"nothing\".")
    #expect(result.app.text == "a " && result.shown.count == 1)
  }

  @Test(
    arguments: [
      ("jump", "\"jump\" is no step; there are keys, :COMMAND, type,"),
      ("keys hyper-x", "\"hyper-x\" is not a key"), ("click 3", "are not a column and a row"),
      ("click 0 1", "are not a column and a row"), ("scroll 3 4", "scroll up or down"),
      ("wait", "a text is missing"), ("pause long", "\"long\" is not a number of seconds"),
      ("size 3 x", "are not a column and a row"),
    ])
  func whatIsNoStepIsSaid(line: String, problem: String) {
    do {
      _ = try Script(parsing: "keys a\n\n" + line, file: "s")
      Issue.record("read \(line)")
    } catch {
      #expect(error.line == 3 && error.problem.contains(problem), "\(error)")
    }
  }

  /// What was recorded plays as it was done.
  @Test func aRecordIsAScript() throws {
    let events: [InputEvent] = [
      .key(KeyPress("j")), .key(KeyPress("#")), .key(KeyPress(" ")), .key(KeyPress("r", .ctrl)),
      .key(KeyPress(.function(5), .shift)), .paste("a b"), .key(KeyPress(":")),
      .mouse(MouseEvent(.press(.left), at: Point(column: 4, row: 2))),
      .mouse(MouseEvent(.drag(.left), at: Point(column: 9, row: 0))),
      .mouse(MouseEvent(.release(.left), at: Point(column: 9, row: 0))),
      .mouse(MouseEvent(.scrollUp, at: Point(column: 0, row: 0))),
      .resize(Size(columns: 70, rows: 20)),
    ]
    var lines: [String] = []
    let base = HeadlessTerminal(
      size: Size(columns: 80, rows: 24),
      script: [.events(events), .pass(.seconds(2)), .keys(["x"])])
    let terminal = RecordingTerminal(base) { lines.append($0) }
    var app = Typewriter()
    _ = EventLoop.run(&app, on: terminal, mailbox: Mailbox<String>())
    #expect(lines.contains { $0.hasPrefix("pause ") })
    let script = try Script(parsing: lines.joined(separator: "\n"), file: "record")
    let replayed = script.lines.flatMap { line -> [InputEvent] in
      switch line.step {
      case .events(let events): events
      case .size(let size) where line.number > 1: [.resize(size)]
      default: []
      }
    }
    #expect(replayed == events + [.key(KeyPress("x"))])
  }
}
