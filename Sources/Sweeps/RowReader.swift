import OrderedCollections

/// The parts of one row of a results file, sorted by what their columns mean.
struct GatheredRow: Sendable {
  let place: String
  let key: String?
  /// Name columns: the text, and how much the column is the ingredient's own name.
  var names: OrderedDictionary<String, (text: String, rank: Int)> = [:]
  var path: String?
  var role = ResultTable.Role.ingredient
  var metrics: OrderedDictionary<String, PartialMetric> = [:]
  /// From a group of hyperparameters; nil when the row has no such group.
  var grouped: OrderedDictionary<String, HyperValue>?
  /// Flat columns that look like a metric, with the split they would be of.
  var metricColumns: OrderedDictionary<String, String> = [:]
  /// Columns that mean nothing in particular, and those of `metricColumns` too until it is settled
  /// that they are metrics.
  var rest: OrderedDictionary<String, HyperValue> = [:]
  /// Members of a group of metrics, with the split they would be of.
  var groupedMetrics: OrderedDictionary<String, String> = [:]
  /// Members of a group of metrics that say nothing of accuracy.
  var otherMetrics: [String] = []

  /// What is neither shown as a metric nor as a hyperparameter.
  ///
  /// - Parameter splits: those that have an accuracy.
  func leftOut(besides splits: Set<String>) -> [String] {
    let unused = groupedMetrics.filter { _, split in
      !splits.contains(split) && !ResultColumn.isTraining(split)
    }
    let columns = grouped == nil ? [] : rest.filter { $0.value != .null }.map(\.key)
    return unused.map(\.key) + otherMetrics + columns
  }

  /// Takes the columns of `splits` out of the hyperparameters.
  mutating func settleMetrics(of splits: Set<String>) {
    for (column, split) in metricColumns where splits.contains(split) {
      rest[column] = nil
    }
  }

  /// The key the row stood under, else the name column, else the file's name.
  func name(by column: String?) -> String? {
    key ?? column.flatMap { names[$0]?.text } ?? path.map(checkpointName)
  }

  /// The group of hyperparameters; without one, every column that means nothing in particular, and
  /// names that turned out not to be the ingredient's (`model = "vit_small"` in every row).
  func hyperparameters(besides naming: String?) -> OrderedDictionary<String, HyperValue> {
    if let grouped { return grouped }
    var all = rest
    for (column, name) in names where column != naming && !isIdentifier(column) {
      all[column] = .text(name.text)
    }
    return all
  }

  private func isIdentifier(_ column: String) -> Bool {
    let name = column.lowercased()
    return name == "id" || name == "index" || name.hasSuffix("run_id") || name.hasPrefix("tags.")
  }
}

/// Sorts the fields of a row.
struct RowReader {
  private(set) var gathered: GatheredRow
  private let isTyped: Bool

  init(_ row: ResultsFile.Row, isTyped: Bool) {
    gathered = GatheredRow(place: row.place, key: row.key)
    self.isTyped = isTyped
    for (column, value) in row.fields { add(column, value) }
  }

  private mutating func add(_ column: String, _ value: JSONValue) {
    for group in ["params.", "params/", "config.", "config/", "hyperparameters.", "hparams."]
    where column.hasPrefix(group) && column.count > group.count {
      addHyperparameter(String(column.dropFirst(group.count)), value)
      return
    }
    switch ResultColumn(column) {
    case .name(let rank):
      if let text = text(of: value) { gathered.names[column] = (text, rank) }
    case .path: if let text = text(of: value) { gathered.path = text }
    case .role: if let text = text(of: value) { gathered.role = role(text) }
    case .hyperparameters:
      if case .object(let members) = value {
        for (name, member) in members { addHyperparameter(name, member) }
      } else {
        addRest(column, value)
      }
    case .metrics:
      if case .object(let members) = value {
        for (name, member) in members { addMetric(name, member) }
      }
    case .metric(let split, let measure):
      if let number = number(of: value) {
        set(measure, of: split, to: number)
        gathered.metricColumns[column] = split
      }
      addRest(column, value)
    case .bookkeeping: break
    case .other: addRest(column, value)
    }
  }

  /// A member of a metric group: a split with its measures, a split's accuracy, or a flat metric.
  private mutating func addMetric(_ name: String, _ value: JSONValue) {
    if case .object(let measures) = value {
      for (word, member) in measures {
        if let measure = ResultColumn.measure(word), let number = number(of: member) {
          set(measure, of: name, to: number)
          gathered.groupedMetrics["\(name).\(word)"] = name
        } else {
          gathered.otherMetrics.append("\(name).\(word)")
        }
      }
    } else if let number = number(of: value) {
      switch ResultColumn(name) {
      case .metric(let split, let measure):
        set(measure, of: split, to: number)
        gathered.groupedMetrics[name] = split
      case _ where ResultColumn.isOtherMeasure(name): gathered.otherMetrics.append(name)
      default: set(.accuracy, of: name, to: number)
      }
    }
  }

  private mutating func set(_ measure: ResultColumn.Measure, of split: String, to value: Double) {
    var partial = gathered.metrics[split] ?? PartialMetric()
    switch measure {
    case .accuracy: partial.accuracy = value
    case .correct: partial.correct = value
    case .count: partial.count = value
    case .nll: partial.nll = value
    }
    gathered.metrics[split] = partial
  }

  private mutating func addHyperparameter(_ name: String, _ value: JSONValue) {
    var group = gathered.grouped ?? [:]
    flatten(name, value, into: &group)
    gathered.grouped = group
  }

  private mutating func addRest(_ name: String, _ value: JSONValue) {
    flatten(name, value, into: &gathered.rest)
  }

  /// `optimizer: {lr: 1}` becomes `optimizer.lr`; `{value: 1, desc: null}`, as W&B writes it, is 1.
  private func flatten(
    _ name: String, _ value: JSONValue, into values: inout OrderedDictionary<String, HyperValue>
  ) {
    switch value {
    case .object(let members):
      if let inner = members["value"], members.keys.allSatisfy({ ["value", "desc"].contains($0) }) {
        flatten(name, inner, into: &values)
      } else {
        for (key, member) in members { flatten("\(name).\(key)", member, into: &values) }
      }
    case .array(let elements):
      values[name] = .text(elements.map { hyperValue($0).description }.joined(separator: ", "))
    default:
      values[name] = hyperValue(value)
    }
  }

  private func hyperValue(_ value: JSONValue) -> HyperValue {
    switch value {
    case .integer(let whole):
      if let exact = Double(exactly: whole) { .number(exact) } else { .text(String(whole)) }
    case .number(let number): number.isFinite ? .number(number) : .null
    case .bool(let flag): .bool(flag)
    case .string(let text): isTyped ? .text(text) : hyperValue(cell: text)
    case .array(let elements):
      .text("[" + elements.map { hyperValue($0).description }.joined(separator: ", ") + "]")
    case .object: .text("{…}")
    case .null: .null
    }
  }

  private func hyperValue(cell: String) -> HyperValue {
    switch cell.lowercased() {
    case "", "nan", "none", "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    default: break
    }
    guard let number = decimal(cell) else { return .text(cell) }
    // A seed of more digits than a Double has keeps all of them.
    if let whole = Int(cell), Double(exactly: whole) == nil { return .text(cell) }
    return .number(number)
  }

  private func number(of value: JSONValue) -> Double? {
    if case .string(let text) = value { return isTyped ? nil : decimal(text) }
    return value.number
  }

  /// Finite and in decimal notation: `Double` would also take `0x1p3` and `infinity`.
  private func decimal(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ 48...57 ~= $0 || "+-.eE".utf8.contains($0) }),
      let number = Double(text), number.isFinite
    else { return nil }
    return number
  }

  private func text(of value: JSONValue) -> String? {
    switch value {
    case .string(let text): text.isEmpty ? nil : text
    case .integer(let whole): String(whole)
    default: nil
    }
  }

  private func role(_ text: String) -> ResultTable.Role {
    switch text.lowercased() {
    case "ingredient", "finetune", "fine-tune", "model", "checkpoint": .ingredient
    case "init", "theta0", "initialisation", "initialization", "pretrained", "zeroshot",
      "zero-shot":
      .initialisation
    default: .reference
    }
  }
}
