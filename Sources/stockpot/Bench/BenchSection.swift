import Dashboard

/// One part of `stockpot bench`: what it measures, and the bars it is held to.
protocol BenchSection {
  /// Measures, after saying on stderr what takes time.
  ///
  /// - Throws: `CancellationError` when interrupted; errors of input as every command.
  func measure(_ say: (String) -> Void) async throws -> BenchResult
}

/// What a part of the bench found.
struct BenchResult: Encodable {
  /// The part's name on the command line.
  let section: String
  var tables: [BenchTable] = []
  var bars: [BenchBar] = []
  /// What was left out, and why.
  var notes: [String] = []

  /// For a person: tables, bars, notes.
  var text: String {
    var parts = tables.map(\.text)
    if !bars.isEmpty { parts.append(bars.map(\.line).joined(separator: "\n")) }
    if !notes.isEmpty { parts.append(notes.joined(separator: "\n")) }
    return parts.joined(separator: "\n\n")
  }
}

/// A promise about speed or memory, and whether it is kept here.
struct BenchBar: Encodable {
  /// On which side of the limit is well.
  enum Sense: String, Encodable { case atLeast = "at_least", atMost = "at_most" }

  let what: String
  let sense: Sense
  let limit: Double
  let unit: String
  /// Nil when it could not be measured.
  let value: Double?
  /// Nil when it could not be measured.
  let isMet: Bool?

  init(_ what: String, _ value: Double?, _ sense: Sense, _ limit: Double, unit: String) {
    self.what = what
    self.sense = sense
    self.limit = limit
    self.unit = unit
    self.value = value
    isMet = value.map { sense == .atLeast ? $0 >= limit : $0 <= limit }
  }

  enum CodingKeys: String, CodingKey {
    case what, sense, limit, unit, value
    case isMet = "met"
  }

  /// For a person: a mark, what was measured, and what was promised.
  var line: String {
    let mark = isMet.map { $0 ? "✓" : "✗" } ?? "–"
    let found = value.map { "\(BenchTable.number($0)) \(unit)" } ?? "not measured"
    let word = sense == .atLeast ? "at least" : "at most"
    let bound = "\(word) \(BenchTable.number(limit)) \(unit)"
    return "\(mark) \(what.rightPadded(to: 46))  \(found.leftPadded(to: 12))  (\(bound))"
  }
}
