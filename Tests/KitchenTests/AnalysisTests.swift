import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Sweeps
import Synchronization
import Testing

@testable import Analysis

/// Analyses through the kitchen, with a model that needs no runtime: what is evaluated, and when
/// it stops.
struct AnalysisTests {
  private let folder: TemporaryFolder
  private let model = SmallModel()
  private let lane = Lane("test", urgency: .recipe)
  private let names = ["ft_00", "ft_05", "ft_07"]

  init() throws {
    folder = try TemporaryFolder()
    try DemoSweep.write(to: folder.path + "/sweep")
  }

  private func kitchen(
    observer: @escaping @Sendable (KitchenEvent) -> Void = { _ in }
  ) throws -> Kitchen {
    let model = model
    return try Kitchen(
      sweep: try Sweep.open(folder.path + "/sweep"), ledgerDirectory: folder.path + "/.stockpot",
      evaluator: { _ in model }, observer: observer)
  }

  private func pause() async { try? await Task.sleep(for: .milliseconds(1)) }

  @Test func whatOneAnalysisEvaluatedTheOthersReuse() async throws {
    let kitchen = try kitchen()
    let blend = Blend.uniform(names)
    // The soup, three ingredients and two blends for each curvature.
    let gap = try await kitchen.gap(of: blend, lane: lane)
    #expect(model.count == 10)
    // The ingredients are what a person or a recipe asks for; the soup is too where nothing is
    // rounded, but these are of halves, and an exported soup is rounded to them.
    _ = try await kitchen.measure(.uniform(["ft_05"]), on: "val", lane: lane)
    #expect(model.count == 10)
    _ = try await kitchen.measure(blend, on: "val", lane: lane)
    _ = try await kitchen.logits(of: blend, on: "val", lane: lane)
    #expect(model.count == 11)
    _ = try await kitchen.calibration(of: blend, on: "val", lane: lane)
    #expect(model.count == 11)
    // Eleven points, the ends of which are known.
    _ = try await kitchen.path(.pair("ft_00", "ft_05"), lane: lane)
    #expect(model.count == 11 + 9)
    // A kitchen opened later finds all of it.
    let later = try self.kitchen()
    #expect(try await later.gap(of: blend, lane: lane) == gap)
    #expect(model.count == 20)
  }

  @Test func aPlaneReusesThePointsOfAPath() async throws {
    let kitchen = try kitchen()
    let plane = try kitchen.plane(through: ["theta0", "ft_00", "ft_05"])
    _ = try await kitchen.path(.pair("theta0", plane.names[1]), lane: lane)
    let before = model.count
    let grid = PlaneGrid(plane)
    let source = try await kitchen.logitSource(on: "val", lane: lane)
    let onTheLine = grid.order.joined().filter { node in
      let place = grid.place(of: node)
      return place.y == 0 && place.x >= 0 && place.x <= grid.plane.places[1].x
    }
    #expect(onTheLine.count == 11)
    for node in onTheLine { _ = try await source.logits(of: grid.blend(at: node)) }
    #expect(model.count == before)
    let beside = try #require(grid.order.joined().first { grid.place(of: $0).y != 0 })
    _ = try await source.logits(of: grid.blend(at: beside))
    #expect(model.count == before + 1)
  }

  /// Stops in the middle of a landscape of hundreds of points; what was evaluated is kept.
  @Test func aStoppedAnalysisKeepsWhatItHas() async throws {
    let heard = Heard()
    let kitchen = try kitchen { heard.take($0) }
    model.stall(after: 20)
    kitchen.analyse(.landscape(names: ["theta0", "ft_00", "ft_05"], divisions: 10))
    while heard.landscapePoints < 5 { await pause() }
    kitchen.stopAnalyses()
    while !heard.hasEnded { await pause() }
    let evaluated = model.count
    #expect(heard.failure == nil)
    #expect(evaluated >= 5 && evaluated == model.distinct)
    #expect(evaluated <= 20)
    model.stall(after: nil)
    // Asked for again it starts with what is known.
    let again = Heard()
    let second = try self.kitchen { again.take($0) }
    second.analyse(.landscape(names: ["theta0", "ft_00", "ft_05"], divisions: 10))
    while again.landscapePoints < 5 { await pause() }
    second.stopAnalyses()
    while !again.hasEnded { await pause() }
    #expect(model.count == model.distinct, "nothing is evaluated twice")
  }

  /// A hand-made set is measured, then analysed; its gap comes with every curvature in the end.
  @Test func handMadeChangesAreAnalysed() async throws {
    let heard = Heard()
    let kitchen = try kitchen { heard.take($0) }
    kitchen.measureByHand(names)
    while heard.gap?.isComplete != true { await pause() }
    #expect(heard.gap?.ingredients == names)
    kitchen.measureByHand(["ft_00", "ft_07"])
    while heard.gap?.ingredients != ["ft_00", "ft_07"] || heard.gap?.isComplete != true {
      await pause()
    }
    kitchen.measureByHand([])
  }

  @Test func namesThatCannotBeAnalysedAreRefused() async throws {
    let kitchen = try kitchen()
    await #expect(throws: (any Error).self) {
      try await kitchen.gap(of: .uniform(["ft_00", "nobody"]), lane: lane)
    }
    #expect(throws: InputError.self) { try kitchen.plane(through: ["ft_00", "ft_00", "ft_05"]) }
    #expect(model.count == 0)
  }
}

/// What the kitchen told of analyses.
private final class Heard: Sendable {
  private struct Told {
    var gap: GapReport?
    var landscapePoints = 0
    var hasEnded = false
    var failure: String?
  }
  private let told = Mutex(Told())

  var gap: GapReport? { told.withLock(\.gap) }
  var landscapePoints: Int { told.withLock(\.landscapePoints) }
  var hasEnded: Bool { told.withLock(\.hasEnded) }
  var failure: String? { told.withLock(\.failure) }

  func take(_ event: KitchenEvent) {
    guard case .analysis(let event) = event else { return }
    told.withLock { told in
      switch event {
      case .gap(.handPicked, let report): told.gap = report
      case .landscape(let landscape): told.landscapePoints = landscape.points.count
      case .ended(.landscape, let failure): (told.hasEnded, told.failure) = (true, failure)
      default: break
      }
    }
  }
}

/// Ten logits an example from a few of the weights; remembers what it evaluated.
private final class SmallModel: Evaluator {
  private struct Evaluated: Hashable {
    let split: String
    let values: [Float]
  }
  private let seen = Mutex<[Evaluated]>([])
  private let limit = Mutex<Int?>(nil)

  let identity = EvaluatorIdentity(kind: "small", files: [])

  var count: Int { seen.withLock(\.count) }
  /// How many of the evaluations were of weights of their own.
  var distinct: Int { seen.withLock { Set($0).count } }

  /// From that evaluation on every one lasts until it is cancelled.
  func stall(after count: Int?) { limit.withLock { $0 = count } }

  func evaluate(
    _ weights: any TensorTable, on split: Split, order: [Int]?, batch: BatchSize?,
    receive: @escaping @Sendable (LogitBatch) -> Flow
  ) async throws {
    while let limit = limit.withLock(\.self), count >= limit {
      try await Task.sleep(for: .milliseconds(1))
    }
    try Task.checkCancellation()
    let index = try #require(weights.index(of: "blocks.0.attn.proj.bias"))
    let values = try weights.withBytes(ofTensorAt: index) { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
    seen.withLock { $0.append(Evaluated(split: split.name, values: values)) }
    let rows = order ?? Array(0..<split.count)
    var logits: [Float] = []
    for row in rows {
      for place in 0..<10 {
        let value = values[(row * 31 + place * 17) % values.count]
        logits.append(40 * value * Float((row + place) % 5 - 2))
      }
    }
    _ = receive(LogitBatch(examples: rows[...], classes: 10, logits: logits))
  }
}
