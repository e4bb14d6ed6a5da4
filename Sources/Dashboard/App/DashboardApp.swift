package import Foundation
import Kitchen
package import TerminalUI
import Themes

/// The dashboard as the event loop runs it: input and messages in, frames out.
package struct DashboardApp: Application {
  package typealias Message = Action

  package private(set) var state: State
  private var themes: ThemeSource
  private var theme: Theme
  /// What `theme` was loaded for; nil when it is to be loaded again.
  private var themeName: String?
  /// By name, as they were read since the settings were.
  private var readThemes: [String: Theme] = [:]
  private let perform: (Effect) -> Void
  private let clock: () -> Date
  private var mouse = MouseReading()
  private var isDirty = true
  private var hits: [Canvas.Hit] = []

  /// - Parameters:
  ///   - perform: does an effect without waiting for it.
  ///   - clock: the time of an action.
  /// - Throws: `ThemeError` when the theme wanted at the start cannot be read.
  package init(
    state: State, themes: ThemeSource, clock: @escaping () -> Date = { Date() },
    perform: @escaping (Effect) -> Void
  ) throws {
    self.state = state
    self.themes = themes
    themeName = state.look.shown
    theme = try themes.theme(state.look.shown)
    self.clock = clock
    self.perform = perform
  }

  /// The screen as text, as it would be drawn now.
  package var screen: String { render().buffer.text }

  private func render() -> Canvas {
    Screen.render(state, theme: theme, keymap: state.settings.keymap)
  }

  package var isFinished: Bool { state.isQuitting }

  package mutating func handle(_ event: InputEvent) {
    switch event {
    case .key(let key): take(action(for: key))
    case .paste(let text): take(.paste(text))
    case .resize(let size): take(.resize(size))
    case .mouse(let event):
      for action in mouse.actions(for: event, in: state, hits: hits, at: clock()) { take(action) }
    case .report(.background(let red, let green, let blue)):
      take(.appearance(Theme.Appearance(of: RGB(red, green, blue))))
    case .report(.appearance(let isDark)): take(.appearance(isDark ? .dark : .light))
    case .focus: break
    }
  }

  package mutating func receive(_ messages: [Action]) {
    for message in messages { take(message) }
  }

  package mutating func frame(size: Size) -> (buffer: CellBuffer, cursor: Point?)? {
    if size != state.size { take(.resize(size)) }
    guard isDirty else { return nil }
    isDirty = false
    loadTheme()
    let canvas = render()
    hits = canvas.hits
    return (canvas.buffer, canvas.cursor)
  }

  /// Only a message that goes by itself, or rows that wait to be put in order, need a clock.
  package var nextDeadline: ContinuousClock.Instant? {
    let moments = [state.log.expiry(at: state.now), state.settlesAt].compactMap(\.self)
    guard let next = moments.min() else { return nil }
    return .now + .seconds(next.timeIntervalSince(clock()))
  }

  package mutating func deadlinePassed() { take(.tick) }

  private mutating func take(_ action: Action) {
    isDirty = true
    // A theme may be one of the files that were saved.
    if case .settings = action { (themeName, readThemes) = (nil, [:]) }
    for effect in reduce(&state, action, at: clock()) { perform(effect) }
  }

  /// Reads the wanted theme when it is another than the one shown; one with faults changes nothing.
  private mutating func loadTheme() {
    let wanted = state.look.shown
    guard wanted != themeName else { return }
    themeName = wanted
    if let read = readThemes[wanted] {
      theme = read
      return
    }
    themes.transparent = state.settings.transparent
    themes.ascii = state.settings.ascii
    do {
      theme = try themes.theme(wanted)
      readThemes[wanted] = theme
    } catch {
      _ = reduce(&state, .kitchen(.trouble("\(error)")), at: clock())
    }
  }

  /// An open prompt gets every key; otherwise the bindings say what a key means.
  ///
  /// Where nothing can be drawn, nothing is done but quitting.
  private func action(for key: KeyPress) -> Action {
    let command = state.settings.keymap.command(for: key, in: state.focus)
    if state.layout.arrangement == .tooSmall {
      if case .confirm? = state.modes.last { return .key(key) }
      return command == .quit ? .command(.quit) : .tick
    }
    if !state.modes.isEmpty, key != KeyPress("c", .ctrl) { return .key(key) }
    return command.map { .command($0) } ?? .key(key)
  }
}
