import Averaging
import Evaluation
import Foundation
import Kitchen
import Sweeps
import Testing

@testable import Analysis

/// The bundled sweep against a PyTorch reference: f32 forward passes on val, the curvature by
/// automatic differentiation in f64, β found half-way and used along the whole line.
@Suite(
  .enabled(if: OnnxRuntime.locate().runtime != nil, "needs ONNX Runtime: run `stockpot setup`"))
struct ReferenceTests {
  struct Reference: Decodable {
    struct Standing: Decodable {
      let correct: Int
      let nll: Double
      let nllAtBeta: Double

      enum CodingKeys: String, CodingKey {
        case correct, nll
        case nllAtBeta = "nll_at_beta"
      }
    }
    struct Row: Decodable {
      let alpha: Double
      let soup: Standing
      let ensemble: Standing
      let variance: Double
      let curvature: Double
      let predicted: Double
    }
    struct Pair: Decodable {
      let a: String
      let b: String
      let beta: Double
      let rows: [Row]
    }
    struct Angles: Decodable {
      let names: [String]
      let degrees: [[Double]]
      let norms: [Double]
    }

    let pairs: [Pair]
    let angles: Angles
    let midpoints: [[Int?]]
  }

  private let reference: Reference
  private let folder: SweepFolder
  private let kitchen: Kitchen
  private let lane = Lane("test", urgency: .recipe)

  init() throws {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/digits-vit-analysis", withExtension: "json"))
    reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    folder = try SweepFolder()
    kitchen = try Kitchen(
      sweep: try Sweep.open(folder.path), ledgerDirectory: folder.path + "/.stockpot")
  }

  @Test func pathsAndTheirVariances() async throws {
    for pair in reference.pairs {
      let path = try await kitchen.path(.pair(pair.a, pair.b), lane: lane)
      let source = try await kitchen.logitSource(on: path.split, lane: lane)
      #expect(abs(path.beta / pair.beta - 1) < 1e-4, "β of \(pair.a) and \(pair.b)")
      for (point, row) in zip(path.points, pair.rows) {
        for (mine, theirs) in [(point.soup, row.soup), (point.ensemble, row.ensemble)] {
          #expect(mine.correct == theirs.correct)
          #expect(abs(mine.nll / theirs.nll - 1) < 1e-5)
          #expect(abs(mine.nllAtBeta / theirs.nllAtBeta - 1) < 1e-5)
        }
      }
      for row in pair.rows.dropFirst().dropLast() {
        let gap = try await GapAnalysis(source, split: path.split).report(
          of: .interpolation(pair.a, pair.b, at: row.alpha), beta: pair.beta,
          withCurvatures: false)
        let (first, second) = (gap.shares[0], gap.shares[1])
        // f − f_ens is α (or 1 − α) of the difference between the two.
        for variance in [
          first.variance / (row.alpha * row.alpha),
          second.variance / ((1 - row.alpha) * (1 - row.alpha)),
        ] {
          #expect(abs(variance / row.variance - 1) < 1e-3, "at \(row.alpha)")
        }
      }
    }
  }

  /// Second differences at two steps.
  ///
  /// What the standard step misses of the curvature goes with the
  /// square of the step, so it is the step's and no error: with the term in h² taken out
  /// (Richardson) every value is within 2 %.
  @Test func curvatures() async throws {
    let split = try kitchen.selectionSplit()
    for pair in reference.pairs {
      for row in pair.rows where [0.1, 0.3, 0.5, 0.7, 0.9].contains(row.alpha) {
        let blend = Blend.interpolation(pair.a, pair.b, at: row.alpha)
        let (fine, coarse) = (
          try await curvature(of: blend, step: 0.025, beta: pair.beta, on: split),
          try await curvature(of: blend, step: 0.05, beta: pair.beta, on: split)
        )
        let extrapolated = (4 * fine - coarse) / 3
        let what: Comment = "\(pair.a), \(pair.b) at \(row.alpha): \(fine) for \(row.curvature)"
        #expect(abs(extrapolated - row.curvature) < 0.02 * abs(row.curvature) + 1e-3, what)
        let ofTheStep = abs(fine - extrapolated)
        #expect(
          abs(fine - row.curvature) < 0.02 * abs(row.curvature) + ofTheStep + 1e-3, what)
        let isPlanted = [pair.a, pair.b].contains { ["ft_10", "ft_18"].contains($0) }
        if row.alpha == 0.5, !isPlanted, abs(row.curvature) > 0.05 {
          #expect(abs(fine / row.curvature - 1) < 0.02, what)
        }
      }
    }
  }

  private func curvature(
    of blend: Blend, step: Double, beta: Double, on split: String
  ) async throws -> Double {
    let source = try await kitchen.logitSource(on: split, lane: lane)
    let gap = try await GapAnalysis(source, split: split, step: step).report(of: blend, beta: beta)
    return try #require(gap.twoModels).curvature
  }

  @Test func angles() throws {
    let table = try kitchen.angles(of: reference.angles.names)
    for (i, row) in reference.angles.degrees.enumerated() {
      #expect(abs(table.total.norm(i) / reference.angles.norms[i] - 1) < 1e-6)
      for (j, degrees) in row.enumerated() {
        #expect(abs(table.total.angle(i, j) - degrees) < 0.01, "\(i), \(j)")
      }
    }
    #expect(table.groups.count > 2)
    let squares = table.groups.dropFirst().reduce(0.0) { $0 + $1.gram[0, 0] }
    #expect(abs(squares / table.total.gram[0, 0] - 1) < 1e-9, "groups make up the whole")
  }

  @Test func midpointsOfPairs() async throws {
    let names = Array(reference.angles.names.prefix(4))
    let report = try await kitchen.pairs(among: names, limit: nil, lane: lane)
    #expect(report.points.count == 6 && report.possible == 6)
    for point in report.points {
      let (i, j) = (names.firstIndex(of: point.first) ?? 0, names.firstIndex(of: point.second) ?? 0)
      #expect(point.gap.soup.correct == reference.midpoints[i][j])
      #expect(abs(try #require(point.angle) - reference.angles.degrees[i][j]) < 0.01)
    }
    #expect(report.agreement.correlation != nil)
  }

  /// A second look at anything evaluates nothing, and a plane shares its row with a path.
  @Test func nothingIsEvaluatedTwice() async throws {
    let counter = CountingEvaluator()
    let counted = try Kitchen(
      sweep: try Sweep.open(folder.path), ledgerDirectory: folder.path + "/.counted",
      evaluator: { try counter.start($0) })
    let blend = Blend.uniform(["ft_00", "ft_05", "ft_07"])
    let first = try await counted.gap(of: blend, lane: lane)
    #expect(counter.count == 1 + 3 * 3)
    let second = try await counted.gap(of: blend, lane: lane)
    #expect(counter.count == 10)
    #expect(second == first)
    // Ingredients are the same for both; the soup is not, as its halves are rounded when it is mixed.
    _ = try await counted.measure(.uniform(["ft_00"]), on: "val", lane: lane)
    #expect(counter.count == 10)
    let plane = try counted.plane(through: ["theta0", "ft_00", "ft_05"])
    _ = try await counted.path(.pair("theta0", plane.names[1]), lane: lane)
    let before = counter.count
    let grid = PlaneGrid(plane)
    let source = try await counted.logitSource(on: "val", lane: lane)
    for node in grid.order.joined() {
      let place = grid.place(of: node)
      guard place.y == 0, place.x >= 0, place.x <= plane.places[1].x else { continue }
      _ = try await source.logits(of: grid.blend(at: node))
    }
    #expect(counter.count == before)
  }
}
