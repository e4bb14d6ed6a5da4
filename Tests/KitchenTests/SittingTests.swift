import Averaging
import Evaluation
import Foundation
import Recipes
import Synchronization
import Testing

@testable import Kitchen

/// What a person finds again who left a sweep and comes back.
@Suite struct SittingTests {
  /// What the kitchen tells of the last sitting.
  private final class Heard: Sendable {
    let jobs = Mutex<[Job]>([])
    let pick = Mutex<HandPickedSet?>(nil)

    func hear(_ event: KitchenEvent) {
      switch event {
      case .job(let job): jobs.withLock { $0.append(job) }
      case .recalled(let set): pick.withLock { $0 = set }
      default: break
      }
    }
  }

  private func told(_ sweep: TableSweep) async throws -> (heard: Heard, kitchen: Kitchen) {
    let heard = Heard()
    let kitchen = try sweep.kitchen(observer: heard.hear)
    kitchen.tellWhatIsKnown(lastSitting: true)
    await kitchen.welcome.withLock { $0 }?.value
    return (heard, kitchen)
  }

  @Test func finishedRecipesAndTheSetAtHandComeBack() async throws {
    let sweep = try TableSweep(seed: 21)
    let first = try sweep.kitchen()
    let lane = Lane("test", urgency: .recipe)
    let greedy = try await first.cook(RecipeSpec(.greedy), lane: lane, tell: { _ in })
    _ = try await first.cook(RecipeSpec(.uniform), lane: lane, tell: { _ in })
    _ = try await first.cook(RecipeSpec(.greedy), lane: lane, tell: { _ in })
    first.remember(HandPickedSet(["m1", "m4"], weights: [0.25, 0.75]))
    await first.close()

    let (heard, second) = try await told(sweep)
    let jobs = heard.jobs.withLock { $0 }
    #expect(
      jobs.map(\.spec.recipe) == [.uniform, .greedy], "the newest of each, the earliest first")
    #expect(jobs.map(\.id) == [1, 2])
    #expect(jobs.allSatisfy { $0.isEarlier && $0.status == .done && $0.finishedAt != nil })
    let job = try #require(jobs.last)
    let result = try #require(job.result)
    #expect(result.blend == greedy.blend)
    #expect(result.metrics.map(\.split) == greedy.metrics.map(\.split))
    #expect(result.metrics.map(\.score.correct) == greedy.metrics.map(\.score.correct))
    #expect(job.decisions.map(\.candidate) == greedy.decisions.map(\.candidate))
    #expect(job.decisions.map(\.isAccepted) == greedy.decisions.map(\.isAccepted))
    #expect(job.decisions.map(\.judgement.merit) == greedy.decisions.map(\.judgement.merit))
    #expect(job.decisions.map(\.ingredients) == greedy.decisions.map(\.ingredients))
    // Its soup can be written, and what is cooked now gets a number of its own.
    #expect(second.result(of: job.id)?.blend == greedy.blend)
    #expect(second.start(RecipeSpec(.best)) == 3)
    #expect(heard.pick.withLock { $0 } == HandPickedSet(["m1", "m4"], weights: [0.25, 0.75]))
    await second.close()
  }

  @Test func whatIsNotAsItWasStaysAway() async throws {
    let sweep = try TableSweep(seed: 22)
    let first = try sweep.kitchen()
    let lane = Lane("test", urgency: .recipe)
    _ = try await first.cook(RecipeSpec(.uniform), lane: lane, tell: { _ in })
    first.remember(HandPickedSet(["m0", "m5", "m6"], weights: [0.5, 0.25, 0.25]))
    await first.close()
    let other = try Data(
      contentsOf: URL(fileURLWithPath: sweep.made.path("ingredients/m1.safetensors")))
    try other.write(to: URL(fileURLWithPath: sweep.made.path("ingredients/m2.safetensors")))
    try FileManager.default.removeItem(atPath: sweep.made.path("ingredients/m6.safetensors"))

    let (heard, second) = try await told(sweep)
    #expect(heard.jobs.withLock { $0 }.isEmpty, "its soup was of another file")
    #expect(heard.pick.withLock { $0 } == HandPickedSet(["m0", "m5"], weights: [0.5, 0.25]))
    await second.close()
  }
}
