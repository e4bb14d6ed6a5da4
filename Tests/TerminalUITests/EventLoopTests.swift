import Foundation
import Testing
import Themes

@testable import TerminalUI

/// Counts what the loop does to it, and ends on `q`.
private struct Recorder: Application {
  var keys: [String] = []
  var received: [[Int]] = []
  var sizes: [Size] = []
  var isFinished = false
  var nextDeadline: ContinuousClock.Instant?
  var deadlines = 0
  var isDirty = true
  /// Called on every key.
  var onKey: (String) -> Void = { _ in }

  mutating func handle(_ event: InputEvent) {
    isDirty = true
    switch event {
    case .key(let press):
      keys.append(press.description)
      onKey(press.description)
      if press == KeyPress("q") { isFinished = true }
    case .resize(let size): sizes.append(size)
    default: break
    }
  }

  mutating func receive(_ messages: [Int]) {
    received.append(messages)
    isDirty = true
  }

  mutating func deadlinePassed() {
    deadlines += 1
    nextDeadline = nil
    isDirty = true
  }

  mutating func frame(size: Size) -> (buffer: CellBuffer, cursor: Point?)? {
    guard isDirty else { return nil }
    isDirty = false
    var buffer = CellBuffer(size: size)
    buffer.write("\(keys.count) \(received.joined().count)", at: .zero, style: .plain)
    return (buffer, keys.isEmpty ? nil : Point(column: 1, row: 0))
  }
}

@Suite struct EventLoopTests {
  private let size = Size(columns: 10, rows: 2)

  @Test func keysAreHandledInOrderAndShown() {
    let terminal = HeadlessTerminal(
      size: size,
      script: [
        .keys(["a", "b"]), .bytes(Array("\u{1B}[A".utf8)), .resize(Size(columns: 6, rows: 1)),
        .pass(.milliseconds(100)), .keys(["q"]), .keys(["never"]),
      ])
    var recorder = Recorder()
    let ending = EventLoop.run(&recorder, on: terminal, mailbox: Mailbox())
    #expect(ending == .finished)
    #expect(recorder.keys == ["a", "b", "up", "q"])
    #expect(recorder.sizes == [Size(columns: 6, rows: 1)])
    #expect(terminal.frame?.row(0) == "3 0")
    #expect(terminal.cursor == Point(column: 1, row: 0))
  }

  @Test func nothingHappeningCostsNothing() {
    let terminal = HeadlessTerminal(size: size, script: [.pass(.seconds(3600)), .keys(["q"])])
    var recorder = Recorder()
    _ = EventLoop.run(&recorder, on: terminal, mailbox: Mailbox())
    #expect(terminal.frameCount == 1)
    #expect(terminal.wakeCount == 2)
  }

  @Test func framesKeepTheirDistance() {
    // A key every millisecond for 160 ms: 8 ms between frames at the least.
    let keys = (0..<160).flatMap { _ in
      [HeadlessTerminal.Step.keys(["x"]), .pass(.milliseconds(1))]
    }
    let terminal = HeadlessTerminal(size: size, script: keys + [.pass(.seconds(1))])
    var recorder = Recorder()
    let ending = EventLoop.run(&recorder, on: terminal, mailbox: Mailbox())
    #expect(ending == .hangUp)
    #expect(recorder.keys.count == 160)
    #expect((20...22).contains(terminal.frameCount))
    #expect(terminal.frame?.row(0) == "160 0")
  }

  @Test func messagesAreDeliveredInOneGoAndPaced() {
    let mailbox = Mailbox<Int>()
    var recorder = Recorder()
    recorder.onKey = { _ in for number in 0..<1_000 { mailbox.post(number) } }
    let terminal = HeadlessTerminal(
      size: size, script: [.pass(.seconds(1)), .keys(["x"]), .pass(.seconds(1)), .keys(["q"])])
    _ = EventLoop.run(&recorder, on: terminal, mailbox: mailbox)
    #expect(recorder.received.map(\.count) == [1_000])
    #expect(recorder.received.first == Array(0..<1_000))
    #expect(terminal.frameCount == 2)
  }

  @Test func aDeadlineWakesTheLoopOnce() {
    let terminal = HeadlessTerminal(
      size: size, script: [.pass(.seconds(10)), .pass(.seconds(10)), .keys(["q"])])
    var recorder = Recorder()
    recorder.nextDeadline = terminal.now + .seconds(5)
    _ = EventLoop.run(&recorder, on: terminal, mailbox: Mailbox())
    #expect(recorder.deadlines == 1)
    #expect(terminal.frameCount == 2)
  }

  @Test func theEndOfTheTerminalEndsTheLoop() {
    let terminal = HeadlessTerminal(size: size, script: [.keys(["x"]), .end(.signal(15))])
    var recorder = Recorder()
    #expect(EventLoop.run(&recorder, on: terminal, mailbox: Mailbox()) == .signal(15))
    #expect(recorder.keys == ["x"])
  }

  @Test func pacingPrefersKeys() {
    let start = ContinuousClock.now
    var pacer = FramePacer()
    #expect(pacer.isDue(at: start))
    pacer.drew(at: start)
    #expect(!pacer.isDue(at: start + .seconds(9)) && pacer.due == nil)
    pacer.changed(by: .messages)
    #expect(pacer.due == start + .milliseconds(33))
    pacer.changed(by: .input)
    #expect(pacer.due == start + .milliseconds(8))
    pacer.changed(by: .messages)
    #expect(!pacer.isDue(at: start + .milliseconds(7)))
    #expect(pacer.isDue(at: start + .milliseconds(8)))
  }

  @Test func aFrameForMessagesHoldsNoKeyUp() {
    let start = ContinuousClock.now
    var pacer = FramePacer()
    pacer.drew(at: start)
    pacer.changed(by: .messages)
    pacer.drew(at: start + .milliseconds(40))
    pacer.changed(by: .input)
    #expect(pacer.isDue(at: start + .milliseconds(41)))
    pacer.drew(at: start + .milliseconds(41))
    pacer.changed(by: .messages)
    #expect(pacer.due == start + .milliseconds(74))
    pacer.changed(by: .input)
    #expect(pacer.due == start + .milliseconds(49))
  }

  @Test func whatTheFirstFrameShallNotWaitForComesAfterIt() {
    var recorder = Recorder()
    let terminal = HeadlessTerminal(size: size, script: [.keys(["x"]), .keys(["q"])])
    var framesBefore: [Int] = []
    _ = EventLoop.run(&recorder, on: terminal, mailbox: Mailbox<Int>()) {
      framesBefore.append(terminal.frameCount)
    }
    #expect(framesBefore == [1])
  }

  @Test func messagesFromManyTasksArriveOnceEach() async {
    let mailbox = Mailbox<Int>()
    let perTask = 5_000
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for number in 0..<perTask { mailbox.post(task * perTask + number) }
        }
      }
    }
    let all = mailbox.drain()
    #expect(all.count == 8 * perTask)
    for task in 0..<8 {
      let own = all.filter { $0 / perTask == task }
      #expect(own == own.sorted() && own.count == perTask)
    }
    #expect(mailbox.drain().isEmpty)
  }

  @Test func aPostEndsTheWaitForMessages() {
    let mailbox = Mailbox<Int>()
    var recorder = Recorder()
    recorder.onKey = { key in if key == "x" { Thread.detachNewThread { mailbox.post(7) } } }
    let terminal = HeadlessTerminal(
      size: size,
      script: [
        .keys(["x"]), .until(atMost: .seconds(20)) { $0.row(0) == "1 1" }, .keys(["q"]),
      ])
    _ = EventLoop.run(&recorder, on: terminal, mailbox: mailbox)
    #expect(recorder.received == [[7]])
    #expect(terminal.frame?.row(0) == "1 1")
  }
}
