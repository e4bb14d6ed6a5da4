import Averaging
import Evaluation
import Foundation
import Kitchen
import Sweeps

@testable import Analysis
@testable import Averaging
@testable import Dashboard

/// Results of analyses made up for frames: simple formulas, the same on every machine.
enum PlotData {
  static let names = ["ft_9", "ft_1", "ft_2"]

  /// A session in which everything was analysed.
  static func state(columns: Int, rows: Int) -> State {
    var state = SmallSweep.state(columns: columns, rows: rows)
    for command: Command in [.toggle, .toggle, .toggle, .focusPlot, .maximise] {
      _ = reduce(&state, .command(command), at: SmallSweep.epoch)
    }
    for event in events {
      _ = reduce(&state, .kitchen(.analysis(event)), at: SmallSweep.epoch)
    }
    return state
  }

  static var events: [AnalysisEvent] {
    var events: [AnalysisEvent] = [gap(2), gap(3)].map { .gap(.handPicked, $0) }
    events.append(.calibration(.handPicked, calibration))
    events += names.indices.map { .path(.handPicked, path(to: $0)) }
    events += [.landscape(landscape), .angles(angles), .pairs(pairs), .sizes(sizes)]
    return events
  }

  static func standing(_ correct: Int, _ nll: Double) -> Standing {
    Standing(correct: correct, n: 100, nll: nll + 0.25, nllAtBeta: nll)
  }

  static func gap(_ count: Int) -> GapReport {
    let members = Array(names.prefix(count))
    let weight = 1 / Double(count)
    return GapReport(
      blend: .uniform(members), split: "val", beta: 1.75, step: 0.025,
      soup: standing(93, 0.31 - 0.01 * Double(count)),
      ensemble: standing(95, 0.305 - 0.012 * Double(count)),
      shares: members.enumerated().map { place, name in
        GapReport.Share(
          ingredient: name, weight: weight, curvature: 0.05 * Double(place) - 0.04,
          variance: 0.01 + 0.004 * Double(place), beta: 1.75,
          standing: standing(91 - place, 0.36 + 0.02 * Double(place)))
      })
  }

  static func path(to place: Int) -> PathReport {
    let line = PathLine.spoke(of: .uniform(names), to: names[place])
    let steep = 0.05 + 0.03 * Double(place)
    let losses = line.places.map { 0.28 + steep * $0 * ($0 - 0.3) }
    let curvatures = SecondDifference.series(losses, step: line.step)
    return PathReport(
      line: line, split: "val", beta: 1.75,
      points: line.places.enumerated().map { index, t in
        PathReport.Point(
          t: t, soup: standing(93 - Int(2 * t), losses[index]),
          ensemble: standing(95 - Int(3 * t), losses[index] + 0.01 * (1 - t)),
          curvature: curvatures[index])
      })
  }

  static var calibration: CalibrationReport {
    func curve(_ sharpness: Double) -> CalibrationReport.Curve {
      let bars = (0..<10).map { bin in
        let middle = (Double(bin) + 0.5) / 10
        let count = bin < 3 ? 0 : 20
        let right = min(1, middle * sharpness)
        return Reliability(
          range: Double(bin) / 10...Double(bin + 1) / 10, confidence: count == 0 ? nil : middle,
          correct: Int((right * Double(count)).rounded()), count: count)
      }
      return CalibrationReport.Curve(bars: bars, error: abs(sharpness - 1) / 2, nll: sharpness / 3)
    }
    let subject = CalibrationReport.Subject(
      beta: 1.75, before: curve(1.3), after: curve(1.02))
    return CalibrationReport(
      blend: .uniform(names), split: "test", soup: subject, ensemble: subject)
  }

  static var landscape: Landscape {
    let gram = Gram(count: 2, lowerTriangle: [9, 0, 3, 10])
    guard let plane = Plane(origin: "ft_9", first: "ft_1", second: "ft_2", gram: gram) else {
      preconditionFailure("three that are not on a line")
    }
    let grid = PlaneGrid(plane, divisions: 6)
    var landscape = Landscape(grid: grid, splits: 4)
    for (pass, nodes) in grid.order.enumerated() where pass < 2 {
      for node in nodes {
        let place = grid.place(of: node)
        let bowl = (place.x - 1.4) * (place.x - 1.4) + (place.y - 1) * (place.y - 1)
        for (shift, split) in ["val", "test", "noise", "rotation"].enumerated() {
          let correct = max(20, 95 - 4 * shift - Int(3 * bowl))
          landscape.set(standing(correct, 0.3 + 0.05 * bowl), on: split, at: node)
        }
      }
    }
    return landscape
  }

  static var angles: AngleTable {
    // Inner products of directions with a common part: cosines from 0.2 to 0.65.
    let all = SmallSweep.sweep.ingredients.map(\.name)
    var triangle = Array(repeating: 0.0, count: all.count * all.count)
    for i in all.indices {
      for j in 0...i {
        let cosine = i == j ? 1 : 0.2 + 0.05 * Double((i * 7 + j * 3) % 10)
        triangle[i * all.count + j] = cosine * Double(i + 1) * Double(j + 1)
      }
    }
    let gram = Gram(count: all.count, lowerTriangle: triangle)
    return AngleTable(
      names: all,
      geometry: Geometry.Result(
        total: gram, groups: [.init(name: "blocks.0", gram: gram), .init(name: "head", gram: gram)])
    )
  }

  static var pairs: PairReport {
    let pairs = PairReport.pairs(of: SmallSweep.sweep.ingredients.map(\.name), limit: 30)
    return PairReport(
      split: "val",
      points: pairs.enumerated().map { place, pair in
        let far = Double(place % 10) / 10
        let sway = Double(place * 7 % 5) / 50 - 0.04
        let gap = GapReport(
          blend: .uniform([pair.0, pair.1]), split: "val", beta: 1.5, step: 0.025,
          soup: standing(92 - place % 9, 0.3 + 0.2 * far + sway),
          ensemble: standing(92 - place % 7, 0.3 + 0.1 * far),
          shares: [pair.0, pair.1].map { name in
            GapReport.Share(
              ingredient: name, weight: 0.5, curvature: 0.1 - 0.2 * far, variance: 0.02,
              beta: 1.5, standing: standing(90 - place % 4, 0.35))
          })
        return PairPoint(first: pair.0, second: pair.1, gap: gap, angle: 30 + 40 * far)
      }, possible: 66)
  }

  static var sizes: SizeCurve {
    var curve = SizeCurve(split: "test")
    let counts = (1...12).map(Double.init)
    for sway in [-0.01, 0, 0.01] {
      curve.add([
        .best: counts.map { 0.92 - 0.04 / $0 }, .uniform: counts.map { 0.93 - 0.06 / $0 },
        .greedy: counts.map { 0.95 - 0.07 / $0 + sway },
        .ensemble: counts.map { 0.94 - 0.06 / $0 },
      ])
    }
    return curve
  }
}
