import Kitchen
import Sweeps
import TerminalUI

/// Shows everything about the ingredient under the cursor.
func openDetails(_ state: inout State) -> [Effect] {
  guard let name = state.table.cursor else { return [] }
  state.open(.details(DetailsSheet()))
  return ask(about: name, &state)
}

private func ask(about name: String, _ state: inout State) -> [Effect] {
  guard state.table.ingredient(name)?.file != nil else {
    state.contents.details = .failed(
      name, cause: "Only its results are known: there is no checkpoint of it in the sweep's folder."
    )
    return []
  }
  state.contents.details = .loading(name)
  return [.ask(.details(name))]
}

/// A key while details are shown: up and down scroll, left and right go to the neighbours in the table.
func readDetails(_ sheet: DetailsSheet, _ key: KeyPress, _ state: inout State) -> [Effect] {
  var sheet = sheet
  let text = DetailsText(state: state, part: sheet.part)
  let rows = DetailsSheet.rows(on: state)
  if let scroll = scrolled(key, from: sheet.scroll, count: text.count, rows: rows) {
    sheet.scroll = scroll
    state.replaceTop(.details(sheet))
    return []
  }
  switch (key.key, key.modifiers) {
  case (.escape, _), (.character("q"), _), (.enter, _), (.character("i"), _):
    state.replaceTop(nil)
  case (.tab, .shift): turn(sheet, by: -1, &state)
  case (.tab, _): turn(sheet, by: 1, &state)
  case (.left, _), (.character("h"), _), (.character("K"), _):
    return goToNeighbour(sheet, by: -1, &state)
  case (.right, _), (.character("l"), _), (.character("J"), _):
    return goToNeighbour(sheet, by: 1, &state)
  case (.character(" "), _):
    guard let name = state.contents.details?.name else { return [] }
    return toggle([name], &state)
  default: break
  }
  return []
}

private func turn(_ sheet: DetailsSheet, by places: Int, _ state: inout State) {
  let parts = DetailsSheet.Part.allCases
  let place = parts.firstIndex(of: sheet.part) ?? 0
  var turned = sheet
  turned.part = parts[(place + places + parts.count) % parts.count]
  turned.scroll = 0
  state.replaceTop(.details(turned))
}

private func goToNeighbour(
  _ sheet: DetailsSheet, by rows: Int, _ state: inout State
) -> [Effect] {
  let before = state.table.cursor
  state.table.moveCursor(by: rows)
  guard let name = state.table.cursor, name != before else { return [] }
  var next = sheet
  next.scroll = 0
  state.replaceTop(.details(next))
  return ask(about: name, &state)
}
