import Kitchen
import Recipes
import TerminalUI

/// Everything that changes the hand-picked set.
func changeSet(_ command: Command, _ state: inout State) -> [Effect] {
  let before = state.set.members
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
  case .all: state.set.add(state.table.shown.filter { state.table.unmixable[$0] == nil })
  case .clear: state.set.replace(with: [])
  case .undo: state.set.undo()
  case .redo: state.set.redo()
  default: break
  }
  return setChanged(from: before, &state)
}

/// Puts `names` in; takes them out when all are in already.
func toggle(_ names: [String], _ state: inout State) -> [Effect] {
  let before = state.set.members
  let mixable = names.filter { state.table.unmixable[$0] == nil }
  if mixable.count < names.count, let name = names.first(where: { !mixable.contains($0) }),
    let reason = state.table.unmixable[name]
  {
    state.log.add("\(name) cannot be mixed: \(reason)", .trouble, at: state.now)
  }
  if !mixable.isEmpty, mixable.allSatisfy(state.set.contains) {
    state.set.remove(mixable)
  } else {
    state.set.add(mixable)
  }
  return setChanged(from: before, &state)
}

/// Asks for the numbers of the new set; what is shown belongs to the old one until they come.
func setChanged(from before: [String], _ state: inout State) -> [Effect] {
  guard state.set.members != before else { return [] }
  state.table.membersChanged(to: state.members)
  state.bench.setChanged(to: state.set.members)
  if let trouble = state.evaluatorTrouble, !state.set.members.isEmpty {
    state.bench.fail(state.set.members, cause: trouble)
    return []
  }
  return [.measure(state.set.members)]
}
