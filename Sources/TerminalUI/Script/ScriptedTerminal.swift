/// A terminal at which a script is played, on top of another that shows what happens.
///
/// A step is taken when the screen is up to date, so that a script does not depend on the speed of
/// the machine. What a person does at the terminal below goes on to count; after the last step it
/// is theirs alone, or the program is asked to end.
package final class ScriptedTerminal: Terminal {
  /// What becomes of the program after the last step.
  package enum Afterwards: Sendable { case goOn, end }

  /// The longest that a `wait` waits.
  private static let patience = Duration.seconds(60)

  private let base: any Terminal
  private let afterwards: Afterwards
  private let show: (String, String?) -> Void
  private let file: String
  private var lines: ArraySlice<Script.Line>
  private var frame: CellBuffer?
  private var ownSize: Size?
  private var pace = Duration.zero
  /// When the step that is being waited for was come to.
  private var since: ContinuousClock.Instant?
  private var nextStep: ContinuousClock.Instant?

  /// What was not as the script says; nil while everything is.
  package private(set) var failure: ScriptError?

  /// - Parameters:
  ///   - base: shows the frames and passes on what a person does.
  ///   - show: takes a screen's text and the file it is for, nil for standard output.
  package init(
    _ base: any Terminal, script: Script, afterwards: Afterwards,
    show: @escaping (String, String?) -> Void
  ) {
    self.base = base
    self.afterwards = afterwards
    self.show = show
    file = script.file
    lines = script.lines[...]
  }

  package var size: Size { ownSize ?? base.size }
  package var now: ContinuousClock.Instant { base.now }

  package func present(_ frame: CellBuffer, cursor: Point?) {
    self.frame = frame
    base.present(frame, cursor: cursor)
  }

  package func wait(
    for wake: WakeSignal?, until deadline: ContinuousClock.Instant?
  ) -> TerminalWake {
    // Without a mailbox to wait for, a frame is due and comes first.
    guard let wake else { return base.wait(for: nil, until: deadline) }
    while true {
      // A pause lasts even when nothing follows it.
      if let nextStep, nextStep > now {
        return base.wait(for: wake, until: earlier(deadline, nextStep))
      }
      guard let line = lines.first else { break }
      switch line.step {
      case .events(let events):
        finish()
        return TerminalWake(events: events)
      case .size(let size):
        ownSize = size
        finish()
        return TerminalWake(events: [.resize(size)])
      case .wait(let text, let isShown):
        if (frame?.text.contains(text) ?? false) == isShown {
          finish()
          continue
        }
        let start = since ?? now
        since = start
        guard now < start + Self.patience else {
          return fail(line, "waited in vain for \"\(text)\"\(isShown ? "" : " to go")")
        }
        return base.wait(for: wake, until: earlier(deadline, start + Self.patience))
      case .pause(let duration):
        finish()
        nextStep = now + duration
      case .pace(let duration):
        pace = duration
        finish()
      case .expect(let text):
        guard frame?.text.contains(text) ?? false else {
          return fail(line, "the screen does not show \"\(text)\"")
        }
        finish()
      case .show(let file):
        show(frame?.text ?? "", file)
        finish()
      }
    }
    return afterwards == .end
      ? TerminalWake(ending: .finished) : base.wait(for: wake, until: deadline)
  }

  private func finish() {
    lines.removeFirst()
    since = nil
    nextStep = pace > .zero ? now + pace : nil
  }

  private func fail(_ line: Script.Line, _ problem: String) -> TerminalWake {
    failure = ScriptError(file: file, line: line.number, problem: problem)
    show(frame?.text ?? "", nil)
    return TerminalWake(ending: .finished)
  }

  private func earlier(
    _ deadline: ContinuousClock.Instant?, _ other: ContinuousClock.Instant
  ) -> ContinuousClock.Instant {
    deadline.map { min($0, other) } ?? other
  }
}
