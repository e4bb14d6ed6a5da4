import Averaging
package import Evaluation
import Ledger
import Recipes

/// How a soup stands to the best ingredient alone on one split.
package struct Significance: Sendable {
  package let split: String
  /// The best ingredient alone on val.
  package let against: String
  /// The soup first.
  package let test: McNemarTest
}

/// What a soup is worth on the half of val that selection did not see.
package struct Confirmation: Sendable {
  /// On the half that selection looked at: biased upwards.
  package let selected: Score
  /// On the other half.
  package let confirmed: Score
}

/// Val in two halves that are drawn by a seed: recipes see one, the other shows their selection bias.
struct SelectionHalves {
  /// Ascending.
  let selecting: [Int]
  let confirming: [Int]

  init(examples: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let order = Array(0..<examples).shuffled(using: &generator)
    selecting = order.prefix((examples + 1) / 2).sorted()
    confirming = order.dropFirst((examples + 1) / 2).sorted()
  }
}

extension Kitchen {
  /// McNemar's exact test of a soup against the best ingredient alone, on every split of its result.
  ///
  /// The ingredient is evaluated where its logits are missing. Empty when nothing is known of the
  /// ingredients on val, or the evaluator gives no logits.
  /// - Throws: as `measure`.
  package func significance(of result: SoupResult, lane: Lane) async throws -> [Significance] {
    guard let best = try bestKnownSingle(among: result.spec.among) else { return [] }
    var found: [Significance] = []
    for (name, _) in result.metrics {
      let split = try split(named: name)
      guard !split.isScalar else { continue }
      let soup = try await logits(of: result.kind, result.blend, on: name, lane: lane)
      let single = try await logits(of: .uniform([best]), on: name, lane: lane).logits
      let test = McNemarTest(
        soup.correctness(split.labels), single.correctness(split.labels))
      found.append(Significance(split: name, against: best, test: test))
    }
    return found
  }

  /// Logits of a finished soup or ensemble.
  func logits(
    of kind: Outcome.Kind, _ blend: Blend, on split: String, lane: Lane
  ) async throws -> Logits {
    switch kind {
    case .soup: try await logits(of: blend, on: split, lane: lane).logits
    case .ensemble: try await ensembleLogits(of: blend.ingredients, on: split, lane: lane).logits
    }
  }

  /// Logits of the uniform ensemble; a name given twice counts twice.
  func ensembleLogits(
    of names: [String], on split: String, lane: Lane
  ) async throws -> (logits: Logits, evaluatedExamples: Int) {
    var members: [Logits] = []
    var evaluated = 0
    for name in names {
      let (logits, count) = try await logits(of: .uniform([name]), on: split, lane: lane)
      members.append(logits)
      evaluated += count
    }
    return (Ensemble.logits(of: members), evaluated)
  }

  /// The best ingredient alone on val, where the ledger or the results file knows all of them.
  func bestKnownSingle(among names: [String]?) throws -> String? {
    let val = try split(named: selectionSplit())
    let candidates = try knownCandidates(among: pool(named: names), on: val)
    return candidates.flatMap { CandidateOrder.val.sorted($0).first?.name }
  }
}
