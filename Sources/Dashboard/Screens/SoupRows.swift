/// How the soup pane's parts share its rows, in the order of what they are worth: the headline, the
/// interval, the soup's own numbers, what they mean, its members, warnings, and then the others.
struct SoupRows {
  /// A pane lower than this says more with its other parts.
  private static let leastForStrip = 9

  private(set) var hasStrip = false
  private(set) var evidence = 0
  private(set) var members = 0
  private(set) var warnings = 0
  private(set) var others = 0
  private(set) var hasGapAboveStrip = false
  private(set) var hasGapAboveTable = false
  private(set) var hasGapAboveMembers = false

  /// - Parameters:
  ///   - rows: The rows inside the pane.
  ///   - own: The rows below the table's header that always stay; the other numbers are of rows that
  ///     each part would take.
  init(
    in rows: Int, hasStrip: Bool, own: Int, evidence: Int, members: Int, warnings: Int, others: Int
  ) {
    var left = rows - 1
    func take(_ wanted: Int) -> Int {
      let taken = min(max(0, left), wanted)
      left -= taken
      return taken
    }
    if hasStrip, rows >= Self.leastForStrip { self.hasStrip = take(1) == 1 }
    _ = take(1 + own)
    self.evidence = take(evidence)
    self.members = take(min(1, members))
    self.warnings = take(warnings)
    self.members += take(members - self.members)
    self.others = take(others)
    hasGapAboveTable = take(1) == 1
    if members > 0 { hasGapAboveMembers = take(1) == 1 }
    if self.hasStrip { hasGapAboveStrip = take(1) == 1 }
  }
}
