import Averaging
import Kitchen
import TerminalUI

/// Holds the soup at hand, or the shown job's, against a named one: `versus`, `versus A`, `versus A B`.
func openVersus(_ argument: String?, _ state: inout State) -> [Effect] {
  let sources = state.soupSources
  var found: [SoupSource] = []
  if let argument, !argument.isEmpty {
    guard let named = soups(named: argument, among: sources, state) else {
      let known = sources.map { state.title(of: $0) }.joined(separator: ", ")
      state.log.add("no soup '\(argument)'; there are \(known)", .trouble, at: state.now)
      return []
    }
    found = named
  }
  if found.count < 2 {
    var others = sources.filter { !found.contains($0) }
    if state.focus == .jobs, let job = state.shownJob, others.contains(.job(job.id)) {
      others.removeAll { $0 == .job(job.id) }
      others.insert(.job(job.id), at: min(1, others.count))
    }
    found = found.isEmpty ? Array(others.prefix(2)) : Array((others.prefix(1) + found).prefix(2))
  }
  guard found.count == 2, let effects = hold(found[0], against: found[1], &state) else {
    state.log.add(
      "two soups are held against each other: keep this one with S, then put together another",
      .trouble, at: state.now)
    return []
  }
  return effects
}

/// The soup of that title, or the two; nil when there is none.
///
/// Titles may have blanks in them.
private func soups(
  named line: String, among sources: [SoupSource], _ state: State
) -> [SoupSource]? {
  func soup(_ title: some StringProtocol) -> SoupSource? {
    sources.first { state.title(of: $0) == title }
  }
  let words = line.split(separator: " ").joined(separator: " ")
  if let only = soup(words) { return [only] }
  for first in sources where words.hasPrefix(state.title(of: first) + " ") {
    if let second = soup(words.dropFirst(state.title(of: first).count + 1)) {
      return [first, second]
    }
  }
  return nil
}

/// Opens the sheet on two soups and asks for their numbers; nil when one of them has gone.
private func hold(
  _ first: SoupSource, against second: SoupSource, _ state: inout State
) -> [Effect]? {
  guard let one = state.blend(of: first), let other = state.blend(of: second) else { return nil }
  let pair = SoupPair(one, other)
  let sheet = VersusSheet(first: first, second: second, pair: pair)
  if case .sheet(.versus)? = state.modes.last {
    state.replaceTop(.versus(sheet))
  } else {
    state.open(.versus(sheet))
  }
  if let trouble = state.evaluatorTrouble {
    state.changeVersus(of: pair) { $0.failure = trouble }
    return []
  }
  return [.ask(.compare(one, other))]
}

/// A key while two soups are shown side by side.
func readVersus(_ sheet: VersusSheet, _ key: KeyPress, _ state: inout State) -> [Effect] {
  var sheet = sheet
  let (count, rows) = VersusView(state: state, sheet: sheet).scrolled
  if let scroll = scrolled(key, from: sheet.scroll, count: count, rows: rows) {
    sheet.scroll = scroll
    state.replaceTop(.versus(sheet))
    return []
  }
  switch (key.key, key.modifiers) {
  case (.escape, _), (.character("q"), _), (.character("V"), _): state.replaceTop(nil)
  case (.tab, .shift): return turnOpponent(sheet, by: -1, &state)
  case (.tab, _): return turnOpponent(sheet, by: 1, &state)
  case (.character("x"), _): return hold(sheet.second, against: sheet.first, &state) ?? []
  case (.character("d"), _):
    sheet.showsDifferencesOnly.toggle()
    sheet.scroll = 0
    state.replaceTop(.versus(sheet))
  case (.enter, _):
    state.replaceTop(nil)
    return takeUp(sheet.pair.second, &state)
  default: break
  }
  return []
}

private func turnOpponent(
  _ sheet: VersusSheet, by places: Int, _ state: inout State
) -> [Effect] {
  let others = state.soupSources.filter { $0 != sheet.first }
  guard !others.isEmpty else { return [] }
  let place = others.firstIndex(of: sheet.second) ?? 0
  let next = others[(place + places + others.count) % others.count]
  return hold(sheet.first, against: next, &state) ?? []
}

/// A split has been measured: it is shown, and remembered of both soups.
func take(_ round: HeadToHead, of pair: SoupPair, _ state: inout State) {
  state.bench.learn([round.split: round.first], of: pair.first)
  state.bench.learn([round.split: round.second], of: pair.second)
  state.changeVersus(of: pair) { sheet in
    sheet.rounds.removeAll { $0.split == round.split }
    sheet.rounds.append(round)
  }
}

extension State {
  /// Changes the sheet that shows two soups, wherever it lies.
  mutating func changeVersus(of pair: SoupPair, _ change: (inout VersusSheet) -> Void) {
    for place in modes.indices {
      guard case .sheet(.versus(var sheet)) = modes[place], sheet.pair == pair else { continue }
      change(&sheet)
      modes[place] = .sheet(.versus(sheet))
    }
  }
}
