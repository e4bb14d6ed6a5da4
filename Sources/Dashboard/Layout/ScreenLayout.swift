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
  /// What dragging a border leaves of a pane.
  private static let leastColumns = 40
  private static let leastRows = 5

  package let arrangement: Arrangement
  /// Places of the panes that are shown.
  package let panes: [Pane: Rect]
  /// The row of tabs, when panes hide behind them.
  package let tabs: Rect?
  /// The last row: hints, prompts and messages.
  package let hints: Rect

  package init(
    size: Size, focus: Pane, isMaximised: Bool, jobCount: Int, shares: PaneShares = PaneShares()
  ) {
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
      let rows = Self.extent(
        shares.upper, of: rest.rows, least: Self.leastRows,
        otherwise: min(max(7, (rest.rows + 1) / 2), 60))
      let (upper, lower) = rest.cutTop(rows)
      panes = [.ingredients: upper, other: lower]
    case .triple:
      tabs = nil
      let jobRows = Self.extent(
        shares.jobs, of: body.rows, least: 3, leaving: 2 * Self.leastRows,
        otherwise: Self.jobRows(jobCount: jobCount, rows: body.rows))
      let (jobs, upper) = body.cutBottom(jobRows)
      let columns = Self.extent(
        shares.ingredients, of: upper.columns, least: Self.leastColumns,
        otherwise: min(max(54, (upper.columns + 1) / 2), 120))
      let sides = upper.split(.horizontal, [.fixed(columns), .fill(1)])
      let soupRows = Self.extent(
        shares.soup, of: upper.rows, least: Self.leastRows,
        otherwise: Self.soupRows(of: upper.rows))
      let (soup, plot) = sides[1].cutTop(soupRows)
      panes = [.ingredients: sides[0], .soup: soup, .plot: plot, .jobs: jobs]
    }
  }

  private static func arrangement(for size: Size, isMaximised: Bool) -> Arrangement {
    if size.columns < smallest.columns || size.rows < smallest.rows { return .tooSmall }
    if isMaximised || size.columns < 80 || size.rows < 24 { return .single }
    return size.columns < 120 ? .double : .triple
  }

  /// Enough for a few jobs and the decisions of the shown one; many scroll rather than grow.
  private static func jobRows(jobCount: Int, rows: Int) -> Int {
    jobCount == 0 ? 4 : min(max(7, jobCount + 4), max(6, rows / 5))
  }

  /// Two fifths, but enough for a soup's numbers and what they mean where the plot stays legible.
  private static func soupRows(of rows: Int) -> Int {
    max(min(max(rows * 2 / 5, 12), 17, rows - 12), min(10, rows - leastRows))
  }

  /// The cells of a share, so that something is left on both sides.
  private static func extent(
    _ share: Double?, of whole: Int, least: Int, leaving rest: Int? = nil, otherwise: Int
  ) -> Int {
    guard let share, share.isFinite else { return otherwise }
    let wanted = Int((min(max(share, 0), 1) * Double(whole)).rounded())
    return max(least, min(wanted, whole - (rest ?? least)))
  }
}

// MARK: - Borders that can be moved

extension ScreenLayout {
  /// The border at a place: the last cells of one pane and the first of the next.
  package func divider(at point: Point) -> Divider? {
    func isBelow(_ rect: Rect?) -> Bool {
      guard let rect, point.column >= rect.left, point.column < rect.right else { return false }
      return point.row == rect.bottom - 1 || point.row == rect.bottom
    }
    switch arrangement {
    case .tooSmall, .single: return nil
    case .double: return isBelow(panes[.ingredients]) ? .upper : nil
    case .triple:
      if let jobs = panes[.jobs], point.row == jobs.top || point.row == jobs.top - 1 {
        return .jobs
      }
      if isBelow(panes[.soup]) { return .soup }
      guard let left = panes[.ingredients], point.row < left.bottom else { return nil }
      return point.column == left.right - 1 || point.column == left.right ? .ingredients : nil
    }
  }

  /// The shares with a border taken to a place.
  package func shares(
    _ shares: PaneShares, moving divider: Divider, to point: Point
  ) -> PaneShares {
    guard let (start, whole) = span(of: divider), whole > 0 else { return shares }
    var shares = shares
    let place = divider == .ingredients ? point.column : point.row
    // The jobs are measured from below.
    let cells = divider == .jobs ? start - place : place + 1 - start
    shares[divider] = min(max(Double(cells) / Double(whole), 0), 1)
    return shares
  }

  /// The shares with a border moved by cells, from where it stands.
  package func shares(
    _ shares: PaneShares, moving divider: Divider, by cells: Int
  ) -> PaneShares {
    guard let (_, whole) = span(of: divider), whole > 0, let now = size(before: divider) else {
      return shares
    }
    var shares = shares
    shares[divider] = min(max(Double(now + cells) / Double(whole), 0), 1)
    return shares
  }

  /// From where the part before a border is measured, and the cells that are shared.
  private func span(of divider: Divider) -> (start: Int, whole: Int)? {
    switch (divider, arrangement) {
    case (.ingredients, .triple):
      return panes[.ingredients].map { ($0.left, hints.columns) }
    case (.soup, .triple):
      return panes[.ingredients].map { ($0.top, $0.rows) }
    case (.jobs, .triple): return (hints.top, hints.top)
    case (.upper, .double):
      return panes[.ingredients].map { ($0.top, hints.top - $0.top) }
    default: return nil
    }
  }

  private func size(before divider: Divider) -> Int? {
    switch divider {
    case .ingredients: panes[.ingredients]?.columns
    case .soup: panes[.soup]?.rows
    case .jobs: panes[.jobs]?.rows
    case .upper: panes[.ingredients]?.rows
    }
  }
}
