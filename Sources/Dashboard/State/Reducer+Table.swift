import Kitchen
import TerminalUI

/// Moves the cursor of the focused pane.
func move(_ command: Command, _ state: inout State) -> [Effect] {
  let page = max(1, state.ingredientRows - 1)
  let everything = max(state.table.ingredients.count, state.jobs.count)
  switch command {
  case .up: return move(rows: -1, &state)
  case .down: return move(rows: 1, &state)
  case .pageUp: return move(rows: -page, &state)
  case .pageDown: return move(rows: page, &state)
  case .halfPageUp: return move(rows: -max(1, page / 2), &state)
  case .halfPageDown: return move(rows: max(1, page / 2), &state)
  case .top: return move(rows: -everything, &state)
  default: return move(rows: everything, &state)
  }
}

func move(rows: Int, _ state: inout State) -> [Effect] {
  if state.focus == .jobs {
    guard !state.jobs.isEmpty else { return [] }
    let ids = state.jobs.map(\.id)
    let place = state.shownJob.flatMap { ids.firstIndex(of: $0.id) } ?? 0
    state.jobCursor = ids[min(max(place + rows, 0), ids.count - 1)]
    state.decisionsBack = 0
  } else if !moveCrosshair(rows: rows, &state) {
    state.table.moveCursor(by: rows)
  }
  return []
}

/// Everything that changes which rows are shown, and in which order.
func changeTable(_ command: Command, argument: String?, _ state: inout State) -> [Effect] {
  let before = state.tableMemory
  switch command {
  case .membersOnly:
    state.table.setShowsMembersOnly(!state.table.showsMembersOnly, members: state.members)
  case .filter:
    if let argument {
      applyFilter(argument, &state)
    } else {
      let field = LineEditor(state.table.filter.text)
      state.modes.append(
        .filter(
          FilterPrompt(
            field: field, previous: state.table.filter, cursor: state.table.cursor)))
    }
  case .nextMatch: moveToMember(by: 1, &state)
  case .previousMatch: moveToMember(by: -1, &state)
  case .sort: sortByName(argument, &state)
  case .sortNext: turnSort(by: 1, &state)
  case .sortPrevious: turnSort(by: -1, &state)
  case .sortReverse: reverseSort(&state)
  default: break
  }
  return before == state.tableMemory ? [] : [.ask(.remember(state.tableMemory))]
}

func reverseSort(_ state: inout State) {
  var sort = state.table.sort
  sort.isAscending.toggle()
  state.table.setSort(sort, members: state.members)
}

/// Filters at once, or says what is wrong with the text.
func applyFilter(_ text: String, _ state: inout State) {
  do {
    let filter = try Filter(parsing: text, columns: state.table.columns)
    state.table.setFilter(filter, members: state.members)
  } catch {
    state.log.add(error.message, .trouble, at: state.now)
  }
}

/// Sorts by a column, best first; by the same column again: the other way round.
func sort(by column: Column, _ state: inout State) {
  var sort = state.table.sort
  if sort.column == column {
    sort.isAscending.toggle()
  } else {
    sort = IngredientTable.Sort(column: column, isAscending: column.sortsUpwards)
  }
  state.table.setSort(sort, members: state.members)
}

private func sortByName(_ name: String?, _ state: inout State) {
  guard let column = column(named: name, command: "sort", &state) else { return }
  sort(by: column, &state)
}

private func turnSort(by steps: Int, _ state: inout State) {
  let columns = state.table.visibleColumns
  let place = columns.firstIndex(of: state.table.sort.column) ?? 0
  let column = columns[(place + steps + columns.count) % columns.count]
  state.table.setSort(
    IngredientTable.Sort(column: column, isAscending: column.sortsUpwards), members: state.members)
}

private func moveToMember(by direction: Int, _ state: inout State) {
  let rows = state.table.shown.indices.filter { state.set.contains(state.table.shown[$0]) }
  guard !rows.isEmpty else { return }
  let here = state.table.cursorRow ?? 0
  let next =
    direction > 0
    ? rows.first { $0 > here } ?? rows[0] : rows.last { $0 < here } ?? rows[rows.count - 1]
  state.table.moveCursor(to: state.table.shown[next])
}

extension Column {
  /// Names and hyperparameters read upwards; accuracies best first.
  package var sortsUpwards: Bool {
    switch self {
    case .name, .hyperparameter: true
    case .accuracy, .shiftMean: false
    }
  }
}
