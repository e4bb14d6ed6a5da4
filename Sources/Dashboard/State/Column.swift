import Sweeps

/// One column of the ingredient table.
package enum Column: Hashable, Sendable {
  case name
  /// Accuracy on a split.
  case accuracy(split: String)
  /// Mean accuracy over the shifts.
  case shiftMean
  case hyperparameter(String)

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

  /// Whether `self` comes before `other`, upwards; missing values and NaN are never before anything.
  package func precedes(_ other: ColumnValue) -> Bool {
    switch (sortable, other.sortable) {
    case (nil, _): false
    case (_, nil): true
    case (.number(let left)?, .number(let right)?): left < right
    case (.text(let left)?, .text(let right)?): naturallyPrecedes(left, right)
    case (.number?, .text?): true
    default: false
    }
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
