/// A program that an event loop can run on a terminal.
///
/// It never waits: work goes on elsewhere and comes back as messages.
package protocol Application {
  /// What work in the background posts.
  associatedtype Message: Sendable

  /// Takes one event from the terminal.
  mutating func handle(_ event: InputEvent)

  /// Takes the messages posted since the last time, in order; never none.
  mutating func receive(_ messages: [Message])

  /// Draws the screen at that size; nil when nothing has changed since the last frame.
  mutating func frame(size: Size) -> (buffer: CellBuffer, cursor: Point?)?

  /// When the application wants `deadlinePassed`; nil when it waits for nothing.
  var nextDeadline: ContinuousClock.Instant? { get }

  /// The time of `nextDeadline` has come; it must be later, or nil, afterwards.
  mutating func deadlinePassed()

  /// Whether the loop shall end.
  var isFinished: Bool { get }
}

/// Runs an application on a terminal: one thread, which sleeps while nothing happens.
package enum EventLoop {
  /// Runs until the application is finished, the terminal is gone or the process is asked to end.
  ///
  /// Events and messages are taken as they come. A key is seen at once, at most every 8 ms; frames
  /// for messages alone follow the one before by 33 ms. With no input, no message and no deadline there is no wake-up.
  /// - Parameter afterFirstFrame: starts what the first frame shall not wait for.
  /// - Returns: why it ended.
  package static func run<App: Application>(
    _ application: inout App, on terminal: any Terminal, mailbox: Mailbox<App.Message>,
    afterFirstFrame: () -> Void = {}
  ) -> LoopEnding {
    var pacer = FramePacer()
    var isFirst = true
    while !application.isFinished {
      var now = terminal.now
      if pacer.isDue(at: now) {
        pacer.drew(at: now)
        if let frame = application.frame(size: terminal.size) {
          terminal.present(frame.buffer, cursor: frame.cursor)
        }
        if isFirst { afterFirstFrame() }
        isFirst = false
      }
      let moment = application.nextDeadline
      let deadline = [moment, pacer.due].compactMap(\.self).min()
      // With a frame already due, its own time is soon enough for further messages.
      let wake = terminal.wait(for: pacer.due == nil ? mailbox.wake : nil, until: deadline)
      now = terminal.now
      for event in wake.events {
        application.handle(event)
        if application.isFinished { return .finished }
      }
      if !wake.events.isEmpty { pacer.changed(by: .input) }
      let messages = mailbox.drain()
      if !messages.isEmpty {
        application.receive(messages)
        pacer.changed(by: .messages)
      }
      if let moment, moment <= now {
        application.deadlinePassed()
        pacer.changed(by: .messages)
      }
      if let ending = wake.ending { return ending }
    }
    return .finished
  }
}

/// Decides when the next frame is drawn.
struct FramePacer {
  /// What made a frame necessary.
  enum Cause { case input, messages }

  /// The least time between two frames that keys cause; one for messages holds no key up.
  static let afterInput = Duration.milliseconds(8)
  /// The least time between two frames when only work reports.
  static let afterMessages = Duration.milliseconds(33)

  private var last: ContinuousClock.Instant?
  private var lastForInput: ContinuousClock.Instant?
  private var cause: Cause? = .input

  /// When a frame is due at the earliest; nil when none is.
  var due: ContinuousClock.Instant? {
    switch cause {
    case .input: lastForInput.map { $0 + Self.afterInput }
    case .messages: last.map { $0 + Self.afterMessages }
    case nil: nil
    }
  }

  /// Whether a frame is to be drawn now.
  func isDue(at now: ContinuousClock.Instant) -> Bool {
    guard cause != nil else { return false }
    return due.map { $0 <= now } ?? true
  }

  /// Something changed that may show.
  mutating func changed(by new: Cause) {
    if cause != .input { cause = new }
  }

  /// A frame was drawn.
  mutating func drew(at now: ContinuousClock.Instant) {
    last = now
    if cause == .input { lastForInput = now }
    cause = nil
  }
}
