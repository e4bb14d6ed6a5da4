import Kitchen
import Recipes
import Sweeps
import TerminalUI

/// What is asked of the comparison of every recipe.
package enum ComparisonRequest: Hashable, Sendable {
  /// Say what it would cost.
  case plan
  case start
  case pause
  case resume
  case cancel
}

/// Shows the comparison; asks what it would cost when there is none yet.
func openComparison(_ state: inout State) -> [Effect] {
  state.modes.append(.comparison(selected: 0))
  guard state.comparison == nil else { return [] }
  if let trouble = state.evaluatorTrouble {
    state.log.add(trouble, .trouble, at: state.now)
    return []
  }
  return [.comparison(.plan)]
}

/// The comparison has moved on.
func takeComparison(_ standing: ComparisonStanding, _ state: inout State) {
  let wasOver = state.comparison?.status.isOver ?? false
  state.comparison = standing
  guard standing.status.isOver, !wasOver else { return }
  switch standing.status {
  case .done:
    let count = standing.rows.count { $0.result != nil }
    state.log.add("\(count) recipes compared: C shows them", .success, at: state.now)
  case .failed(let cause): state.log.add("comparison: \(cause)", .trouble, at: state.now)
  case .cancelled: state.log.add("comparison stopped; C goes on", .notice, at: state.now)
  case .queued, .running, .paused: break
  }
}

/// A key while the comparison is shown; `nil` for the new selection closes it.
func steerComparison(
  _ selected: Int, _ key: KeyPress, _ state: inout State
) -> (selected: Int?, effects: [Effect]) {
  let last = max(0, (state.comparison?.rows.count ?? 1) - 1)
  switch key.key {
  case .escape, .character("q"), .character("C"): return (nil, [])
  case .down, .character("j"): return (min(selected + 1, last), [])
  case .up, .character("k"): return (max(selected - 1, 0), [])
  case .home, .character("g"): return (0, [])
  case .end, .character("G"): return (last, [])
  case .enter: return enterComparison(selected, &state)
  case .character("s"): return (selected, startComparison(state))
  case .character("p"):
    switch state.comparison?.status {
    case .running: return (selected, [.comparison(.pause)])
    case .paused: return (selected, [.comparison(.resume)])
    default: return (selected, [])
    }
  case .character("x"):
    let isAtWork = state.comparison?.isAtWork ?? false
    return (selected, isAtWork ? [.comparison(.cancel)] : [])
  default: return (selected, [])
  }
}

/// Starts what has not begun; takes the soup of a finished row as the hand-picked one.
private func enterComparison(
  _ selected: Int, _ state: inout State
) -> (selected: Int?, effects: [Effect]) {
  guard let rows = state.comparison?.rows, rows.indices.contains(selected),
    let best = rows[selected].result?.bestOnVal
  else { return (selected, startComparison(state)) }
  return (nil, takeUp(best.blend, isEnsemble: best.kind == .ensemble, &state))
}

private func startComparison(_ state: State) -> [Effect] {
  guard state.evaluatorTrouble == nil else { return [] }
  let isAtWork = state.comparison?.isAtWork ?? false
  return isAtWork ? [] : [.comparison(.start)]
}
