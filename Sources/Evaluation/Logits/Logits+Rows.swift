import Glibc

/// What is computed from one row of logits.
enum Row {
  /// The first largest logit's class; nil when any logit is NaN.
  @inline(__always)
  static func argmax(_ row: UnsafeBufferPointer<Float>) -> Int? {
    guard let start = row.baseAddress, let largest = maximum(row) else { return nil }
    var index = 0
    while start[index] != largest { index += 1 }
    return index
  }

  /// The largest logit; −∞ when there are none.
  ///
  /// - Precondition: none is NaN.
  @inline(__always)
  static func largest(_ row: UnsafeBufferPointer<Float>) -> Float { maximum(row) ?? -.infinity }

  /// The largest logit; nil when any is NaN, or there are none.
  @inline(__always)
  private static func maximum(_ row: UnsafeBufferPointer<Float>) -> Float? {
    guard var largest = row.first else { return nil }
    var isOrdered = true
    var index = 0
    let raw = UnsafeRawBufferPointer(row)
    if row.count >= 16 {
      var lanes = SIMD16<Float>(repeating: largest)
      var ordered = SIMDMask<SIMD16<Int32>>(repeating: true)
      while index + 16 <= row.count {
        let next = raw.loadUnaligned(fromByteOffset: index * 4, as: SIMD16<Float>.self)
        lanes.replace(with: next, where: next .> lanes)
        ordered .&= next .== next
        index += 16
      }
      isOrdered = all(ordered)
      largest = lanes.max()
    }
    while index < row.count {
      let value = row[index]
      isOrdered = isOrdered && value == value
      if value > largest { largest = value }
      index += 1
    }
    return isOrdered && largest == largest ? largest : nil
  }

  /// Whether the label is among the five largest: fewer than five others are larger, or as large with a
  /// smaller class.
  @inline(__always)
  static func isInTopFive(_ row: UnsafeBufferPointer<Float>, _ label: Int) -> Bool {
    let own = row[label]
    var ahead = 0
    for (index, value) in row.enumerated() {
      if value.isNaN { return false }
      if value > own || value == own && index < label { ahead += 1 }
    }
    return ahead < 5
  }

  /// `log Σ exp(β z)` in double precision; −∞ for a row without values.
  @inline(__always)
  static func logSumExp(_ row: UnsafeBufferPointer<Float>, beta: Double) -> Double {
    var largest = -Double.infinity
    for value in row { largest = Swift.max(largest, beta * Double(value)) }
    guard largest.isFinite else { return largest }
    var sum = 0.0
    for value in row { sum += exp(beta * Double(value) - largest) }
    return largest + log(sum)
  }

  /// `−log softmax(β z)` of the label, in nats.
  @inline(__always)
  static func nll(_ row: UnsafeBufferPointer<Float>, _ label: Int, beta: Double) -> Double {
    logSumExp(row, beta: beta) - beta * Double(row[label])
  }

  /// The label's logit minus the largest other one; −∞ when any is NaN.
  @inline(__always)
  static func margin(_ row: UnsafeBufferPointer<Float>, _ label: Int) -> Float {
    var other = -Float.infinity
    for (index, value) in row.enumerated() {
      if value.isNaN { return -.infinity }
      if index != label { other = Swift.max(other, value) }
    }
    // Two infinities have no difference.
    if row[label] == other { return 0 }
    return other == -.infinity ? .infinity : row[label] - other
  }
}

extension Logits {
  /// Sums or lists made of rows, over all cores; results come in the order of the rows.
  ///
  /// - Precondition: a label for every row, each below `classes`.
  func chunks<Result: Sendable>(
    _ labels: [Int32],
    _ body: @Sendable (UnsafeBufferPointer<Float>, _ rows: Range<Int>, [Int32]) -> Result
  ) -> [Result] {
    precondition(labels.count == rows, "\(labels.count) labels for \(rows) rows")
    return Parallel.map(rows: rows, width: classes) { range in
      withUnsafeBuffer { body($0, range, labels) }
    }
  }

  @inline(__always)
  func row(_ values: UnsafeBufferPointer<Float>, _ index: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(rebasing: values[index * classes..<(index + 1) * classes])
  }
}
