/// A terminal at which what a person does is written down as a script.
package final class RecordingTerminal: Terminal {
  /// A pause shorter than this is left out.
  private static let leastPause = Duration.milliseconds(300)

  private let base: any Terminal
  private let write: (String) -> Void
  private var last: ContinuousClock.Instant

  /// - Parameters:
  ///   - base: the terminal of the person.
  ///   - write: takes a line at a time, without its end.
  package init(_ base: any Terminal, write: @escaping (String) -> Void) {
    self.base = base
    self.write = write
    last = base.now
    write("size \(base.size.columns) \(base.size.rows)")
  }

  package var size: Size { base.size }
  package var now: ContinuousClock.Instant { base.now }

  package func present(_ frame: CellBuffer, cursor: Point?) { base.present(frame, cursor: cursor) }

  package func wait(
    for wake: WakeSignal?, until deadline: ContinuousClock.Instant?
  ) -> TerminalWake {
    let result = base.wait(for: wake, until: deadline)
    let lines = result.events.compactMap(Self.line)
    guard !lines.isEmpty else { return result }
    let pause = last.duration(to: now)
    if pause >= Self.leastPause {
      write("pause \((pause / .milliseconds(100)).rounded() / 10)")
    }
    last = now
    lines.forEach(write)
    return result
  }

  /// The line of a script that does the same; nil for what a person did not do.
  static func line(_ event: InputEvent) -> String? {
    switch event {
    case .key(let key): return "keys \(key)"
    case .paste(let text):
      return "paste " + text.map { $0.isNewline ? " " : $0 }
    case .resize(let size): return "size \(size.columns) \(size.rows)"
    case .mouse(let mouse):
      let place = "\(mouse.position.column + 1) \(mouse.position.row + 1)"
      switch mouse.kind {
      case .press(.left): return "press \(place)"
      case .drag(.left): return "drag \(place)"
      case .release(.left): return "release \(place)"
      case .scrollUp: return "scroll up \(place)"
      case .scrollDown: return "scroll down \(place)"
      default: return nil
      }
    case .focus, .report: return nil
    }
  }
}
