import Averaging
import Kitchen
import Recipes
import TerminalUI

/// Changes the soup at hand or those kept, one step of its history, and sees to what follows from it.
func change(_ state: inout State, _ edit: (inout SoupSet) -> Void) -> [Effect] {
  let before = state.set.contents
  edit(&state.set)
  return soupChanged(from: before, &state)
}

/// Keeps the soup that is looked at under a name; asks for one where none is given.
func keep(named name: String?, _ state: inout State) -> [Effect] {
  let source: SoupSource
  if state.focus == .jobs, let job = state.shownJob, state.blend(of: .job(job.id)) != nil {
    source = .job(job.id)
  } else {
    source = .atHand
  }
  guard state.blend(of: source) != nil else {
    state.log.add("nothing to keep: put ingredients into the soup first", .trouble, at: state.now)
    return []
  }
  if let name, !name.isEmpty { return keep(source, as: name, &state) }
  var sheet = SoupsSheet()
  sheet.naming = .keep(source)
  sheet.field = .proposing(suggestedName(for: source, state))
  state.open(.soups(sheet))
  return []
}

private func keep(_ source: SoupSource, as name: String, _ state: inout State) -> [Effect] {
  guard let blend = state.blend(of: source) else { return [] }
  let isReplacing = state.set.kept(named: name) != nil
  let soup = KeptSoup(
    name: name, blend: blend, origin: origin(of: source, state), scores: state.scores(of: source),
    date: state.now)
  state.log.add(
    "\(name) \(isReplacing ? "now holds" : "keeps") \(blend.terms.count) ingredients; u undoes it",
    .success, at: state.now)
  return change(&state) { $0.keep(soup) }
}

private func origin(of source: SoupSource, _ state: State) -> String {
  switch source {
  case .atHand: "by hand"
  case .kept(let name): state.set.kept(named: name)?.origin ?? "by hand"
  case .job(let id): state.jobs.first { $0.id == id }?.spec.title ?? "by a recipe"
  }
}

/// `A`, `B`, … for what is made by hand, the recipe's name for what a job made; the first that is free.
private func suggestedName(for source: SoupSource, _ state: State) -> String {
  if case .job(let id) = source, let job = state.jobs.first(where: { $0.id == id }),
    state.set.kept(named: job.spec.title) == nil
  {
    return job.spec.title
  }
  let letters = (0..<26).map { String(UnicodeScalar(UInt8(65 + $0))) }
  return letters.first { state.set.kept(named: $0) == nil } ?? "soup \(state.set.kept.count + 1)"
}

/// A key while the kept soups are shown; the soup at hand is the first row.
func editSoups(_ sheet: SoupsSheet, _ key: KeyPress, _ state: inout State) -> [Effect] {
  var sheet = sheet
  if sheet.naming != nil { return typeName(sheet, key, &state) }
  sheet.selected = min(sheet.selected, state.set.kept.count)
  if let place = listMove(key, from: sheet.selected, count: state.set.kept.count + 1) {
    sheet.selected = place
    state.replaceTop(.soups(sheet))
    return []
  }
  let soup = sheet.selected > 0 ? state.set.kept[sheet.selected - 1] : nil
  switch (key.key, key.modifiers) {
  case (.character("r"), .ctrl): return walkHistory(.redo, &state)
  case (.escape, _), (.character("q"), _), (.character("b"), _): state.replaceTop(nil)
  case (.character("u"), _): return walkHistory(.undo, &state)
  case (.character("s"), _), (.character("S"), _):
    state.replaceTop(nil)
    return keep(named: nil, &state)
  case (.character("r"), _):
    guard let soup else { return [] }
    sheet.naming = .rename(soup.name)
    sheet.field = LineEditor(soup.name)
    state.replaceTop(.soups(sheet))
  case (.character("d"), _), (.delete, _):
    guard let soup else {
      state.log.add("only a kept soup can be let go; S keeps one", .notice, at: state.now)
      return []
    }
    state.log.add("\(soup.name) is let go; u brings it back", .notice, at: state.now)
    return change(&state) { $0.drop(soup.name) }
  case (.character("v"), _), (.character("V"), _):
    return openVersus(soup?.name, &state)
  case (.enter, _):
    state.replaceTop(nil)
    guard let soup else { return [] }
    return takeUp(soup.blend, &state)
  default: break
  }
  return []
}

/// Makes a soup the one at hand: its members and their weights, as one step.
///
/// - Parameter isEnsemble: whether it was found as an ensemble, so that its soup is another thing.
func takeUp(_ blend: Blend, isEnsemble: Bool = false, _ state: inout State) -> [Effect] {
  if isEnsemble {
    state.log.add(
      "the members of an ensemble: their soup is measured now", .notice, at: state.now)
  }
  if blend.tensors != nil {
    state.log.add(
      "its weights differ from tensor to tensor; taken are their means", .notice, at: state.now)
  }
  return change(&state) {
    $0.replace(with: blend.ingredients, weights: blend.terms.map(\.weight))
  }
}

private func typeName(_ sheet: SoupsSheet, _ key: KeyPress, _ state: inout State) -> [Effect] {
  var sheet = sheet
  switch key.key {
  case .escape:
    sheet.naming = nil
    state.replaceTop(.soups(sheet))
  case .enter:
    let name = sheet.field.text.trimmingBlanks
    guard !name.isEmpty, let naming = sheet.naming else { return [] }
    sheet.naming = nil
    switch naming {
    case .keep(let source):
      let effects = keep(source, as: name, &state)
      sheet.selected = (state.set.kept.firstIndex { $0.name == name } ?? 0) + 1
      state.replaceTop(.soups(sheet))
      return effects
    case .rename(let old):
      guard old == name || state.set.kept(named: name) == nil else {
        state.log.add("there is a soup named \(name) already", .trouble, at: state.now)
        return []
      }
      state.replaceTop(.soups(sheet))
      return change(&state) { $0.rename(old, to: name) }
    }
  default:
    _ = sheet.field.handle(key)
    state.replaceTop(.soups(sheet))
  }
  return []
}

extension String {
  /// Without blanks at its ends.
  fileprivate var trimmingBlanks: String {
    let start = drop { $0 == " " }
    return String(start.reversed().drop { $0 == " " }.reversed())
  }
}
