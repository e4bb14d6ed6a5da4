import CTerminal
import Synchronization

/// Wakes the thread that sleeps in a terminal's `wait`, from any thread.
package final class WakeSignal: Sendable {
  /// The descriptor that becomes readable when the signal is raised; −1 if the system gave none.
  let descriptor: Int32

  /// A signal that is not raised.
  package init() { descriptor = ct_wake_open() }

  deinit { ct_wake_close(descriptor) }

  /// Raises the signal; raising it twice is raising it once.
  package func raise() { ct_wake_raise(descriptor) }

  /// Sleeps until the signal is raised, at most that long.
  func sleep(atMost limit: Duration) {
    let (seconds, attoseconds) = limit.components
    ct_wait_wake(descriptor, seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }

  /// Lowers the signal.
  func lower() { ct_wake_lower(descriptor) }
}

/// Carries values from the work in the background to the thread of the screen.
///
/// Work posts; the event loop drains and applies everything posted since in one go, so that any
/// number of posts costs one frame.
package final class Mailbox<Message: Sendable>: Sendable {
  /// What wakes the loop.
  package let wake = WakeSignal()
  private let messages = Mutex<[Message]>([])

  /// An empty mailbox.
  package init() {}

  /// Leaves a message, and wakes the loop if it was not about to wake already.
  package func post(_ message: Message) {
    let wasEmpty = messages.withLock { waiting in
      waiting.append(message)
      return waiting.count == 1
    }
    if wasEmpty { wake.raise() }
  }

  /// Takes all messages, in the order in which they were posted.
  package func drain() -> [Message] {
    // Lowered first: a message posted in between raises it again, and none is slept through.
    wake.lower()
    return messages.withLock { waiting in
      let taken = waiting
      waiting = []
      return taken
    }
  }
}
