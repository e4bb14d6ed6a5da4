import Foundation
import TerminalUI

/// Makes actions of what the mouse does: it remembers the border that is dragged and the last click.
struct MouseReading {
  private static let doubleClick = 0.4
  /// How much of a plot is left by a notch of the wheel.
  private static let notch = 0.8

  private var dragged: Divider?
  /// The plot whose crosshair follows the pointer while the button is down.
  private var inspected: PlotSight?
  private var lastClick: (target: ClickTarget, date: Date)?

  mutating func actions(
    for event: MouseEvent, in state: State, hits: [Canvas.Hit], at now: Date
  ) -> [Action] {
    switch event.kind {
    case .press(.left): return press(at: event.position, in: state, hits: hits, at: now)
    case .drag(.left):
      if let inspected { return [.inspect(inspected, at: event.position)] }
      return dragged.map { [.drag($0, to: event.position)] } ?? []
    case .release:
      dragged = nil
      inspected = nil
      return []
    case .scrollUp: return wheel(-1, at: event.position, in: state, hits: hits)
    case .scrollDown: return wheel(1, at: event.position, in: state, hits: hits)
    default: return []
    }
  }

  private mutating func press(
    at point: Point, in state: State, hits: [Canvas.Hit], at now: Date
  ) -> [Action] {
    let target = hits.last { $0.rect.contains(point) }?.target
    if !state.modes.isEmpty {
      guard case .choice = target else { return [] }
      return target.map { [.click($0)] } ?? []
    }
    if case .pane? = target, let divider = state.layout.divider(at: point) {
      dragged = divider
      return []
    }
    guard let target else { return [] }
    if case .picture(let sight) = target {
      inspected = sight
      return [.inspect(sight, at: point)]
    }
    if let last = lastClick, last.target == target, case .ingredient = target,
      now.timeIntervalSince(last.date) < Self.doubleClick
    {
      lastClick = nil
      return [.command(.adopt)]
    }
    lastClick = (target, now)
    return [.click(target)]
  }

  /// The wheel moves what is under it: the open list, otherwise the pane's rows; over a plot it zooms.
  private func wheel(
    _ direction: Int, at point: Point, in state: State, hits: [Canvas.Hit]
  ) -> [Action] {
    switch state.modes.last {
    case .help, .sheet:
      return Array(repeating: .key(KeyPress(direction < 0 ? .up : .down)), count: 3)
    case .palette, .recipes, .recipeForm, .themes, .axis, .comparison:
      return [.key(KeyPress(direction < 0 ? .up : .down))]
    case .filter, .confirm, .export: return []
    case nil: break
    }
    if case .picture(let sight)? = hits.last(where: { $0.rect.contains(point) })?.target {
      return [.magnify(sight, at: point, by: direction < 0 ? Self.notch : 1 / Self.notch)]
    }
    let pane = hits.lazy.compactMap { hit -> Pane? in
      guard case .pane(let pane) = hit.target, hit.rect.contains(point) else { return nil }
      return pane
    }.first
    return pane.map { [.scroll($0, rows: 3 * direction)] } ?? []
  }
}
