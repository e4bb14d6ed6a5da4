/// A terminal without a screen: plays a script of events and keeps what was shown.
///
/// Time is made up: it stands still while the application works and jumps to the deadline when the
/// application waits, so a test that spans minutes takes none and does not depend on the machine.
package final class HeadlessTerminal: Terminal {
  /// What happens next.
  package enum Step: Sendable {
    /// Keys are pressed, by their names: `.keys("j", "j", "space", "ctrl-r")`.
    case keys([String])
    /// Bytes arrive, as a real terminal would send them.
    case bytes([UInt8])
    /// Events arrive.
    case events([InputEvent])
    /// The window changes its extent.
    case resize(Size)
    /// Nothing happens for that long: deadlines within it pass, messages are delivered.
    case pass(Duration)
    /// Waits in real time for work in the background, until the screen is as it should be.
    ///
    /// Goes on after `atMost` in any case: what the screen shows then is for the test to judge.
    case until(atMost: Duration, @Sendable (CellBuffer) -> Bool)
    /// The process is asked to end.
    case end(LoopEnding)
  }

  /// The present extent of the screen.
  package private(set) var size: Size
  /// The made-up time.
  package private(set) var now = ContinuousClock.now
  /// What is on the screen.
  package private(set) var frame: CellBuffer?
  /// Where the text cursor stands; nil while it is hidden.
  package private(set) var cursor: Point?
  /// How many frames have been shown.
  package private(set) var frameCount = 0
  /// How many times the loop was woken.
  package private(set) var wakeCount = 0
  /// Cells sent so far: what a real terminal would have been sent.
  package private(set) var cellCount = 0

  private var steps: [Step]
  private let isLive: Bool
  private var decoder = InputDecoder()

  /// A terminal of that extent which plays a script, and hangs up at its end.
  /// - Parameter isLive: goes on after the script instead, and waits in real time for work in the
  ///   background: the ground for a `ScriptedTerminal`.
  package init(size: Size, script: [Step] = [], isLive: Bool = false) {
    self.size = size
    self.isLive = isLive
    steps = script.reversed()
  }

  /// What is on the screen, as text.
  package var text: String { frame?.text ?? "" }

  /// Keeps a frame.
  package func present(_ frame: CellBuffer, cursor: Point?) {
    for span in FrameDiff.spans(from: self.frame, to: frame) { cellCount += span.columns.count }
    self.frame = frame
    self.cursor = cursor
    frameCount += 1
  }

  /// Plays the next step of the script.
  package func wait(
    for wake: WakeSignal?, until deadline: ContinuousClock.Instant?
  ) -> TerminalWake {
    wakeCount += 1
    guard let step = steps.popLast() else {
      if isLive {
        _ = sleep(for: wake, until: deadline, atMost: .seconds(3600))
        return TerminalWake()
      }
      // The last frame is due before the window closes.
      if let deadline, wake == nil, deadline > now {
        now = deadline
        return TerminalWake()
      }
      return TerminalWake(ending: .hangUp)
    }
    switch step {
    case .keys(let names):
      return TerminalWake(events: names.compactMap { KeyPress(parsing: $0).map { .key($0) } })
    case .bytes(let bytes):
      return TerminalWake(events: decoder.decode(bytes) + decoder.flush())
    case .events(let events): return TerminalWake(events: events)
    case .resize(let new):
      size = new
      return TerminalWake(events: [.resize(new)])
    case .pass(let duration):
      let end = now + duration
      if let deadline, deadline < end {
        let reached = max(deadline, now)
        steps.append(.pass(reached.duration(to: end)))
        now = reached
      } else {
        now = end
      }
      return TerminalWake()
    case .until(let limit, let isDone):
      if limit <= .zero || frame.map(isDone) == true { return wait(for: wake, until: deadline) }
      let rest = sleep(for: wake, until: deadline, atMost: limit)
      steps.append(.until(atMost: rest, isDone))
      return TerminalWake()
    case .end(let ending): return TerminalWake(ending: ending)
    }
  }

  /// Sleeps in real time, by which the made-up time moves on too; gives what is left of the limit.
  private func sleep(
    for wake: WakeSignal?, until deadline: ContinuousClock.Instant?, atMost limit: Duration
  ) -> Duration {
    let longest = min(limit, deadline.map { max(.zero, now.duration(to: $0)) } ?? limit)
    guard let wake else {
      // Nothing but the time of the next frame is waited for.
      now += longest
      return limit
    }
    let slept = ContinuousClock().measure { wake.sleep(atMost: longest) }
    now += slept
    return limit - slept
  }
}
