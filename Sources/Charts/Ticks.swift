import Foundation

/// A marked value of an axis.
struct Tick: Hashable, Sendable {
  let value: Double
  let label: String
}

/// The marked values of an axis: multiples of 1, 2 or 5 times a power of ten.
enum Ticks {
  /// The most ticks that `fit`; the coarsest step that leaves two if none do.
  ///
  /// Steps are tried from fine to coarse, since the labels of a step decide whether it fits.
  static func choose(
    _ axis: Axis, _ bounds: ClosedRange<Double>, atMost most: Int,
    fit: ([Tick]) -> Bool
  ) -> [Tick] {
    if axis.scale == .log10, let ticks = decades(axis, bounds, atMost: most, fit: fit) {
      return ticks
    }
    let span = bounds.upperBound - bounds.lowerBound
    guard span > 0, span.isFinite, most > 0 else { return [] }
    var exponent = Int(log10(span / Double(most)).rounded(.down)) - 1
    var last: [Tick] = []
    for _ in 0..<8 {
      for factor in [1.0, 2, 5] {
        let unit = Unit(factor: factor, exponent: exponent)
        if axis.format == .integer, unit.step < 1 { continue }
        let ticks = multiples(of: unit, in: bounds, axis, atMost: most)
        guard let ticks else { continue }
        if ticks.count < 2, !last.isEmpty { return last }
        if fit(ticks) { return ticks }
        last = []
      }
      exponent += 1
    }
    return last
  }

  /// A step of a tick series.
  private struct Unit {
    let factor: Double
    let exponent: Int

    var step: Double { value(1) }

    /// The `count`-th multiple; divides rather than multiplying by an inexact 0.1, so that labels
    /// come out short.
    func value(_ count: Double) -> Double {
      exponent < 0
        ? count * factor / pow(10, Double(-exponent)) : count * factor * pow(10, Double(exponent))
    }
  }

  /// The multiples of a step within bounds; nil if there are more than `most`.
  private static func multiples(
    of unit: Unit, in bounds: ClosedRange<Double>, _ axis: Axis, atMost most: Int
  ) -> [Tick]? {
    let step = unit.step
    guard step > 0, step.isFinite else { return nil }
    // A tick may miss a bound by rounding alone.
    let slack = 1e-9
    let first = (bounds.lowerBound / step - slack).rounded(.up)
    let last = (bounds.upperBound / step + slack).rounded(.down)
    guard last - first < Double(most), abs(first) < 9e15, abs(last) < 9e15 else { return nil }
    guard first <= last else { return [] }
    let values = stride(from: first, through: last, by: 1).map { unit.value($0) + 0 }
    return values.filter(axis.shows).map {
      Tick(value: $0, label: axis.format.text($0, step: step))
    }
  }

  /// Powers of ten, each or every so many, with 2 and 5 between where there is room; nil under one
  /// decade.
  private static func decades(
    _ axis: Axis, _ bounds: ClosedRange<Double>, atMost most: Int, fit: ([Tick]) -> Bool
  ) -> [Tick]? {
    let first = Int((log10(bounds.lowerBound) - 1e-9).rounded(.up))
    let last = Int((log10(bounds.upperBound) + 1e-9).rounded(.down))
    func ticks(_ factors: [Double], every: Int) -> [Tick] {
      let low = first - 1
      var ticks: [Tick] = []
      for exponent in low...max(low, last) where exponent.isMultiple(of: every) {
        for factor in factors {
          let value =
            exponent < 0
            ? factor / pow(10, Double(-exponent)) : factor * pow(10, Double(exponent))
          let room = value * 1e-9
          guard value >= bounds.lowerBound - room, value <= bounds.upperBound + room else {
            continue
          }
          let format = axis.format == .number && last - first > 4 ? .scientific : axis.format
          ticks.append(Tick(value: value, label: format.text(value, step: value / factor)))
        }
      }
      return ticks
    }
    for factors in [[1, 2, 5], [1.0]] {
      for every in 1...(factors.count > 1 ? 1 : 64) {
        let ticks = ticks(factors, every: every)
        if ticks.count >= 2, ticks.count <= most, fit(ticks) { return ticks }
      }
    }
    return nil
  }
}
