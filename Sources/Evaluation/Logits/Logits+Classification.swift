extension Logits {
  /// Number of examples whose first largest logit is the label's; a row with NaN is wrong.
  public func correct(_ labels: [Int32]) -> Int {
    chunks(labels) { values, range, labels in
      range.reduce(0) { $0 + (Row.argmax(row(values, $1)) == Int(labels[$1]) ? 1 : 0) }
    }.reduce(0, +)
  }

  /// Whether each example is classified rightly: what `McNemarTest` compares.
  public func correctness(_ labels: [Int32]) -> [Bool] {
    chunks(labels) { values, range, labels in
      range.map { Row.argmax(row(values, $0)) == Int(labels[$0]) }
    }.flatMap { $0 }
  }

  /// The class of each example's first largest logit; nil for a row with NaN.
  public func predictions() -> [Int?] {
    Parallel.map(rows: rows, width: classes) { range in
      withUnsafeBuffer { values in range.map { Row.argmax(row(values, $0)) } }
    }.flatMap { $0 }
  }

  /// Number of examples whose label is among the five largest logits, ties to the smaller class.
  public func correctInTopFive(_ labels: [Int32]) -> Int {
    chunks(labels) { values, range, labels in
      range.reduce(0) { $0 + (Row.isInTopFive(row(values, $1), Int(labels[$1])) ? 1 : 0) }
    }.reduce(0, +)
  }

  /// Counts of true and predicted classes.
  public func confusion(_ labels: [Int32]) -> Confusion {
    precondition(labels.count == rows, "\(labels.count) labels for \(rows) rows")
    return Confusion(classes: classes, labels: labels.map(Int.init), predictions: predictions())
  }

  /// Each example's logit of the label minus the largest other one; −∞ for a row with NaN.
  ///
  /// Negative: wrong.
  public func margins(_ labels: [Int32]) -> [Float] {
    chunks(labels) { values, range, labels in
      range.map { Row.margin(row(values, $0), Int(labels[$0])) }
    }.flatMap { $0 }
  }

  /// Examples by margin, ascending; equal ones in the split's order.
  ///
  /// In this order a candidate's errors come first, so that a hopeless one is abandoned early.
  package func orderByMargin(_ labels: [Int32]) -> [Int] {
    let margins = margins(labels)
    return margins.indices.sorted { left, right in
      margins[left] == margins[right] ? left < right : margins[left] < margins[right]
    }
  }
}

/// How often each class was the label, the prediction, and both.
public struct Confusion: Hashable, Sendable {
  /// Number of examples of each class.
  public let actual: [Int]
  /// Number of predictions of each class.
  public let predicted: [Int]
  /// Number of right predictions of each class.
  public let right: [Int]

  /// - Parameter predictions: nil counts as a wrong prediction of no class.
  package init(classes: Int, labels: [Int], predictions: [Int?]) {
    var actual = [Int](repeating: 0, count: classes)
    var predicted = actual
    var right = actual
    for (label, prediction) in zip(labels, predictions) {
      actual[label] += 1
      guard let prediction else { continue }
      predicted[prediction] += 1
      if prediction == label { right[label] += 1 }
    }
    self.actual = actual
    self.predicted = predicted
    self.right = right
  }

  /// Mean F1 of the classes that occur as a label or a prediction, each counting the same.
  public var macroF1: Double {
    let scores = actual.indices.compactMap { index -> Double? in
      let total = actual[index] + predicted[index]
      return total == 0 ? nil : 2 * Double(right[index]) / Double(total)
    }
    return scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count)
  }

  /// Matthews correlation coefficient of any number of classes (Gorodkin 2004, R_K); 0 when labels or
  /// predictions are all of one class.
  ///
  /// Examples without a prediction count as a class of their own.
  public var matthews: Double {
    let n = Double(actual.reduce(0, +))
    let none = n - Double(predicted.reduce(0, +))
    let correct = Double(right.reduce(0, +))
    var products = 0.0
    var actualSquares = 0.0
    var predictedSquares = none * none
    for index in actual.indices {
      let (a, p) = (Double(actual[index]), Double(predicted[index]))
      products += a * p
      actualSquares += a * a
      predictedSquares += p * p
    }
    let denominator = ((n * n - predictedSquares) * (n * n - actualSquares)).squareRoot()
    return denominator == 0 ? 0 : (correct * n - products) / denominator
  }
}
