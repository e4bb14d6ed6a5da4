import Foundation
import Testing
import Themes

@testable import Charts

/// Axes, ticks, numbers, smoothing and viewports.
struct AxisTests {
  @Test func ticksAreRoundDistinctAndApart() throws {
    var random = SplitMix(seed: 21)
    for _ in 0..<600 {
      let span = pow(10, Double.random(in: -9...9, using: &random))
      let start = Double.random(in: -10...10, using: &random) * span
      let format: NumberFormat =
        [.number, .percent, .integer, .scientific]
        .randomElement(using: &random) ?? .number
      let axis = Axis(range: .fixed(start...start + span), format: format, padding: 0)
      var chart = LineChart(
        series: [
          LineSeries("s", [ChartPoint(start, start), ChartPoint(start + span, start + span)])
        ],
        x: axis, y: axis)
      chart.x.title = "x"
      let scene = chart.scene(pointColumns: 80)
      let columns = Int.random(in: 24...160, using: &random)
      let rows = Int.random(in: 5...50, using: &random)
      let layout = Layout(scene, columns: columns, rows: rows, marker: .braille)
      for ticks in [layout.xTicks, layout.yTicks] {
        #expect(Set(ticks.map(\.label)).count == ticks.count)
        for tick in ticks {
          #expect(tick.value >= start - span * 1e-6 && tick.value <= start + span * (1 + 1e-6))
        }
        guard ticks.count > 1 else { continue }
        let step = ticks[1].value - ticks[0].value
        let factor = step / pow(10, (log10(step) + 1e-9).rounded(.down))
        #expect([1.0, 2, 5].contains { abs(factor - $0) < 1e-3 }, "\(step)")
        if format == .integer { #expect(step > 0.999) }
      }
      let x = Projection(scene.xBounds, .linear)
      let spans = layout.xTicks.map { layout.span(of: $0, x, columns: columns) }
      for (left, right) in zip(spans, spans.dropFirst()) {
        #expect(left.upperBound + 2 <= right.lowerBound)
      }
      let y = Projection(scene.yBounds, .linear)
      let places = layout.yTicks.map {
        y.row(of: $0.value, rows: layout.plotRows.count, marker: .braille)
      }
      #expect(Set(places).count == places.count)
    }
  }

  @Test func ordinaryPlotsHaveTicksOnBothAxes() {
    for rows in 6...40 {
      for columns in stride(from: 30, through: 200, by: 17) {
        let layout = Layout(
          Scenes.accuracy.scene(pointColumns: columns), columns: columns, rows: rows,
          marker: .braille)
        #expect(layout.xTicks.count >= 2 && layout.yTicks.count >= 2, "\(columns)x\(rows)")
        #expect(layout.yTicks.count <= 14)
      }
    }
  }

  @Test func labelsSayAsMuchAsNeeded() {
    #expect(NumberFormat.percent.text(0.975, step: 0.005) == "97.5%")
    #expect(NumberFormat.percent.text(0.97, step: 0.01) == "97%")
    #expect(NumberFormat.number.text(0.30000000000000004, step: 0.1) == "0.3")
    #expect(NumberFormat.number.text(-0.0001, step: 0.1) == "0.0")
    #expect(NumberFormat.number.text(2e-5, step: 1e-5) == "2e-5")
    #expect(NumberFormat.number.text(2.5e-5, step: 5e-6) == "2.5e-5")
    #expect(NumberFormat.number.text(3_000_000, step: 1e6) == "3e6")
    #expect(NumberFormat.scientific.text(999.96, step: 1) == "1.00e3")
    #expect(NumberFormat.integer.text(12, step: 0.01) == "12")
    #expect(NumberFormat.number.text(-.infinity, step: 1) == "-inf")
    #expect(NumberFormat.fixed(-12.345, decimals: 2) == "-12.35")
    #expect(NumberFormat.fixed(0.05, decimals: 3) == "0.050")
  }

  @Test func scalesFitTheirData() {
    let accuracy = Axis(format: .percent)
    #expect(accuracy.bounds(of: 0.9...1).upperBound == 1)
    #expect(abs(accuracy.bounds(of: 0.9...1).lowerBound - 0.895) < 1e-12)
    #expect(accuracy.bounds(of: 0.9...1.2).upperBound > 1.2)
    #expect(accuracy.bounds(of: 0.9...0.9) == 0.89...0.91)
    #expect(accuracy.bounds(of: nil) == 0...1)
    #expect(Axis().bounds(of: 1...11) == 0.5...11.5)
    #expect(Axis().bounds(of: 0.1...11).lowerBound == 0)
    #expect(Axis().bounds(of: 0...0) == 0...1)
    #expect(Axis(includesZero: true).bounds(of: 5...6).lowerBound == 0)
    #expect(Axis(range: .atLeast(0...10), padding: 0).bounds(of: 3...12) == 0...12)
    #expect(Axis(range: .fixed(2...2)).bounds(of: 0...9).contains(2))
    let log = Axis(scale: .log10, padding: 0)
    #expect(log.bounds(of: 1e-5...1e-1) == 1e-5...1e-1)
    #expect(Projection(1e-5...1e-1, .log10).unit(1e-3) == 0.5)
    #expect(Projection(1e-5...1e-1, .log10).unit(0).isNaN)
  }

  @Test func logarithmicTicksAreDecades() {
    func labels(_ bounds: ClosedRange<Double>) -> [String] {
      Ticks.choose(Axis(scale: .log10), bounds, atMost: 8) { _ in true }.map(\.label)
    }
    #expect(labels(1e-6...1e-1) == ["1e-6", "1e-5", "1e-4", "1e-3", "1e-2", "1e-1"])
    #expect(labels(1...120) == ["1", "2", "5", "10", "20", "50", "100"])
    #expect(labels(2...8).count >= 2)
  }

  @Test func smoothingIsUnbiasedAndRunsToTheEnd() {
    #expect(Smoothing.exponential([3, 3, 3, 3], weight: 0.9).allSatisfy { abs($0 - 3) < 1e-12 })
    let values = [1.0, 2, .nan, 4]
    let smooth = Smoothing.exponential(values, weight: 0.5)
    #expect(smooth.count == 4 && smooth[2].isNaN)
    // By hand: 0.5/0.5; (0.25 + 1)/0.75; (0.125 + 0.5 + 2)/0.875.
    #expect(
      zip(smooth, [1, 5 / 3.0, 0, 3]).enumerated().allSatisfy { index, pair in
        index == 2 || abs(pair.0 - pair.1) < 1e-12
      })
    #expect(Smoothing.exponential([1, 5], weight: 0) == [1, 5])
  }

  @Test func viewportsZoomAboutAPlaceAndStayInside() {
    let full = 0.0...100
    var random = SplitMix(seed: 31)
    for _ in 0..<300 {
      var view = Viewport()
      for _ in 0..<20 {
        let now = view.visible(in: full)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: view.pan(by: .random(in: -2...2, using: &random), in: full)
        case 1: view.toggleTail(in: full)
        default:
          let place = Double.random(in: now, using: &random)
          let share = (place - now.lowerBound) / now.width
          let wasTail = view.followsTail
          view.zoom(by: .random(in: 0.3...2, using: &random), about: place, in: full)
          let new = view.visible(in: full)
          let isCut = new.lowerBound == 0 || new.upperBound == 100
          if !isCut, !wasTail {
            #expect(abs((place - new.lowerBound) / new.width - share) < 1e-6)
          }
        }
        let seen = view.visible(in: full)
        #expect(seen.lowerBound >= 0 && seen.upperBound <= 100 && seen.width > 0)
      }
    }
  }

  @Test func windowsAreKeptWhileDataGrowAndTailsMove() {
    var view = Viewport()
    view.zoom(by: 0.5, about: 50, in: 0...100)
    #expect(view.visible(in: 0...100) == 25...75)
    #expect(view.visible(in: 0...200) == 25...75)
    view.toggleTail(in: 0...200)
    #expect(view.followsTail && view.visible(in: 0...300) == 250...300)
    view.pan(by: -1, in: 0...300)
    #expect(!view.followsTail && view.visible(in: 0...400) == 200...250)
    view.zoom(by: 100, about: 220, in: 0...400)
    #expect(!view.isZoomed && view.reach(in: 0...400) == .auto)
    view.zoom(by: .nan, about: 1, in: 0...400)
    view.pan(by: 1, in: 0...400)
    #expect(view == Viewport())
  }
}
