/// What a wait for the terminal ended with.
package struct TerminalWake: Sendable {
  /// What came in, in order; empty when a message or the deadline ended the wait.
  package var events: [InputEvent]
  /// Why the program has to end; nil while it goes on.
  package var ending: LoopEnding?

  /// What a wait ended with.
  package init(events: [InputEvent] = [], ending: LoopEnding? = nil) {
    self.events = events
    self.ending = ending
  }
}

/// Why an event loop came to its end.
package enum LoopEnding: Hashable, Sendable {
  /// The application said so.
  case finished
  /// The terminal is gone: its window was closed, or its connection dropped.
  case hangUp
  /// The process was asked to end by this signal.
  case signal(Int32)
}

/// A screen that shows frames and a keyboard that sends events.
///
/// Made, used and given up on one thread; nothing here may be called from another.
package protocol Terminal: AnyObject {
  /// The present extent of the screen.
  var size: Size { get }

  /// The present time, which a terminal without a screen may make up.
  var now: ContinuousClock.Instant { get }

  /// Shows a frame; only what differs from the one before is sent.
  /// - Parameters:
  ///   - frame: what to show; what is beyond the screen is cut off.
  ///   - cursor: where the text cursor stands; hidden when nil.
  func present(_ frame: CellBuffer, cursor: Point?)

  /// Sleeps until something comes from the terminal, a message is posted, or a time is reached.
  /// - Parameters:
  ///   - wake: the mailbox whose messages end the sleep; nil to sleep through them.
  ///   - deadline: when to wake at the latest; nil to sleep for as long as nothing happens.
  func wait(for wake: WakeSignal?, until deadline: ContinuousClock.Instant?) -> TerminalWake
}
