package import Foundation
import Kitchen
package import TerminalUI
package import Themes

/// The dashboard as the event loop runs it: input and messages in, frames out.
package struct DashboardApp: Application {
  package typealias Message = Action

  package private(set) var state: State
  private let theme: Theme
  private let keymap: Keymap
  private let perform: (Effect) -> Void
  private let clock: () -> Date
  private var isDirty = true
  private var hits: [Canvas.Hit] = []

  /// - Parameters:
  ///   - perform: does an effect without waiting for it.
  ///   - clock: the time of an action.
  package init(
    state: State, theme: Theme, keymap: Keymap = .standard,
    clock: @escaping () -> Date = { Date() }, perform: @escaping (Effect) -> Void
  ) {
    self.state = state
    self.theme = theme
    self.keymap = keymap
    self.clock = clock
    self.perform = perform
  }

  package var isFinished: Bool { state.isQuitting }

  package mutating func handle(_ event: InputEvent) {
    switch event {
    case .key(let key): take(action(for: key))
    case .paste(let text): take(.paste(text))
    case .resize(let size): take(.resize(size))
    case .mouse(let mouse):
      if let action = action(for: mouse) { take(action) }
    case .focus, .report: break
    }
  }

  package mutating func receive(_ messages: [Action]) {
    for message in messages { take(message) }
  }

  package mutating func frame(size: Size) -> (buffer: CellBuffer, cursor: Point?)? {
    if size != state.size { take(.resize(size)) }
    guard isDirty else { return nil }
    isDirty = false
    let canvas = Screen.render(state, theme: theme, keymap: keymap)
    hits = canvas.hits
    return (canvas.buffer, canvas.cursor)
  }

  /// Only a message that goes by itself, or rows that wait to be put in order, need a clock.
  package var nextDeadline: ContinuousClock.Instant? {
    let moments = [state.log.expiry(at: state.now), state.settlesAt].compactMap(\.self)
    guard let next = moments.min() else { return nil }
    return .now + .seconds(max(0.05, next.timeIntervalSince(clock())))
  }

  package mutating func deadlinePassed() { take(.tick) }

  private mutating func take(_ action: Action) {
    isDirty = true
    for effect in reduce(&state, action, at: clock()) { perform(effect) }
  }

  /// An open prompt gets every key; otherwise the bindings say what a key means.
  private func action(for key: KeyPress) -> Action {
    if !state.modes.isEmpty, key != KeyPress("c", .ctrl) { return .key(key) }
    return keymap.command(for: key).map { .command($0) } ?? .key(key)
  }

  private func action(for mouse: MouseEvent) -> Action? {
    let target = hits.last { $0.rect.contains(mouse.position) }?.target
    switch mouse.kind {
    case .press(.left):
      return state.modes.isEmpty ? target.map { .click($0) } : nil
    case .scrollUp, .scrollDown:
      let rows = mouse.kind == .scrollUp ? -3 : 3
      let pane = hits.first { hit in
        guard case .pane = hit.target else { return false }
        return hit.rect.contains(mouse.position)
      }
      guard state.modes.isEmpty, case .pane(let under)? = pane?.target else { return nil }
      return .scroll(under, rows: rows)
    default:
      return nil
    }
  }
}
