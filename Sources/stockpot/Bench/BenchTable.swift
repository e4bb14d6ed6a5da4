import Foundation

/// Figures side by side, for people as text and for programs as JSON.
struct BenchTable: Encodable {
  /// A column: its title for people, and its key in JSON, which names the unit.
  struct Column {
    let title: String
    let key: String
  }

  /// One thing that was measured; a figure a column, nil where there is none.
  struct Row {
    let name: String
    let figures: [Double?]
  }

  let title: String
  let columns: [Column]
  var rows: [Row] = []

  var text: String {
    var table = TextTable([(title, .left)] + columns.map { ($0.title, .right) })
    for row in rows { table.add([row.name] + row.figures.map { $0.map(Self.number) ?? "–" }) }
    return table.text
  }

  /// Three digits that count, and no exponent: `1234`, `12.3`, `0.0123`.
  static func number(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    let digits = max(0, 2 - Int(log10(abs(value)).rounded(.down)))
    return String(format: "%.\(min(digits, 6))f", value)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(title, forKey: Key("title"))
    var list = container.nestedUnkeyedContainer(forKey: Key("rows"))
    for row in rows {
      var object = list.nestedContainer(keyedBy: Key.self)
      try object.encode(row.name, forKey: Key("name"))
      for (column, figure) in zip(columns, row.figures) {
        try object.encode(figure, forKey: Key(column.key))
      }
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
