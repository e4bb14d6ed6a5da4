import Kitchen
import Recipes
import TerminalUI

/// Everything that changes the hand-picked set.
func changeSet(_ command: Command, _ state: inout State) -> [Effect] {
  let before = state.set.contents
  switch command {
  case .toggle:
    let isRange = state.table.rangeAnchor != nil
    let names = state.table.rangeNames
    state.table.rangeAnchor = nil
    let effects = toggle(names, &state)
    if !isRange { state.table.moveCursor(by: 1) }
    return effects
  case .range:
    state.table.rangeAnchor = state.table.rangeAnchor == nil ? state.table.cursor : nil
    return []
  case .all: state.set.add(state.table.shown.filter { state.table.obstacle(to: $0) == nil })
  case .clear: state.set.replace(with: [])
  case .undo, .redo: return walkHistory(command, &state)
  default: break
  }
  return soupChanged(from: before, &state)
}

/// One step of the history back or forth; says so where the table does not show what became of it.
func walkHistory(_ command: Command, _ state: inout State) -> [Effect] {
  let before = state.set.contents
  if command == .undo { state.set.undo() } else { state.set.redo() }
  let kept = state.set.kept
  if state.set.contents == before {
    state.log.add("nothing to \(command.rawValue)", .notice, at: state.now)
  }
  for soup in before.kept where !kept.contains(where: { $0.name == soup.name }) {
    let way = command == .undo ? "redo brings it back" : "undo brings it back"
    state.log.add("\(soup.name) is not kept any more; \(way)", .notice, at: state.now)
  }
  for soup in kept where !before.kept.contains(soup) {
    state.log.add("\(soup.name) is kept again as it was", .notice, at: state.now)
  }
  return soupChanged(from: before, &state)
}

/// Puts `names` in; takes them out when all are in already.
func toggle(_ names: [String], _ state: inout State) -> [Effect] {
  let before = state.set.contents
  // One that is in already can always be taken out.
  let mixable = names.filter {
    state.table.obstacle(to: $0) == nil || state.set.contains($0)
  }
  if let name = names.first(where: { !mixable.contains($0) }),
    let reason = state.table.obstacle(to: name)
  {
    state.log.add("\(name) cannot be mixed: \(reason)", .trouble, at: state.now)
  }
  if !mixable.isEmpty, mixable.allSatisfy(state.set.contains) {
    state.set.remove(mixable)
  } else {
    state.set.add(mixable)
  }
  return soupChanged(from: before, &state)
}

/// Takes up the set that was at hand when the sweep was last left, unless there is one already.
func recall(_ pick: HandPickedSet, _ state: inout State) -> [Effect] {
  let before = state.set.contents
  guard before.members.isEmpty, !state.set.canUndo else { return [] }
  state.set.recall(pick)
  return soupChanged(from: before, &state)
}

/// Asks for the numbers of the new soup, and that the kept ones are remembered.
///
/// What is shown belongs to the old soup until the numbers come.
func soupChanged(from before: SoupSet.Contents, _ state: inout State) -> [Effect] {
  var effects: [Effect] = []
  let set = state.set
  if set.kept != before.kept {
    for soup in set.kept where !before.kept.contains(soup) {
      state.bench.learn(soup.scores, of: soup.blend)
    }
    effects.append(.ask(.keep(set.kept)))
  }
  guard set.members != before.members || set.weights != before.weights else { return effects }
  state.table.membersChanged(to: state.members)
  state.bench.setChanged(to: set.members, weights: set.weights)
  effects.append(.ask(.pick(set.handPicked)))
  if let trouble = state.evaluatorTrouble, !set.members.isEmpty {
    state.bench.fail(set.members, cause: trouble)
    return effects
  }
  return [.measure(set.members, weights: set.weights)] + effects
}
