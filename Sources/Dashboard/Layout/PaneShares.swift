/// How large the panes are made by hand, as shares of the screen; nil leaves it to the layout.
///
/// Shares, not cells, so that another window keeps the proportions.
package struct PaneShares: Hashable, Sendable, Codable {
  /// The ingredients' part of the width, with three panes.
  package var ingredients: Double?
  /// The soup's part of the height right of the ingredients.
  package var soup: Double?
  /// The jobs' part of the height.
  package var jobs: Double?
  /// The ingredients' part of the height, with two panes.
  package var upper: Double?

  /// As the layout has it.
  package init() {}

  package subscript(divider: Divider) -> Double? {
    get {
      switch divider {
      case .ingredients: ingredients
      case .soup: soup
      case .jobs: jobs
      case .upper: upper
      }
    }
    set {
      switch divider {
      case .ingredients: ingredients = newValue
      case .soup: soup = newValue
      case .jobs: jobs = newValue
      case .upper: upper = newValue
      }
    }
  }
}

/// A border between panes that can be moved.
package enum Divider: CaseIterable, Hashable, Sendable {
  /// Right of the ingredients.
  case ingredients
  /// Below the soup.
  case soup
  /// Above the jobs.
  case jobs
  /// Between the upper and the lower of two panes.
  case upper
}
