/// A value of a hyperparameter, as a results file states it.
///
/// Values are ordered for sorting a column: null, then booleans, then numbers, then text in natural
/// order (`m4` before `m12`).
package enum HyperValue: Hashable, Sendable {
  /// Finite. An integer that a `Double` cannot hold exactly is kept as `text`.
  case number(Double)
  case text(String)
  case bool(Bool)
  case null

  /// The number, when it is one.
  package var number: Double? {
    if case .number(let value) = self { value } else { nil }
  }
}

extension HyperValue: CustomStringConvertible {
  /// `16` and not `16.0`; `0.001`; `rand-m7-n1`; `true`; a dash for null.
  package var description: String {
    switch self {
    case .number(let value):
      if let whole = Int(exactly: value), abs(value) < 1e15 { String(whole) } else { "\(value)" }
    case .text(let value): value
    case .bool(let value): value ? "true" : "false"
    case .null: "–"
    }
  }
}

extension HyperValue: Comparable {
  package static func < (left: HyperValue, right: HyperValue) -> Bool {
    switch (left, right) {
    case (.number(let a), .number(let b)): a < b
    case (.text(let a), .text(let b)): naturallyPrecedes(a, b)
    case (.bool(let a), .bool(let b)): !a && b
    default: left.rank < right.rank
    }
  }

  private var rank: Int {
    switch self {
    case .null: 0
    case .bool: 1
    case .number: 2
    case .text: 3
    }
  }
}
