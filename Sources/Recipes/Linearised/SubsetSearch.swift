import Averaging
import Evaluation
import Foundation

/// A set of ingredients and what the tables think of it.
struct FoundSubset: Hashable, Sendable {
  /// By lane.
  let isMember: [Bool]
  /// The softened number of right examples, higher is better.
  let merit: Double

  /// Equal weights by lane.
  var weights: [Double] {
    let share = 1 / Double(isMember.count { $0 })
    return isMember.map { $0 ? share : 0 }
  }
}

/// Hill climbing over sets of ingredients on linearised tables: no evaluation is made.
///
/// A step adds or removes the one ingredient that raises the merit most, until none does. Merit is the
/// number of right examples softened, `Σ σ(s β m)` of the predicted margins m of the true class: the
/// bare count has plateaus, and NLL does not care which side of zero a margin is.
struct SubsetSearch {
  let tables: LinearisedTables
  /// The calibrated inverse temperature at the base, which sets the scale of margins.
  let beta: Double

  /// `s`: how near a margin comes to counting as right or wrong.
  static let sharpness = 8.0

  /// Climbs from each of `first` and from random sets, `starts` climbs in all; every top that was
  /// reached, best first, each once.
  ///
  /// - Throws: `CancellationError`.
  func tops(
    from first: [[Bool]], starts: Int, using generator: inout SeededGenerator
  ) throws -> [FoundSubset] {
    var tops: Set<FoundSubset> = []
    for start in 0..<starts {
      try Task.checkCancellation()
      let members = start < first.count ? first[start] : randomSet(using: &generator)
      tops.insert(try climb(from: members))
    }
    return tops.sorted { left, right in
      left.merit == right.merit
        ? left.isMember.lexicographicallyPrecedes(right.isMember) { $0 && !$1 }
        : left.merit > right.merit
    }
  }

  /// Each ingredient with a chance that is drawn first, so that all sizes are as likely.
  private func randomSet(using generator: inout SeededGenerator) -> [Bool] {
    let chance = Double.random(in: 0.1...0.9, using: &generator)
    var members = tables.ingredients.map { _ in Double.random(in: 0..<1, using: &generator) < chance
    }
    if !members.contains(true) {
      members[members.indices.randomElement(using: &generator) ?? 0] = true
    }
    return members
  }

  private func climb(from start: [Bool]) throws -> FoundSubset {
    var members = start
    var merit = self.merit(of: members)
    while true {
      try Task.checkCancellation()
      let merits = meritsOfToggling(members).map(\.softened)
      guard let best = merits.indices.max(by: { merits[$0] < merits[$1] }),
        merits[best] > merit + 1e-6
      else { return FoundSubset(isMember: members, merit: merit) }
      members[best].toggle()
      merit = merits[best]
    }
  }

  private func merit(of members: [Bool]) -> Double {
    let cells = tables.cells
    let share = 1 / Double(members.count { $0 })
    let weights = cells.padded(members.map { $0 ? share : 0 })
    let scale = Self.sharpness * beta
    return Parallel.blocks(rows: cells.rows) { range in
      cells.withLogits(of: weights, rows: range) { logits in
        (0..<range.count).reduce(0.0) { sum, row in
          let start = row * cells.columns
          var other = -Float.infinity
          for column in 1..<max(cells.columns, 1) { other = max(other, logits[start + column]) }
          return sum + Self.softened(logits[start] - other, scale)
        }
      }
    }.reduce(0, +)
  }

  @inline(__always)
  private static func softened(_ margin: Float, _ scale: Double) -> Double {
    1 / (1 + exp(-scale * Double(margin)))
  }

  /// What the tables say of a set that differs in one ingredient.
  struct Merit {
    /// −∞ for the empty set.
    var softened = 0.0
    /// Right examples.
    var correct = 0
  }

  /// The merit of the set with each ingredient added, or taken out where it is in.
  func meritsOfToggling(_ members: [Bool]) -> [Merit] {
    let cells = tables.cells
    let count = members.count { $0 }
    let ones = cells.padded(members.map { $0 ? 1 : 0 })
    let signs = cells.padded(members.map { $0 ? -1 : 1 })
    let inverse = cells.padded(members.map { 1 / Double(max(1, $0 ? count - 1 : count + 1)) })
    let scale = Self.sharpness * beta
    let parts = Parallel.blocks(rows: cells.rows) { range in
      cells.withLogits(of: ones, rows: range) { sums in
        var merits = [Merit](repeating: Merit(), count: cells.lanes)
        for row in 0..<range.count {
          let cell = cells.row(range.lowerBound + row)
          let start = row * cells.columns
          for vector in 0..<cells.lanes / 8 {
            let sign = signs[vector]
            let own = sums[start] + sign * TableRow.load(cell, vector)
            var other = SIMD8<Float>(repeating: -.infinity)
            for column in 1..<max(cells.columns, 1) {
              let next =
                sums[start + column] + sign * TableRow.load(cell + column * cells.lanes, vector)
              other.replace(with: next, where: next .> other)
            }
            let margins = (own - other) * inverse[vector]
            for place in 0..<8 {
              merits[vector * 8 + place].softened += Self.softened(margins[place], scale)
              merits[vector * 8 + place].correct += margins[place] > 0 ? 1 : 0
            }
          }
        }
        return merits
      }
    }
    return members.indices.map { lane in
      if members[lane] && count == 1 { return Merit(softened: -.infinity) }
      return parts.reduce(into: Merit()) { sum, part in
        sum.softened += part[lane].softened
        sum.correct += part[lane].correct
      }
    }
  }
}
