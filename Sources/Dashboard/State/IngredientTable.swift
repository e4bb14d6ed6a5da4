package import Checkpoints
package import Evaluation
import OrderedCollections
package import Sweeps

/// The ingredients as the table shows them: values, order, filter and cursor.
///
/// The cursor is an ingredient, never a row number, so it stays put when rows move. The order of the
/// whole sweep is kept, so that a filter being typed only walks it.
package struct IngredientTable: Sendable {
  /// How the rows are ordered.
  package struct Sort: Hashable, Sendable {
    package var column: Column
    package var isAscending: Bool

    package init(column: Column, isAscending: Bool) {
      self.column = column
      self.isAscending = isAscending
    }
  }

  package private(set) var ingredients: [Ingredient]
  /// Every column in the order the person gave them; what is hidden keeps its place.
  package internal(set) var columns: [Column]
  package internal(set) var hiddenColumns: Set<Column> = []
  /// Measured by us: ingredient → split → score.
  package private(set) var measured: [String: [String: Score]] = [:]
  /// What the pre-flight comparison found of each ingredient, the gravest first.
  package private(set) var findings: [String: [Finding]] = [:]
  /// Ingredients that cannot be mixed, with the reason.
  package private(set) var unmixable: [String: String] = [:]
  /// What it found of the sweep as a whole.
  package private(set) var sweepFindings: [Finding] = []
  package private(set) var sort: Sort
  package private(set) var filter = Filter.everything
  package private(set) var showsMembersOnly = false
  /// Name of the ingredient under the cursor; nil when nothing is shown.
  package private(set) var cursor: String?
  /// Row at which a range started; nil when none is being drawn.
  package var rangeAnchor: String?
  /// Names in the order shown.
  package private(set) var shown: [String] = []
  /// Columns that each column's texts take, by a sample of the sweep; found out once.
  package let textColumns: [Column: Int]
  /// How columns without texts write their numbers, which are aligned to the right.
  package let notations: [Column: NumberNotation]
  /// The ingredients that have an accuracy on the first split, the best first.
  package private(set) var ranking: AccuracyRanking
  /// Whether scores have come since the rows were put in order.
  package private(set) var isOutOfOrder = true

  private let shiftNames: [String]
  private let selectionSplit: String
  let standardColumns: [Column]
  private var byName: [String: Int] = [:]
  private var store: ColumnStore
  /// Places of all ingredients in the order of the sort.
  private var order: [Int] = []
  /// Row of each place; nil where it is not shown.
  private var rows: [Int?] = []

  package init(sweep: Sweep) {
    ingredients = sweep.ingredients
    let splits = sweep.splits.map(\.name)
    shiftNames = sweep.splits.filter { $0.role == .shift }.map(\.name)
    columns = Self.columns(of: sweep, splits: splits, shifts: shiftNames)
    standardColumns = columns
    selectionSplit = splits.first ?? "val"
    let merit = Column.accuracy(split: selectionSplit)
    let hasMerit = columns.contains(merit)
    sort = Sort(column: hasMerit ? merit : .name, isAscending: !hasMerit)
    for (place, ingredient) in ingredients.enumerated() { byName[ingredient.name] = place }
    store = ColumnStore(ingredients: ingredients, columns: columns, shifts: shiftNames)
    (textColumns, notations) = Self.extents(of: columns, in: store)
    ranking = AccuracyRanking(of: store[.accuracy(split: selectionSplit)].map(\.number))
    arrange(members: [])
  }

  /// Name, val, test, the mean of the shifts, then hyperparameters, then each shift; last what no
  /// ingredient has a value of.
  private static func columns(of sweep: Sweep, splits: [String], shifts: [String]) -> [Column] {
    var columns: [Column] = [.name]
    columns += splits.filter { !shifts.contains($0) }.map { .accuracy(split: $0) }
    if !shifts.isEmpty { columns.append(.shiftMean) }
    var keys: [String] = []
    var seen: Set<String> = []
    var told: Set<String> = []
    for ingredient in sweep.ingredients {
      for (key, value) in ingredient.hyperparameters {
        if seen.insert(key).inserted { keys.append(key) }
        if value != .null { told.insert(key) }
      }
    }
    columns += keys.filter(told.contains).map { .hyperparameter($0) }
    columns += shifts.map { .accuracy(split: $0) }
    columns += keys.filter { !told.contains($0) }.map { .hyperparameter($0) }
    return columns
  }

  package func ingredient(_ name: String) -> Ingredient? { byName[name].map { ingredients[$0] } }

  /// The gravest finding about an ingredient that is more than a note.
  package func warning(of name: String) -> Finding? {
    findings[name]?.first { $0.severity != .note }
  }

  /// Why an ingredient cannot be put into soups; nil for one that can.
  package func obstacle(to name: String) -> String? {
    if let reason = unmixable[name] { return reason }
    guard ingredient(name)?.file == nil else { return nil }
    return ingredients.contains { $0.file != nil }
      ? "its results are known, but not its checkpoint"
      : "there are results here, but no checkpoints"
  }

  /// How many can be put into soups.
  package var mixable: Int { ingredients.count { obstacle(to: $0.name) == nil } }

  /// Row of the ingredient among those shown.
  package func row(of name: String) -> Int? { byName[name].flatMap { rows[$0] } }

  package var cursorRow: Int? { cursor.flatMap { row(of: $0) } }

  /// Accuracy of an ingredient on a split, and whether we measured it ourselves.
  package func accuracy(of name: String, on split: String) -> (value: Double, isMeasured: Bool)? {
    if let value = measured[name]?[split]?.accuracy { return (value, true) }
    guard let reported = ingredient(name)?.metrics[split] else { return nil }
    return (reported.accuracy, false)
  }

  /// The best ingredient alone on the first split; the first in the sweep of equals.
  package var best: (name: String, accuracy: Double)? {
    ranking.entries.first.map { (ingredients[$0.place].name, $0.accuracy) }
  }

  /// From the worst to the best accuracy on the first split; nil where all are the same.
  package var scale: ClosedRange<Double>? {
    guard let best = ranking.entries.first, let worst = ranking.entries.last,
      worst.accuracy < best.accuracy
    else { return nil }
    return worst.accuracy...best.accuracy
  }

  /// How many have a higher accuracy on the first split; nil for an ingredient that has none.
  package func rank(of name: String) -> Int? { byName[name].flatMap { ranking.rank(of: $0) } }

  /// The count behind an accuracy, measured or reported; nil where only a share is known.
  package func score(of name: String, on split: String) -> Score? {
    if let measured = measured[name]?[split] { return measured }
    guard let reported = ingredient(name)?.metrics[split], let correct = reported.correct,
      let n = reported.n
    else { return nil }
    return Score(correct: correct, n: n, nll: reported.nll)
  }

  package func shiftMean(of name: String) -> (value: Double, isMeasured: Bool)? {
    let values = shiftNames.compactMap { accuracy(of: name, on: $0) }
    guard values.count == shiftNames.count, !values.isEmpty else { return nil }
    return (
      values.map(\.value).reduce(0, +) / Double(values.count), values.allSatisfy(\.isMeasured)
    )
  }

  package func value(of name: String, in column: Column) -> ColumnValue {
    byName[name].map { store.value(at: $0, in: column) } ?? .missing
  }

  /// The values of a column by place in the sweep; empty for a column that there is not.
  func values(in column: Column) -> [ColumnValue] { store[column] }
}

// MARK: - What changes it

extension IngredientTable {
  /// Takes in measured scores; the rows stay where they are until `arrange`.
  package mutating func take(_ score: Score, of name: String, on split: String) {
    measured[name, default: [:]][split] = score
    guard let place = byName[name], let accuracy = score.accuracy else { return }
    store.set(accuracy, at: place, on: split)
    isOutOfOrder = true
    if split == selectionSplit { ranking.set(accuracy, at: place) }
  }

  /// Takes in measured scores, by ingredient and split.
  package mutating func take(_ scores: [String: [String: Score]]) {
    for (name, bySplit) in scores {
      for (split, score) in bySplit { take(score, of: name, on: split) }
    }
  }

  /// Takes in all that the pre-flight comparison has found.
  package mutating func setFindings(_ found: [Finding]) {
    let ranked = found.sorted { $0.severity > $1.severity }
    let names = Set(ingredients.map(\.name))
    findings = Dictionary(grouping: ranked.filter { names.contains($0.subject ?? "") }) {
      $0.subject ?? ""
    }
    sweepFindings = ranked.filter { !names.contains($0.subject ?? "") }
    unmixable = findings.compactMapValues { $0.first { $0.severity == .refuse }?.problem }
  }

  package mutating func setSort(_ sort: Sort, members: Set<String>) {
    self.sort = sort
    isOutOfOrder = true
    arrange(members: members)
  }

  package mutating func setFilter(_ filter: Filter, members: Set<String>) {
    self.filter = filter
    arrange(members: members)
  }

  package mutating func setShowsMembersOnly(_ only: Bool, members: Set<String>) {
    showsMembersOnly = only
    arrange(members: members)
  }

  /// Puts the rows in order again; the cursor stays on its ingredient, or goes to the nearest row.
  package mutating func arrange(members: Set<String>) {
    if isOutOfOrder {
      order = store.order(by: sort.column, isAscending: sort.isAscending)
      isOutOfOrder = false
    }
    sift(members: members)
  }

  /// Shows what passes now; the order stays as it is.
  package mutating func sift(members: Set<String>) {
    let previousRow = cursorRow ?? 0
    let ingredients = ingredients
    let test = filter.test(of: store) { members.contains(ingredients[$0].name) }
    shown.removeAll(keepingCapacity: true)
    rows = Array(repeating: nil, count: ingredients.count)
    for place in order {
      let name = ingredients[place].name
      guard !showsMembersOnly || members.contains(name), test(place) else { continue }
      rows[place] = shown.count
      shown.append(name)
    }
    if cursorRow == nil {
      cursor = shown.isEmpty ? nil : shown[min(previousRow, shown.count - 1)]
    }
    if let anchor = rangeAnchor, row(of: anchor) == nil { rangeAnchor = nil }
  }

  /// The set of members has changed: rows go only where the filter asks for membership.
  package mutating func membersChanged(to members: Set<String>) {
    if showsMembersOnly || filter.asksForMembership { sift(members: members) }
  }

  /// Moves the cursor by rows, stopping at the ends.
  package mutating func moveCursor(by rows: Int) {
    guard !shown.isEmpty else { return }
    let row = min(max((cursorRow ?? 0) + rows, 0), shown.count - 1)
    cursor = shown[row]
  }

  package mutating func moveCursor(to name: String) {
    if row(of: name) != nil { cursor = name }
  }

  /// Names between the anchor of a range and the cursor, both included; the cursor alone without one.
  package var rangeNames: [String] {
    guard let row = cursorRow else { return [] }
    guard let anchor = rangeAnchor.flatMap({ self.row(of: $0) }) else { return [shown[row]] }
    return Array(shown[min(anchor, row)...max(anchor, row)])
  }
}
