import TerminalUI

/// The list of columns: which are shown, in which order, and which the rows are sorted by.
func editColumns(_ selected: Int, _ key: KeyPress, _ state: inout State) -> [Effect] {
  let columns = state.table.columns
  let column = columns[min(selected, columns.count - 1)]
  if let place = listMove(key, from: selected, count: columns.count) {
    state.replaceTop(.columns(selected: place))
    return []
  }
  switch key.key {
  case .escape, .character("q"), .character("c"):
    state.replaceTop(nil)
    return []
  case .character(" "), .character("x"):
    state.table.toggleColumn(column)
  case .character(">"), .character("J"), .right:
    state.table.moveColumn(column, by: 1)
  case .character("<"), .character("K"), .left:
    state.table.moveColumn(column, by: -1)
  case .enter, .character("s"):
    sort(by: column, &state)
  case .character("r"):
    reverseSort(&state)
  case .character("0"):
    state.table.resetColumns()
  default: return []
  }
  let place = state.table.columns.firstIndex(of: column) ?? 0
  state.replaceTop(.columns(selected: place))
  return [.ask(.remember(state.tableMemory))]
}

/// Hides a column by its name, or shows it again.
func hideColumn(_ name: String?, _ state: inout State) -> [Effect] {
  guard let column = column(named: name, command: "hide-column", &state) else { return [] }
  guard column != .name else {
    state.log.add("the names always stay", .trouble, at: state.now)
    return []
  }
  state.table.toggleColumn(column)
  return [.ask(.remember(state.tableMemory))]
}

/// The column that a person means; what is wrong goes to the messages.
func column(named name: String?, command: String, _ state: inout State) -> Column? {
  guard let name, !name.isEmpty else {
    state.log.add("which column? :\(command) \(state.selectionSplit)", .trouble, at: state.now)
    return nil
  }
  let columns = state.table.columns
  let found = columns.titled(name, by: \.title)
  if found == nil {
    let known = columns.map(\.title).joined(separator: ", ")
    state.log.add("no column '\(name)'; there are \(known)", .trouble, at: state.now)
  }
  return found
}
