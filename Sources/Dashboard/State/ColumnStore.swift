import Foundation
import OrderedCollections
import Sweeps

/// The values of every ingredient by column, ready to be sorted, filtered and drawn.
///
/// Rows are the ingredients' places in the sweep. A cell is looked up in constant time, and a new
/// score changes only the columns that it stands in.
struct ColumnStore: Sendable {
  private(set) var columns: [Column: [ColumnValue]] = [:]
  private let shifts: [String]
  private let nothing: [ColumnValue]

  init(ingredients: [Ingredient], columns: [Column], shifts: [String]) {
    self.shifts = shifts
    nothing = Array(repeating: .missing, count: ingredients.count)
    for column in columns {
      self.columns[column] = ingredients.map { Self.reported($0, in: column, shifts: shifts) }
    }
  }

  /// As long as the sweep; all missing for a column that there is not.
  subscript(column: Column) -> [ColumnValue] { columns[column] ?? nothing }

  func value(at place: Int, in column: Column) -> ColumnValue {
    guard let values = columns[column], values.indices.contains(place) else { return .missing }
    return values[place]
  }

  /// Takes in a measured accuracy, and the mean of the shifts that it changes.
  mutating func set(_ accuracy: Double, at place: Int, on split: String) {
    columns[.accuracy(split: split)]?[place] = .number(accuracy)
    guard shifts.contains(split) else { return }
    let values = shifts.map { columns[.accuracy(split: $0)]?[place] ?? .missing }
    columns[.shiftMean]?[place] = Self.mean(values)
  }

  /// What the results file says.
  private static func reported(
    _ ingredient: Ingredient, in column: Column, shifts: [String]
  ) -> ColumnValue {
    func accuracy(_ split: String) -> ColumnValue {
      ingredient.metrics[split].map { .number($0.accuracy) } ?? .missing
    }
    switch column {
    case .name: return .text(ingredient.name)
    case .accuracy(let split): return accuracy(split)
    case .shiftMean: return mean(shifts.map(accuracy))
    case .hyperparameter(let key):
      switch ingredient.hyperparameters[key] {
      case .number(let number)?: return .number(number)
      case .text(let text)?: return .text(text)
      case .bool(let flag)?: return .text(flag ? "true" : "false")
      case .null?, nil: return .missing
      }
    }
  }

  /// Missing unless every one is there.
  private static func mean(_ values: [ColumnValue]) -> ColumnValue {
    let numbers = values.compactMap(\.number)
    guard numbers.count == values.count, !numbers.isEmpty else { return .missing }
    return .number(numbers.reduce(0, +) / Double(numbers.count))
  }

  /// Places in the order of a column: stable, missing values and NaN last whichever way.
  func order(by column: Column, isAscending: Bool) -> [Int] {
    let values = self[column]
    var numbers: [(place: Int, value: Double)] = []
    var texts: [(place: Int, key: [UInt8], value: String)] = []
    var rest: [Int] = []
    for (place, value) in values.enumerated() {
      switch value.sortable {
      case .number(let number)?: numbers.append((place, number))
      case .text(let text)?: texts.append((place, naturalKey(of: text), text))
      case .missing?, nil: rest.append(place)
      }
    }
    numbers.sort {
      $0.value == $1.value
        ? $0.place < $1.place : ($0.value < $1.value) == isAscending
    }
    texts.sort {
      if $0.key != $1.key { return $0.key.precedes($1.key) == isAscending }
      if $0.value != $1.value { return naturallyPrecedes($0.value, $1.value) == isAscending }
      return $0.place < $1.place
    }
    let (first, second) = (numbers.map(\.place), texts.map(\.place))
    return (isAscending ? first + second : second + first) + rest
  }
}

extension [UInt8] {
  /// Whether it comes first byte by byte; the shorter first where one begins with the other.
  fileprivate func precedes(_ other: [UInt8]) -> Bool {
    let shared = Swift.min(count, other.count)
    let order = withUnsafeBytes { left in
      other.withUnsafeBytes { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return Int32(0) }
        return memcmp(left, right, shared)
      }
    }
    return order == 0 ? count < other.count : order < 0
  }
}
