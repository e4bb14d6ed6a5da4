package import Averaging
package import Evaluation
import Kitchen
import Recipes
import TerminalUI

/// Opens a sheet, or does at once what a word after the command says.
func openSheet(_ command: Command, argument: String?, _ state: inout State) -> [Effect] {
  switch command {
  case .details: return openDetails(&state)
  case .columns:
    state.open(
      .columns(selected: max(0, state.table.columns.firstIndex(of: state.table.sort.column) ?? 0)))
    return []
  case .hideColumn: return hideColumn(argument, &state)
  case .weights: return openWeights(argument, &state)
  case .soups:
    state.open(.soups(SoupsSheet()))
    return []
  case .keep: return keep(named: argument, &state)
  case .versus: return openVersus(argument, &state)
  case .messages:
    state.open(.logs(LogSheet()))
    return [.ask(.followLogs)]
  default: return []
  }
}

/// A key while a sheet lies on top.
func press(_ sheet: Sheet, _ key: KeyPress, _ state: inout State) -> [Effect] {
  switch sheet {
  case .columns(let selected): editColumns(selected, key, &state)
  case .details(let sheet): readDetails(sheet, key, &state)
  case .weights(let sheet): editWeights(sheet, key, &state)
  case .soups(let sheet): editSoups(sheet, key, &state)
  case .versus(let sheet): readVersus(sheet, key, &state)
  case .review(let review): reviewExport(review, key, &state)
  case .logs(let sheet): readLogs(sheet, key, &state)
  }
}

/// A paste into a sheet's line of text.
func paste(_ text: String, into sheet: Sheet, _ state: inout State) {
  switch sheet {
  case .soups(var sheet) where sheet.naming != nil:
    _ = sheet.field.paste(text)
    state.replaceTop(.soups(sheet))
  case .weights(var sheet):
    var field = sheet.field ?? LineEditor()
    _ = field.paste(text)
    sheet.field = field
    state.replaceTop(.weights(sheet))
  case .logs(var sheet) where sheet.field != nil:
    _ = sheet.field?.paste(text)
    sheet.query = sheet.field?.text ?? ""
    state.replaceTop(.logs(sheet))
  default: break
  }
}

/// What the kitchen answers goes where it is shown, or nowhere when nobody waits for it any more.
func take(_ answer: Answer, _ state: inout State) -> [Effect] {
  switch answer {
  case .details(let details):
    guard state.contents.details?.name == details.name else { return [] }
    state.contents.details = .known(details)
  case .history(let name, let history):
    guard case .known(var details)? = state.contents.details, details.name == name else {
      return []
    }
    details.history = history
    state.contents.details = .known(details)
  case .detailsFailed(let name, let cause):
    guard state.contents.details?.name == name else { return [] }
    state.contents.details = .failed(name, cause: cause)
  case .headToHead(let round, let pair): take(round, of: pair, &state)
  case .comparisonFailed(let cause, let pair):
    state.changeVersus(of: pair) { $0.failure = cause }
  case .logs(let logs): state.contents.logs = logs
  case .exporting(let progress): state.contents.export = progress
  }
  return []
}

extension State {
  mutating func open(_ sheet: Sheet) { modes.append(.sheet(sheet)) }

  /// Another shape of the sheet on top; nil closes it.
  mutating func replaceTop(_ sheet: Sheet?) { setTop(sheet.map { .sheet($0) }, &self) }

  /// The soup that a source stands for; nil when it has gone.
  package func blend(of source: SoupSource) -> Blend? {
    switch source {
    case .atHand: self.set.members.isEmpty ? nil : self.set.blend
    case .kept(let name): self.set.kept(named: name)?.blend
    case .job(let id):
      jobs.first { $0.id == id }?.result.flatMap { $0.kind == .soup ? $0.blend : nil }
    }
  }

  /// What a soup is called in lists and headings.
  package func title(of source: SoupSource) -> String {
    switch source {
    case .atHand: "the soup at hand"
    case .kept(let name): name
    case .job(let id): "#\(id) \(jobs.first { $0.id == id }?.spec.title ?? "")"
    }
  }

  /// The soups that can be held against each other: at hand, kept, and those of finished jobs.
  package var soupSources: [SoupSource] {
    let sources =
      [.atHand] + self.set.kept.map { SoupSource.kept($0.name) } + jobs.map { .job($0.id) }
    return sources.filter { blend(of: $0) != nil }
  }

  /// What is known of a soup by split.
  package func scores(of source: SoupSource) -> [String: Score] {
    guard let blend = blend(of: source) else { return [:] }
    var scores = bench.scores(of: blend)
    switch source {
    case .atHand: break
    case .kept(let name): scores.merge(self.set.kept(named: name)?.scores ?? [:]) { $1 }
    case .job(let id):
      let metrics = jobs.first { $0.id == id }?.result?.metrics ?? []
      for (split, score) in metrics { scores[split] = score }
    }
    return scores
  }
}

/// Where a list of so many rows is gone to; nil for a key that moves nothing.
func listMove(_ key: KeyPress, from place: Int, count: Int, page: Int = 10) -> Int? {
  let target: Int
  switch key.key {
  case .down, .character("j"): target = place + 1
  case .up, .character("k"): target = place - 1
  case .pageDown: target = place + page
  case .pageUp: target = place - page
  case .character("d") where key.modifiers == .ctrl: target = place + page / 2
  case .character("u") where key.modifiers == .ctrl: target = place - page / 2
  case .home, .character("g"): target = 0
  case .end, .character("G"): target = count - 1
  default: return nil
  }
  return min(max(target, 0), max(0, count - 1))
}

/// The first row seen of a list that is scrolled without a cursor; nil for a key that moves nothing.
func scrolled(_ key: KeyPress, from first: Int, count: Int, rows: Int) -> Int? {
  let last = max(0, count - rows)
  return listMove(key, from: min(first, last), count: last + 1, page: max(1, rows - 1))
}
