import Sweeps

/// One column of the ingredient table.
package enum Column: Hashable, Sendable {
  case name
  /// Accuracy on a split.
  case accuracy(split: String)
  /// Mean accuracy over the shifts.
  case shiftMean
  case hyperparameter(String)

  package var isAccuracy: Bool {
    switch self {
    case .accuracy, .shiftMean: true
    case .name, .hyperparameter: false
    }
  }

  /// What the sweep's memory of the table calls it.
  package var key: String {
    switch self {
    case .name: "name"
    case .accuracy(let split): "split:\(split)"
    case .shiftMean: "shifts"
    case .hyperparameter(let key): "hyper:\(key)"
    }
  }

  /// What a filter and the header call it.
  package var title: String {
    switch self {
    case .name: "ingredient"
    case .accuracy(let split): split
    case .shiftMean: "shifts"
    case .hyperparameter(let key): key
    }
  }
}

/// What stands in one column of one ingredient.
package enum ColumnValue: Hashable, Sendable {
  case missing
  case text(String)
  case number(Double)

  package var number: Double? {
    if case .number(let value) = self { value } else { nil }
  }

  /// Nil for what has no place in an order.
  package var sortable: ColumnValue? {
    switch self {
    case .missing: nil
    case .number(let value): value.isNaN ? nil : self
    case .text: self
    }
  }
}
