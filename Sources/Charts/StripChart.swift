package import Themes

/// One-row charts, for tables and lists.
package enum StripChart {
  /// One step of a procedure that takes or leaves things in turn.
  package enum Verdict: Hashable, Sendable {
    case accepted
    case rejected
    case pending
    /// Left out without a measurement.
    case skipped
  }

  /// A sparkline: the last values fit to a width, each column the greatest of its share of the
  /// values.
  ///
  /// - Parameters:
  ///   - values: NaN leaves a gap, which is not the same as a low value.
  ///   - bounds: The values of the lowest and the full block; nil for those of the data.
  package static func sparkline(
    _ values: [Double], columns: Int, look: Int = 0, bounds: ClosedRange<Double>? = nil,
    marker: PlotMarker
  ) -> ChartFrame {
    var frame = ChartFrame(columns: columns, rows: 1)
    let ink = Ink(marker)
    guard frame.columns > 0, !values.isEmpty,
      let bounds = bounds ?? ClosedRange(holding: values)
    else { return frame }
    let count = min(frame.columns, values.count)
    for column in 0..<count {
      let share = column * values.count / count..<(column + 1) * values.count / count
      guard let value = values[share].filter(\.isFinite).max() else { continue }
      let place = bounds.share(of: value) ?? 0.5
      frame.put(ink.level(place), .series(look), at: column, 0)
    }
    return frame
  }

  /// A row of verdicts, the last ones if they are more than the columns, with a sign that some are
  /// left out.
  package static func decisions(
    _ verdicts: [Verdict], columns: Int, glyphs: Glyphs
  ) -> ChartFrame {
    var frame = ChartFrame(columns: columns, rows: 1)
    guard frame.columns > 0 else { return frame }
    let isCut = verdicts.count > frame.columns
    let shown = isCut ? verdicts.suffix(frame.columns - 1) : verdicts[...]
    if isCut { frame.write(String(glyphs.ellipsis), .label, at: 0, 0) }
    for (offset, verdict) in shown.enumerated() {
      let (glyph, paint): (Character, Paint) =
        switch verdict {
        case .accepted: (glyphs.tick, .positive)
        case .rejected: (glyphs.cross, .negative)
        case .pending: (glyphs.pending, .label)
        case .skipped: (glyphs.unicode ? "·" : ".", .grid)
        }
      frame.write(String(glyph), paint, at: offset + (isCut ? 1 : 0), 0)
    }
    return frame
  }

  /// A bar of a share 0–1, to an eighth of a column, with an interval around it where it is known.
  ///
  /// - Parameter interval: Drawn dim from the bar's end to the interval's; nil for none.
  package static func bar(
    _ share: Double, columns: Int, look: Int = 0, interval: ClosedRange<Double>? = nil,
    marker: PlotMarker
  ) -> ChartFrame {
    var frame = ChartFrame(columns: columns, rows: 1)
    guard frame.columns > 0, share.isFinite else { return frame }
    let ink = Ink(marker)
    let length = min(max(share, 0), 1) * Double(frame.columns)
    if let interval {
      let end = Int((min(max(interval.upperBound, 0), 1) * Double(frame.columns)).rounded(.up))
      for column in Int(length)..<max(Int(length), min(end, frame.columns)) {
        frame.put(ink.faintBar, .faint(look), at: column, 0)
      }
    }
    for column in 0..<frame.columns {
      guard let glyph = ink.lying(length - Double(column)) else { break }
      frame.put(glyph, .series(look), at: column, 0)
    }
    return frame
  }
}
