import Foundation
import TerminalUI

/// Opens the weights, or sets one: `weights ft_07 0.4`, `weights equal`.
func openWeights(_ argument: String?, _ state: inout State) -> [Effect] {
  guard !state.set.members.isEmpty else {
    state.log.add("no weights without members: Space puts one in", .trouble, at: state.now)
    return []
  }
  let words = (argument ?? "").split(separator: " ").map(String.init)
  if words == ["equal"] { return change(&state) { $0.setEqualWeights() } }
  guard words.count == 2 else {
    let place = state.table.cursor.flatMap { state.set.members.firstIndex(of: $0) }
    state.open(.weights(WeightSheet(selected: place ?? 0)))
    return []
  }
  guard state.set.contains(words[0]), let weight = weight(words[1]) else {
    let problem =
      state.set.contains(words[0])
      ? "'\(words[1])' is no weight from 0 to 1"
      : "\(words[0]) is not in the soup"
    state.log.add(problem, .trouble, at: state.now)
    return []
  }
  return change(&state) { $0.setWeight(of: words[0], to: weight) }
}

/// A weight as a person writes it: `0.4`, `.4`, `40%`.
func weight(_ text: String) -> Double? {
  let isPercent = text.hasSuffix("%")
  let digits = isPercent ? String(text.dropLast()) : text
  guard let number = Double(digits.hasPrefix(".") ? "0" + digits : digits), number.isFinite else {
    return nil
  }
  let weight = isPercent ? number / 100 : number
  return (0...1).contains(weight) ? weight : nil
}

/// A key while weights are edited.
func editWeights(_ sheet: WeightSheet, _ key: KeyPress, _ state: inout State) -> [Effect] {
  var sheet = sheet
  sheet.selected = min(sheet.selected, max(0, state.set.members.count - 1))
  if sheet.field != nil { return typeWeight(sheet, key, &state) }
  if let place = listMove(key, from: sheet.selected, count: state.set.members.count) {
    sheet.selected = place
    state.replaceTop(.weights(sheet))
    return []
  }
  guard state.set.members.indices.contains(sheet.selected) else {
    state.replaceTop(nil)
    return []
  }
  let name = state.set.members[sheet.selected]
  let old = state.set.weight(of: name) ?? 0
  switch (key.key, key.modifiers) {
  case (.character("r"), .ctrl): return walkHistory(.redo, &state)
  case (.escape, _), (.enter, _), (.character("q"), _), (.character("w"), _):
    state.replaceTop(nil)
  case (.character("+"), _), (.right, []), (.character("l"), _):
    return change(&state) { $0.setWeight(of: name, to: stepped(old, by: 0.01)) }
  case (.character("-"), _), (.left, []), (.character("h"), _):
    return change(&state) { $0.setWeight(of: name, to: stepped(old, by: -0.01)) }
  case (.right, _): return change(&state) { $0.setWeight(of: name, to: stepped(old, by: 0.1)) }
  case (.left, _): return change(&state) { $0.setWeight(of: name, to: stepped(old, by: -0.1)) }
  case (.character("="), _): return change(&state) { $0.setEqualWeights() }
  case (.character("u"), _): return walkHistory(.undo, &state)
  case (.character(" "), _), (.character("x"), _), (.delete, _):
    return change(&state) { $0.remove([name]) }
  case (.character(let character), []) where character.isNumber || character == ".":
    sheet.field = LineEditor(String(character))
    state.replaceTop(.weights(sheet))
  default: break
  }
  return []
}

/// The next hundredth: weights that were shared out meet the round ones again.
private func stepped(_ weight: Double, by step: Double) -> Double {
  let moved = weight + step
  return (moved * 100).rounded() / 100
}

private func typeWeight(
  _ sheet: WeightSheet, _ key: KeyPress, _ state: inout State
) -> [Effect] {
  var sheet = sheet
  guard var field = sheet.field else { return [] }
  switch key.key {
  case .escape:
    sheet.field = nil
  case .enter:
    guard let weight = weight(field.text) else {
      state.log.add("'\(field.text)' is no weight from 0 to 1", .trouble, at: state.now)
      return []
    }
    sheet.field = nil
    state.replaceTop(.weights(sheet))
    let name = state.set.members[sheet.selected]
    return change(&state) { $0.setWeight(of: name, to: weight) }
  default:
    _ = field.handle(key)
    sheet.field = field.text.isEmpty ? nil : field
  }
  state.replaceTop(.weights(sheet))
  return []
}
