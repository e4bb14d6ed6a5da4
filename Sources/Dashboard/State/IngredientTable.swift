package import Checkpoints
package import Evaluation
import OrderedCollections
package import Sweeps

/// The ingredients as the table shows them: values, order, filter and cursor.
///
/// The cursor is an ingredient, never a row number, so it stays put when rows move.
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
  package private(set) var columns: [Column]
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

  private let shiftNames: [String]
  private var byName: [String: Int] = [:]
  private var rowOfName: [String: Int] = [:]

  package init(sweep: Sweep) {
    ingredients = sweep.ingredients
    let splits = sweep.splits.map(\.name)
    shiftNames = sweep.splits.filter { $0.role == .shift }.map(\.name)
    columns = Self.columns(of: sweep, splits: splits, shifts: shiftNames)
    sort = Sort(column: .accuracy(split: splits.first ?? "val"), isAscending: false)
    for (place, ingredient) in ingredients.enumerated() { byName[ingredient.name] = place }
    arrange(members: [])
  }

  /// Name, val, test, the mean of the shifts, then hyperparameters that differ, then each shift.
  private static func columns(of sweep: Sweep, splits: [String], shifts: [String]) -> [Column] {
    var columns: [Column] = [.name]
    columns += splits.filter { !shifts.contains($0) }.map { .accuracy(split: $0) }
    if !shifts.isEmpty { columns.append(.shiftMean) }
    var keys: [String] = []
    var seen: Set<String> = []
    for ingredient in sweep.ingredients {
      for key in ingredient.hyperparameters.keys where seen.insert(key).inserted {
        keys.append(key)
      }
    }
    columns += keys.map { .hyperparameter($0) }
    columns += shifts.map { .accuracy(split: $0) }
    return columns
  }

  package func ingredient(_ name: String) -> Ingredient? { byName[name].map { ingredients[$0] } }

  /// The gravest finding about an ingredient that is more than a note.
  package func warning(of name: String) -> Finding? {
    findings[name]?.first { $0.severity != .note }
  }

  /// Row of the ingredient among those shown.
  package func row(of name: String) -> Int? { rowOfName[name] }

  package var cursorRow: Int? { cursor.flatMap { rowOfName[$0] } }

  /// Accuracy of an ingredient on a split, and whether we measured it ourselves.
  package func accuracy(of name: String, on split: String) -> (value: Double, isMeasured: Bool)? {
    if let value = measured[name]?[split]?.accuracy { return (value, true) }
    guard let reported = ingredient(name)?.metrics[split] else { return nil }
    return (reported.accuracy, false)
  }

  package func shiftMean(of name: String) -> (value: Double, isMeasured: Bool)? {
    let values = shiftNames.compactMap { accuracy(of: name, on: $0) }
    guard values.count == shiftNames.count, !values.isEmpty else { return nil }
    return (
      values.map(\.value).reduce(0, +) / Double(values.count), values.allSatisfy(\.isMeasured)
    )
  }

  package func value(of name: String, in column: Column) -> ColumnValue {
    switch column {
    case .name: .text(name)
    case .accuracy(let split): number(accuracy(of: name, on: split)?.value)
    case .shiftMean: number(shiftMean(of: name)?.value)
    case .hyperparameter(let key): hyperparameter(key, of: name)
    }
  }

  private func number(_ value: Double?) -> ColumnValue { value.map { .number($0) } ?? .missing }

  private func hyperparameter(_ key: String, of name: String) -> ColumnValue {
    switch ingredient(name)?.hyperparameters[key] {
    case .number(let number)?: .number(number)
    case .text(let text)?: .text(text)
    case .bool(let flag)?: .text(flag ? "true" : "false")
    case .null?, nil: .missing
    }
  }
}

// MARK: - What changes it

extension IngredientTable {
  /// Takes in measured scores; the rows stay where they are until `arrange`.
  package mutating func take(_ score: Score, of name: String, on split: String) {
    measured[name, default: [:]][split] = score
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
    let previousRow = cursorRow ?? 0
    let passing = ingredients.map(\.name).filter { name in
      (!showsMembersOnly || members.contains(name))
        && filter.passes(isMember: members.contains(name)) { value(of: name, in: $0) }
    }
    shown = sorted(passing)
    rowOfName = Dictionary(
      uniqueKeysWithValues: shown.enumerated().map { ($0.element, $0.offset) })
    if cursorRow == nil {
      cursor = shown.isEmpty ? nil : shown[min(previousRow, shown.count - 1)]
    }
    if let anchor = rangeAnchor, rowOfName[anchor] == nil { rangeAnchor = nil }
  }

  /// Stable in sweep order; missing values last whichever way.
  private func sorted(_ names: [String]) -> [String] {
    let keyed = names.map { ($0, value(of: $0, in: sort.column)) }
    let present = keyed.filter { $0.1.sortable != nil }.enumerated().sorted { left, right in
      let (first, second) = (left.element.1, right.element.1)
      if first.precedes(second) { return sort.isAscending }
      if second.precedes(first) { return !sort.isAscending }
      return left.offset < right.offset
    }
    return present.map(\.element.0) + keyed.filter { $0.1.sortable == nil }.map(\.0)
  }

  /// Moves the cursor by rows, stopping at the ends.
  package mutating func moveCursor(by rows: Int) {
    guard !shown.isEmpty else { return }
    let row = min(max((cursorRow ?? 0) + rows, 0), shown.count - 1)
    cursor = shown[row]
  }

  package mutating func moveCursor(to name: String) {
    if rowOfName[name] != nil { cursor = name }
  }

  /// Names between the anchor of a range and the cursor, both included; the cursor alone without one.
  package var rangeNames: [String] {
    guard let row = cursorRow else { return [] }
    guard let anchor = rangeAnchor.flatMap({ rowOfName[$0] }) else { return [shown[row]] }
    return Array(shown[min(anchor, row)...max(anchor, row)])
  }
}
