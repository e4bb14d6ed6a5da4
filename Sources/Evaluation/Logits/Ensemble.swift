import CKernels

/// Averages of the logits of several models.
///
/// The logit ensemble of Wortsman et al. 2022, sec. 2. Sums are taken in double precision and
/// rounded once.
public enum Ensemble {
  /// The weighted mean of `members`; nil weights: all the same.
  ///
  /// - Precondition: at least one member, all of the same rows and classes; as many weights, with a sum
  ///   other than 0.
  public static func logits(of members: [Logits], weights: [Double]? = nil) -> Logits {
    let parts = each(of: members, weights: weights) { mean, _ in Array(mean) }
    return Logits(
      rows: members[0].rows, classes: members[0].classes, values: parts.flatMap { $0 })
  }

  /// Number of examples that the mean of `members` gets right, without keeping the mean.
  public static func correct(
    of members: [Logits], weights: [Double]? = nil, labels: [Int32]
  ) -> Int {
    precondition(labels.count == members[0].rows, "\(labels.count) labels")
    let classes = members[0].classes
    return each(of: members, weights: weights) { mean, rows in
      correct(mean, rows, classes, labels)
    }.reduce(0, +)
  }

  /// Lends `body` the mean of consecutive rows, over all cores.
  private static func each<Result: Sendable>(
    of members: [Logits], weights: [Double]?,
    _ body: @Sendable (UnsafeBufferPointer<Float>, Range<Int>) -> Result
  ) -> [Result] {
    let (rows, classes) = (members[0].rows, members[0].classes)
    precondition(
      members.allSatisfy { $0.rows == rows && $0.classes == classes }, "members differ in shape")
    precondition(weights == nil || weights?.count == members.count, "one weight a member")
    return Parallel.map(rows: rows, width: classes) { range in
      withMean(of: members, weights: weights, rows: range) { body($0, range) }
    }
  }

  /// Lends the mean of some rows.
  static func withMean<Result>(
    of members: [Logits], weights: [Double]?, rows: Range<Int>,
    _ body: (UnsafeBufferPointer<Float>) -> Result
  ) -> Result {
    let classes = members[0].classes
    let count = rows.count * classes
    let inverse = 1 / (weights?.reduce(0, +) ?? Double(members.count))
    let streams = members.enumerated().map { index, member in
      ck_stream(
        data: member.unmanagedBuffer.baseAddress.map { $0 + rows.lowerBound * classes },
        weight: weights?[index] ?? 1, dtype: CK_F32)
    }
    defer { withExtendedLifetime(members) {} }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { sums in
      _ = ck_average(
        streams, streams.count, 1, count, CK_F64, CK_F64, sums.baseAddress, CK_CACHED, CK_BEST)
      return withMean(UnsafeBufferPointer(sums), scale: inverse, body)
    }
  }

  /// Lends `scale` times the sums, rounded once.
  fileprivate static func withMean<Result>(
    _ sums: UnsafeBufferPointer<Double>, scale: Double,
    _ body: (UnsafeBufferPointer<Float>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: sums.count) { mean in
      _ = ck_store(sums.baseAddress, scale, sums.count, CK_F32, mean.baseAddress, CK_BEST)
      return body(UnsafeBufferPointer(mean))
    }
  }

  /// Number of rows of `mean`, from `rows` of a split, that are right.
  fileprivate static func correct(
    _ mean: UnsafeBufferPointer<Float>, _ rows: Range<Int>, _ classes: Int, _ labels: [Int32]
  ) -> Int {
    rows.reduce(0) { count, row in
      let start = (row - rows.lowerBound) * classes
      let values = UnsafeBufferPointer(rebasing: mean[start..<start + classes])
      return count + (Row.argmax(values) == Int(labels[row]) ? 1 : 0)
    }
  }
}

/// The sum of a set of members' logits that members join and leave, one pass over memory each.
///
/// In double precision the sum of k single-precision numbers is exact while their magnitudes lie within
/// a factor of 2²⁹ / k, so a member of weight one that left leaves no trace but those of infinities.
package final class EnsembleSum {
  package let rows: Int
  package let classes: Int
  /// Sum of the members' weights.
  package private(set) var weight = 0.0
  private let sums: UnsafeMutableBufferPointer<Double>

  /// An empty set.
  package init(rows: Int, classes: Int) {
    self.rows = rows
    self.classes = classes
    sums = .allocate(capacity: rows * classes)
    sums.initialize(repeating: 0)
  }

  deinit { sums.deallocate() }

  /// Adds `weight` times a member (negative: takes it out) and counts what the mean gets right.
  ///
  /// - Precondition: `logits` have these rows and classes; a label for every row.
  /// - Returns: number of right examples of the new mean, 0 for the empty set.
  package func add(_ logits: Logits, weight: Double = 1, labels: [Int32]) -> Int {
    precondition(logits.rows == rows && logits.classes == classes, "logits of another shape")
    precondition(labels.count == rows, "\(labels.count) labels")
    self.weight += weight
    let isEmpty = self.weight == 0
    let inverse = isEmpty ? 0 : 1 / self.weight
    // Each range of rows is touched by one thread only.
    nonisolated(unsafe) let sums = sums
    let classes = classes
    return Parallel.map(rows: rows, width: classes) { range in
      logits.withUnsafeBuffer { values in
        let part = range.lowerBound * classes..<range.upperBound * classes
        let own = UnsafeMutableBufferPointer(rebasing: sums[part])
        let stream = ck_stream(
          data: values.baseAddress.map { $0 + part.lowerBound }, weight: weight, dtype: CK_F32)
        ck_accumulate(own.baseAddress, stream, own.count, CK_BEST)
        if isEmpty { return 0 }
        return Ensemble.withMean(UnsafeBufferPointer(own), scale: inverse) {
          Ensemble.correct($0, range, classes, labels)
        }
      }
    }.reduce(0, +)
  }

  /// The mean of the set's logits.
  ///
  /// - Precondition: the set is not empty.
  package func logits() -> Logits {
    precondition(weight != 0, "an empty ensemble")
    let values = Ensemble.withMean(UnsafeBufferPointer(sums), scale: 1 / weight) { Array($0) }
    return Logits(rows: rows, classes: classes, values: values)
  }
}
