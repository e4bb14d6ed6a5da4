import Foundation

/// One axis of a chart: what it measures, how far it reaches, and how its values are written.
package struct Axis: Hashable, Sendable {
  /// How far an axis reaches.
  package enum Reach: Hashable, Sendable {
    /// As far as the data, with some room.
    case auto
    /// Exactly so far: a locked or zoomed axis.
    case fixed(ClosedRange<Double>)
    /// As far as the data, but at least so far.
    case atLeast(ClosedRange<Double>)
  }

  /// How values are spread along an axis.
  package enum Scale: Hashable, Sendable {
    case linear
    /// By powers of ten; values of zero and below have no place and count as missing.
    case log10

    /// A value in a measure that is even along the axis: the power of ten on a logarithmic one.
    package func even(_ value: Double) -> Double {
      switch self {
      case .linear: value
      case .log10: Foundation.log10(value)
      }
    }

    /// The value that is `even` in that measure.
    package func value(ofEven even: Double) -> Double {
      switch self {
      case .linear: even
      case .log10: pow(10, even)
      }
    }
  }

  package var title: String
  /// Written after the title: `ms`.
  package var unit: String?
  package var range: Reach
  package var scale: Scale
  package var format: NumberFormat
  package var includesZero: Bool
  /// What values can be at all; room around the data never passes them.
  ///
  /// Shares keep to 0–1 of themselves.
  package var limits: ClosedRange<Double>?
  /// The room on either side of the data, as a share of their span.
  package var padding: Double
  /// The width of the labels of a vertical axis, so that stacked plots align; nil for as wide as
  /// needed.
  package var gutter: Int?

  package init(
    _ title: String = "", unit: String? = nil, range: Reach = .auto, scale: Scale = .linear,
    format: NumberFormat = .number, includesZero: Bool = false,
    limits: ClosedRange<Double>? = nil, padding: Double = 0.05, gutter: Int? = nil
  ) {
    self.title = title
    self.unit = unit
    self.range = range
    self.scale = scale
    self.format = format
    self.includesZero = includesZero
    self.limits = limits ?? (format == .percent ? 0...1 : nil)
    self.padding = padding
    self.gutter = gutter
  }

  /// Title and unit.
  var caption: String {
    guard let unit, !unit.isEmpty else { return title }
    return title.isEmpty ? unit : "\(title) (\(unit))"
  }

  /// Whether a value has a place on this axis.
  func shows(_ value: Double) -> Bool {
    value.isFinite && (scale == .linear || value > 0)
  }

  /// How far the axis reaches for data between two values; `nil` means that there are none.
  func bounds(of data: ClosedRange<Double>?) -> ClosedRange<Double> {
    var data = data
    switch range {
    case .fixed(let range) where range.isSound && shows(range.lowerBound):
      return range.lowerBound < range.upperBound ? range : widened(range.lowerBound)
    case .atLeast(let range) where range.isSound:
      data = data.map { $0.union(range) } ?? range
    default: break
    }
    guard var data else { return limits ?? (scale == .log10 ? 1...10 : 0...1) }
    if includesZero, scale == .linear { data = data.union(0...0) }
    let padded = data.lowerBound < data.upperBound ? padded(data) : widened(data.lowerBound)
    return kept(padded, within: data)
  }

  private func padded(_ data: ClosedRange<Double>) -> ClosedRange<Double> {
    if scale == .log10 {
      let (low, high) = (log10(data.lowerBound), log10(data.upperBound))
      let room = (high - low) * padding
      let largest = Double.greatestFiniteMagnitude
      return max(pow(10, low - room), .leastNormalMagnitude)...min(pow(10, high + room), largest)
    }
    // Halves, so that the span of the widest finite data does not overflow.
    let room = (data.upperBound / 2 - data.lowerBound / 2) * padding * 2
    let (low, high) = (data.lowerBound - room, data.upperBound + room)
    return low.isFinite && high.isFinite && low < high ? low...high : data
  }

  /// A sane band around data of one value.
  private func widened(_ value: Double) -> ClosedRange<Double> {
    if scale == .log10 {
      let least = max(value / 2, .leastNormalMagnitude)
      return least...min(max(value, least) * 2, .greatestFiniteMagnitude)
    }
    let room: Double =
      switch format {
      case .percent: 0.01
      case .integer: 1
      case .number, .scientific: value == 0 ? 1 : abs(value) * 0.05
      }
    let reach = max(room, value.ulp * 1024)
    let largest = Double.greatestFiniteMagnitude
    return max(value - reach, -largest)...min(value + reach, largest)
  }

  /// Takes back room that no value can need: beyond the limits, or below zero where no datum is.
  private func kept(
    _ range: ClosedRange<Double>, within data: ClosedRange<Double>
  ) -> ClosedRange<Double> {
    var (low, high) = (range.lowerBound, range.upperBound)
    if let limits {
      if data.lowerBound >= limits.lowerBound { low = max(low, limits.lowerBound) }
      if data.upperBound <= limits.upperBound { high = min(high, limits.upperBound) }
    }
    if scale == .linear, data.lowerBound >= 0 { low = max(low, 0) }
    return low < high ? low...high : range
  }
}

extension ClosedRange<Double> {
  var isSound: Bool { lowerBound.isFinite && upperBound.isFinite }

  /// The place of a value, 0 at the start and 1 at the end, cut off there; nil for NaN.
  func share(of value: Double) -> Double? {
    guard !value.isNaN else { return nil }
    let place = Projection(self, .linear).unit(value)
    return place.isNaN ? 0.5 : Swift.min(Swift.max(place, 0), 1)
  }

  func union(_ other: ClosedRange<Double>) -> ClosedRange<Double> {
    Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
  }

  /// The least range that holds some values; nil without any that is finite.
  init?(holding values: some Sequence<Double>) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values where value.isFinite {
      low = Swift.min(low, value)
      high = Swift.max(high, value)
    }
    guard low <= high else { return nil }
    self = low...high
  }
}

/// Places values on an axis of known reach: 0 at its start, 1 at its end.
package struct Projection: Hashable, Sendable {
  package let bounds: ClosedRange<Double>
  package let scale: Axis.Scale
  private let origin, span: Double
  /// A half where the span would overflow, else 1.
  private let scaling: Double

  init(_ bounds: ClosedRange<Double>, _ scale: Axis.Scale) {
    self.bounds = bounds
    self.scale = scale
    switch scale {
    case .linear:
      scaling = (bounds.upperBound - bounds.lowerBound).isFinite ? 1 : 0.5
      origin = bounds.lowerBound * scaling
      span = bounds.upperBound * scaling - origin
    case .log10:
      scaling = 1
      origin = log10(bounds.lowerBound)
      span = log10(bounds.upperBound) - log10(bounds.lowerBound)
    }
  }

  /// The place of a value: 0–1 inside the bounds; NaN where it has none.
  package func unit(_ value: Double) -> Double {
    switch scale {
    case .linear: (value * scaling - origin) / span
    case .log10: value > 0 ? (log10(value) - origin) / span : .nan
    }
  }

  /// The value at a place.
  package func value(at place: Double) -> Double {
    switch scale {
    case .linear: (origin + place * span) / scaling
    case .log10: pow(10, origin + place * span)
    }
  }
}
