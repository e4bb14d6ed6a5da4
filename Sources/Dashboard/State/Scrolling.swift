import TerminalUI

extension State {
  /// The layout of the screen as it stands.
  package var layout: ScreenLayout {
    ScreenLayout(size: size, focus: focus, isMaximised: isMaximised, jobCount: jobs.count)
  }

  /// Rows of ingredients that are seen: the pane without its frame and header.
  var ingredientRows: Int { max(1, (layout.panes[.ingredients]?.rows ?? size.rows) - 3) }

  /// Moves the first row just so far that the cursor is seen with two rows around it.
  mutating func keepCursorInView() {
    let rows = ingredientRows
    let margin = min(2, (rows - 1) / 2)
    let cursor = table.cursorRow ?? 0
    let highest = max(0, table.shown.count - rows)
    if cursor < firstRow + margin { firstRow = cursor - margin }
    if cursor > firstRow + rows - 1 - margin { firstRow = cursor - rows + 1 + margin }
    firstRow = min(max(0, firstRow), highest)
  }
}
