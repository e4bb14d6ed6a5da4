/// Which class wins each row of a model's logits, and how clearly: enough to know most winners of an
/// ensemble without reading its members' logits again.
package struct RowTops: Sendable {
  struct Top: Sendable {
    /// The first largest logit's class; −1 where a logit is NaN or the largest is infinite.
    let winner: Int32
    let largest: Float
    /// The largest logit minus the second largest.
    let lead: Float
  }

  let tops: [Top]

  /// Reads all logits once.
  package init(of logits: Logits) {
    let classes = logits.classes
    tops = Parallel.map(rows: logits.rows, width: classes) { range in
      logits.withUnsafeBuffer { values in
        range.map { row in
          Self.top(of: UnsafeBufferPointer(rebasing: values[row * classes..<(row + 1) * classes]))
        }
      }
    }.flatMap { $0 }
  }

  private static func top(of row: UnsafeBufferPointer<Float>) -> Top {
    guard let winner = Row.argmax(row), row[winner].isFinite else {
      return Top(winner: -1, largest: 0, lead: 0)
    }
    let largest = row[winner]
    // The second largest is the largest beside the winner.
    let before = Row.largest(UnsafeBufferPointer(rebasing: row[..<winner]))
    let after = Row.largest(UnsafeBufferPointer(rebasing: row[(winner + 1)...]))
    let second = max(before, after)
    return Top(winner: Int32(winner), largest: largest, lead: largest - second)
  }
}

extension Ensemble {
  /// Number of examples that the mean of `members` gets right: `correct(of:labels:)` to the example,
  /// in a fraction of its time.
  ///
  /// Where the members that agree on a class lead by more, together, than the others trail with it, that
  /// class wins; one logit of each other member tells. The rest is averaged.
  /// - Parameter tops: one a member.
  /// - Precondition: as `correct(of:labels:)`.
  package static func correct(of members: [Logits], tops: [RowTops], labels: [Int32]) -> Int {
    let (rows, classes) = (members[0].rows, members[0].classes)
    precondition(
      members.allSatisfy { $0.rows == rows && $0.classes == classes }, "members differ in shape")
    precondition(labels.count == rows && tops.count == members.count, "one of each")
    let parts = zip(members, tops).map { logits, tops in
      Part(tops: tops.tops, logits: logits.unmanagedBuffer, classes: logits.classes)
    }
    // One of a hundred rows or so has to be averaged.
    let counts = Parallel.map(rows: rows, width: members.count * (4 + classes / 64)) { range in
      defer { withExtendedLifetime(members) {} }
      var correct = 0
      for row in range {
        let winner = clearWinner(row, parts) ?? averagedWinner(row, members)
        if winner == labels[row] { correct += 1 }
      }
      return correct
    }
    return counts.reduce(0, +)
  }

  /// A member as the loop over rows needs it.
  private struct Part: Sendable {
    let tops: [RowTops.Top]
    // Read only, and kept by the logits for as long as the loop runs.
    nonisolated(unsafe) let logits: UnsafeBufferPointer<Float>
    let classes: Int
  }

  /// The class that must win a row of the mean; nil where the tops do not say.
  private static func clearWinner(_ row: Int, _ parts: [Part]) -> Int32? {
    // Boyer and Moore's majority vote, each member with its lead.
    var candidate: Int32 = -1
    var weight: Float = 0
    for part in parts {
      let top = part.tops[row]
      if top.winner < 0 { return nil }
      if top.winner == candidate {
        weight += top.lead
      } else if top.lead > weight {
        candidate = top.winner
        weight = top.lead - weight
      } else {
        weight -= top.lead
      }
    }
    guard candidate >= 0 else { return nil }
    var surplus = 0.0
    var size = 0.0
    for part in parts {
      let top = part.tops[row]
      let largest = Double(top.largest)
      size += abs(largest)
      if top.winner == candidate {
        surplus += Double(top.lead)
      } else {
        let own = part.logits[row * part.classes + Int(candidate)]
        let trail = largest - Double(own)
        surplus -= trail
        size += trail
      }
    }
    // Far above the rounding of any sum in question, so that no tie is made of it.
    return surplus > 1e-5 * size ? candidate : nil
  }

  private static func averagedWinner(_ row: Int, _ members: [Logits]) -> Int32 {
    withMean(of: members, weights: nil, rows: row..<row + 1) {
      Row.argmax($0).map(Int32.init) ?? -1
    }
  }
}
