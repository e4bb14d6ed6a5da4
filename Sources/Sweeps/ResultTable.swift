import Checkpoints
import OrderedCollections

/// In the order of the results file.
typealias OrderedHyperparameters = OrderedDictionary<String, HyperValue>

/// A results file understood: who each row is about, and what it says of it.
struct ResultTable: Sendable {
  struct Row: Sendable {
    let place: String
    let name: String
    /// As the file has it.
    let path: String?
    let role: Role
    let hyperparameters: OrderedHyperparameters
    let metrics: [String: KnownMetric]
  }

  enum Role: Sendable {
    case ingredient
    case initialisation
    case reference
  }

  /// Absolute path.
  let path: String
  let rows: [Row]
  /// Every split that has a metric, in the order of its first appearance.
  let splits: [String]
  let notes: [Note]

  init(path: String, rows: [Row], splits: [String], notes: [Note]) {
    self.path = path
    self.rows = rows
    self.splits = splits
    self.notes = notes
  }

  /// - Parameter fractionsAreMetrics: whether a column of fractions is an accuracy whatever its name,
  ///   because hyperparameters are known to be elsewhere.
  init(_ file: ResultsFile, fractionsAreMetrics: Bool = false) {
    var gathered = file.rows.map {
      RowReader($0, isTyped: file.isTyped).gathered
    }
    path = file.path
    var notes = file.notes
    let naming = ResultTable.chooseName(of: gathered)
    ResultTable.settleMetrics(in: &gathered)
    if fractionsAreMetrics { ResultTable.moveFractions(in: &gathered) }
    let percent = ResultTable.percentages(in: gathered)
    if !percent.isEmpty {
      let names = percent.sorted().joined(separator: ", ")
      notes.append(Note(.info, file: path, "\(names): read as percentages"))
    }
    var splits: OrderedSet<String> = []
    var rows: [Row] = []
    var unusable: OrderedSet<String> = []
    for (index, row) in gathered.enumerated() {
      var metrics: [String: KnownMetric] = [:]
      for (split, partial) in row.metrics where !ResultColumn.isTraining(split) {
        if let metric = partial.metric(split: split, isPercent: percent.contains(split)) {
          metrics[split] = metric
          splits.append(split)
        } else if partial.claimsAccuracy {
          unusable.append("\(row.place), \(split)")
        }
      }
      rows.append(
        Row(
          place: row.place, name: row.name(by: naming) ?? "row \(index + 1)", path: row.path,
          role: row.role, hyperparameters: row.hyperparameters(besides: naming), metrics: metrics))
    }
    if let first = unusable.first {
      let rest = unusable.count > 1 ? " and \(unusable.count - 1) more" : ""
      notes.append(
        Note(
          .warning, file: path, place: first + rest, "not a possible accuracy, left out",
          mend: "Give a fraction from 0 to 1, or a count that is not above the number of examples"))
    }
    let measured = gathered.flatMap { $0.metrics.filter { $0.value.claimsAccuracy }.keys }
    let left = OrderedSet(gathered.flatMap { $0.leftOut(besides: Set(measured)) })
    if !left.isEmpty {
      notes.append(
        Note(.warning, file: path, "not understood as accuracies, left out: \(listed(Array(left)))")
      )
    }
    self.rows = rows
    self.splits = Array(splits)
    self.notes = notes
  }

  /// The first name column, by rank, whose values tell all rows apart; else the first there is.
  private static func chooseName(of rows: [GatheredRow]) -> String? {
    var candidates: OrderedDictionary<String, Int> = [:]
    for row in rows { for (column, name) in row.names { candidates[column] = name.rank } }
    let ranked = candidates.sorted { $0.value < $1.value }.map(\.key)
    return ranked.first { column in
      let names = rows.compactMap { $0.names[column]?.text }
      return names.count == rows.count && Set(names).count == names.count
    } ?? ranked.first
  }

  /// A column such as `aug_n` is a count only when there is an accuracy on a split `aug`.
  private static func settleMetrics(in rows: inout [GatheredRow]) {
    var splits: Set<String> = []
    for row in rows {
      for (split, partial) in row.metrics
      where partial.claimsAccuracy || ResultColumn.isTraining(split) {
        splits.insert(split)
      }
    }
    for index in rows.indices { rows[index].settleMetrics(of: splits) }
  }

  /// Columns that are fractions wherever they are given become accuracies.
  private static func moveFractions(in rows: inout [GatheredRow]) {
    var fractions: OrderedSet<String> = []
    var others: Set<String> = []
    for row in rows {
      for (column, value) in row.rest {
        if let number = value.number, 0...1 ~= number {
          fractions.append(column)
        } else if value != .null {
          others.insert(column)
        }
      }
    }
    for column in fractions where !others.contains(column) {
      for index in rows.indices {
        guard let number = rows[index].rest.removeValue(forKey: column)?.number else { continue }
        rows[index].metrics[column, default: PartialMetric()].accuracy = number
      }
    }
  }

  /// Splits with an accuracy above one.
  private static func percentages(in rows: [GatheredRow]) -> Set<String> {
    var splits: Set<String> = []
    for row in rows {
      for (split, partial) in row.metrics where !ResultColumn.isTraining(split) {
        if let accuracy = partial.accuracy, accuracy > 1, accuracy <= 100 { splits.insert(split) }
      }
    }
    return splits
  }
}

/// What a row says of one split, before it is known to make sense.
struct PartialMetric: Sendable {
  var accuracy: Double?
  var correct: Double?
  var count: Double?
  var nll: Double?

  var claimsAccuracy: Bool { accuracy != nil || (correct != nil && count != nil) }

  /// Nil without an accuracy, and for one that cannot be.
  ///
  /// A count is worked out only where it is a whole number, so that nothing is invented.
  func metric(split: String, isPercent: Bool) -> KnownMetric? {
    let nll = nll.flatMap { $0.isFinite ? $0 : nil }
    if let correct, let count {
      guard let right = Int(exactly: correct), let n = Int(exactly: count), n > 0, 0...n ~= right
      else { return nil }
      return KnownMetric(accuracy: Double(right) / Double(n), correct: right, n: n, nll: nll)
    }
    guard let given = accuracy else { return nil }
    let fraction = isPercent ? given / 100 : given
    guard fraction.isFinite, 0...1 ~= fraction else { return nil }
    let stated = count.flatMap { Int(exactly: $0) }.flatMap { $0 > 0 ? $0 : nil }
    guard let n = stated ?? Benchmark.named(split)?.count else {
      return KnownMetric(accuracy: fraction, nll: nll)
    }
    let product = fraction * Double(n)
    guard abs(product - product.rounded()) < 1e-6 else {
      return KnownMetric(accuracy: fraction, n: stated, nll: nll)
    }
    let right = Int(product.rounded())
    return KnownMetric(accuracy: Double(right) / Double(n), correct: right, n: n, nll: nll)
  }
}
