package import TerminalUI

/// Where everything stands on a screen of a given size.
///
/// Pure arithmetic.
package struct ScreenLayout: Hashable, Sendable {
  /// How much is shown at once.
  package enum Arrangement: Hashable, Sendable {
    /// Smaller than anything can be read on: a message instead.
    case tooSmall
    /// One pane, the others behind tabs.
    case single
    /// Ingredients above or beside what the focus is on.
    case double
    /// Ingredients left, soup and plot right, jobs below.
    case triple
  }

  /// The smallest screen that is drawn on.
  package static let smallest = Size(columns: 40, rows: 12)

  package let arrangement: Arrangement
  /// Places of the panes that are shown.
  package let panes: [Pane: Rect]
  /// The row of tabs, when panes hide behind them.
  package let tabs: Rect?
  /// The last row: hints, prompts and messages.
  package let hints: Rect

  package init(size: Size, focus: Pane, isMaximised: Bool, jobCount: Int) {
    let whole = Rect(size)
    let (hints, body) = whole.cutBottom(1)
    self.hints = hints
    arrangement = Self.arrangement(for: size, isMaximised: isMaximised)
    switch arrangement {
    case .tooSmall:
      panes = [:]
      tabs = nil
    case .single:
      let (tabs, rest) = body.cutTop(1)
      self.tabs = tabs
      panes = [focus: rest]
    case .double:
      let (tabs, rest) = body.cutTop(1)
      self.tabs = tabs
      let other = focus == .ingredients ? Pane.soup : focus
      let parts = rest.split(.vertical, [.bounded(0.5, in: 7...60), .fill(1)])
      panes = [.ingredients: parts[0], other: parts[1]]
    case .triple:
      tabs = nil
      let jobRows = Self.jobRows(jobCount: jobCount, rows: body.rows)
      let (jobs, upper) = body.cutBottom(jobRows)
      let sides = upper.split(.horizontal, [.bounded(0.5, in: 54...120), .fill(1)])
      let right = sides[1].split(.vertical, [.fixed(Self.soupRows(upper.rows)), .fill(1)])
      panes = [.ingredients: sides[0], .soup: right[0], .plot: right[1], .jobs: jobs]
    }
  }

  private static func arrangement(for size: Size, isMaximised: Bool) -> Arrangement {
    if size.columns < smallest.columns || size.rows < smallest.rows { return .tooSmall }
    if isMaximised || size.columns < 80 || size.rows < 24 { return .single }
    return size.columns < 120 ? .double : .triple
  }

  private static func soupRows(_ rows: Int) -> Int { min(max(rows * 2 / 5, 10), 17) }

  /// Enough for the decisions of the job that is shown, never more than a third.
  private static func jobRows(jobCount: Int, rows: Int) -> Int {
    jobCount == 0 ? 4 : min(max(7, jobCount + 4), max(5, rows / 3))
  }
}
