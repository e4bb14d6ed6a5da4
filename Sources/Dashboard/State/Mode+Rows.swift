import TerminalUI

/// Lists that lie over the panes, as a pointer finds them: a row is gone to, and taken when it is
/// pressed again.
extension Mode {
  /// The row or tab that the cursor is on; nil for what has none, or while something is typed in it.
  private var row: Int? {
    switch self {
    case .recipes(let selected), .comparison(let selected), .sheet(.columns(let selected)): selected
    case .recipeForm(let form): form.typed == nil ? form.selected : nil
    case .sheet(.weights(let sheet)): sheet.field == nil ? sheet.selected : nil
    case .sheet(.soups(let sheet)): sheet.naming == nil ? sheet.selected : nil
    case .sheet(.logs(let sheet)): sheet.field == nil ? sheet.tab : nil
    case .sheet(.details(let sheet)): DetailsSheet.Part.allCases.firstIndex(of: sheet.part)
    default: nil
    }
  }

  /// Whether the help can be opened over it: everywhere but where its key is typed as text.
  var hasHelp: Bool {
    switch self {
    case .recipes, .comparison: true
    case .recipeForm(let form): form.typed == nil
    case .sheet(.weights(let sheet)): sheet.field == nil
    case .sheet(.soups(let sheet)): sheet.naming == nil
    case .sheet(.logs(let sheet)): sheet.field == nil
    case .sheet: true
    case .filter, .palette, .help, .themes, .axis, .confirm, .export: false
    }
  }

  /// The same with the cursor on another row.
  private func going(to row: Int) -> Mode {
    switch self {
    case .recipes: return .recipes(selected: row)
    case .comparison: return .comparison(selected: row)
    case .sheet(.columns): return .sheet(.columns(selected: row))
    case .recipeForm(var form):
      form.selected = row
      return .recipeForm(form)
    case .sheet(.weights(var sheet)):
      sheet.selected = row
      return .sheet(.weights(sheet))
    case .sheet(.soups(var sheet)):
      sheet.selected = row
      return .sheet(.soups(sheet))
    case .sheet(.logs(var sheet)):
      sheet.tab = row
      sheet.first = nil
      return .sheet(.logs(sheet))
    case .sheet(.details(var sheet)):
      let parts = DetailsSheet.Part.allCases
      sheet.part = parts[min(row, parts.count - 1)]
      sheet.scroll = 0
      return .sheet(.details(sheet))
    default: return self
    }
  }

  /// The key that takes the row the cursor is on; nil where being there is all.
  private var taking: KeyPress? {
    switch self {
    case .recipes, .sheet(.columns), .sheet(.soups): KeyPress(.enter)
    case .recipeForm: KeyPress(.right)
    default: nil
    }
  }

  /// A click on a row: the cursor goes there, or what it is on already is taken.
  static func click(row: Int, _ state: inout State) -> [Effect] {
    guard let mode = state.modes.last, let selected = mode.row else { return [] }
    if selected == row { return mode.taking.map { press($0, &state) } ?? [] }
    setTop(mode.going(to: row), &state)
    return []
  }
}
