import Averaging

/// Starts from everything and drops what is not missed (ModelSoup library, arXiv 2301.10092).
///
/// Candidates are tried worst alone first. One is dropped when the soup without it is not worse;
/// passes repeat until none is dropped.
package struct PrunedSoup: Recipe {
  package let rule: AcceptanceRule

  package init(rule: AcceptanceRule = AcceptanceRule()) { self.rule = rule }

  package var name: String { "pruned" }

  package func cook(
    _ candidates: [Candidate], scorer: any Scorer, tell: @Sendable (RecipeEvent) -> Void
  ) async throws -> Outcome {
    guard !candidates.isEmpty else { throw RecipeError.noCandidates }
    var kept = candidates.map(\.name)
    let queue = Array(CandidateOrder.val.sorted(candidates).map(\.name).reversed())
    tell(.began(candidates: queue))
    tell(.trying(candidate: "all \(kept.count)", step: 0, of: queue.count + 1))
    var best = try await scorer.score(.uniform(kept), bar: nil)
    tell(
      .decided(
        Decision(
          candidate: "all \(kept.count)", tried: .uniform(kept), judgement: best, isAccepted: true,
          margin: nil, ingredients: kept)))
    var step = 1
    var droppedOne: Bool
    repeat {
      droppedOne = false
      let total = step + kept.count
      for name in queue where kept.contains(name) && kept.count > 1 {
        try Task.checkCancellation()
        tell(.trying(candidate: "−\(name)", step: step, of: total))
        let rest = kept.filter { $0 != name }
        let judgement = try await scorer.score(.uniform(rest), bar: rule.bar(after: best.merit))
        let margin = judgement.merit - rule.required(after: best.merit)
        let drops = !judgement.isAbandoned && rule.accepts(judgement.merit, after: best.merit)
        if drops {
          kept = rest
          best = judgement
          droppedOne = true
        }
        step += 1
        tell(
          .decided(
            Decision(
              candidate: "−\(name)", tried: .uniform(rest), judgement: judgement, isAccepted: drops,
              margin: margin, ingredients: kept)))
      }
    } while droppedOne
    return Outcome(blend: .uniform(kept), judgement: best)
  }
}
