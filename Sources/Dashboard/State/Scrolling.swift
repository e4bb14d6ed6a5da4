import TerminalUI

extension State {
  /// The layout of the screen as it stands.
  package var layout: ScreenLayout {
    ScreenLayout(
      size: size, focus: focus, isMaximised: isMaximised, jobCount: jobs.count, shares: shares)
  }

  /// Rows of ingredients that are seen: the pane without its frame and header.
  var ingredientRows: Int { max(1, (layout.panes[.ingredients]?.rows ?? size.rows) - 3) }

  /// Moves the first row just so far that the cursor is seen with two rows around it.
  mutating func keepCursorInView() {
    var viewport = TerminalUI.Viewport(first: firstRow)
    viewport.follow(cursor: table.cursorRow, count: table.shown.count, height: ingredientRows)
    firstRow = viewport.first
  }
}
