import Themes

/// A raster of dots, some to a cell, each cell in one paint.
///
/// The dots of one paint join in a cell; those of another paint take the cell over, so that colours
/// never bleed.
struct DotCanvas {
  let columns, rows: Int
  let marker: PlotMarker
  /// Dots.
  let width, height: Int
  private let across, down: Int
  private var masks: [UInt8]
  private var owners: [UInt16]
  /// A whole character in place of a cell's dots.
  private var glyphs: [Unicode.Scalar?]
  private var paints: [Paint] = [.blank]
  private var owner: UInt16 = 0

  init(columns: Int, rows: Int, marker: PlotMarker) {
    self.columns = columns
    self.rows = rows
    self.marker = marker
    (across, down) =
      switch marker {
      case .braille: (2, 4)
      case .quadrant: (2, 2)
      case .ascii: (1, 3)
      }
    width = columns * across
    height = rows * down
    masks = Array(repeating: 0, count: columns * rows)
    owners = Array(repeating: 0, count: columns * rows)
    glyphs = Array(repeating: nil, count: columns * rows)
  }

  /// What the dots to come mean.
  mutating func use(_ paint: Paint) {
    if let index = paints.firstIndex(of: paint) {
      owner = UInt16(index)
    } else if paints.count <= UInt16.max {
      owner = UInt16(paints.count)
      paints.append(paint)
    }
  }

  /// Sets one dot, if it lies on the canvas.
  mutating func set(_ x: Int, _ y: Int) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    let cell = (y / down) * columns + x / across
    let bit = UInt8(1) << UInt8((y % down) * across + x % across)
    if owners[cell] == owner {
      masks[cell] |= bit
    } else {
      owners[cell] = owner
      masks[cell] = bit
      glyphs[cell] = nil
    }
  }

  /// Puts a character over the dots of a cell; dots of another paint may still take the cell over.
  mutating func put(_ glyph: Unicode.Scalar, column: Int, row: Int) {
    let cell = row * columns + column
    owners[cell] = owner
    masks[cell] = .max
    glyphs[cell] = glyph
  }

  /// The cell of a dot.
  func cell(ofDot x: Double, _ y: Double) -> (column: Int, row: Int)? {
    guard x > -0.5, y > -0.5, x < Double(width) - 0.5, y < Double(height) - 0.5 else {
      return nil
    }
    return (Int(x.rounded()) / across, Int(y.rounded()) / down)
  }

  /// What stands in a cell, or nil where no dot is.
  subscript(column: Int, row: Int) -> (glyph: Unicode.Scalar, paint: Paint)? {
    let cell = row * columns + column
    guard masks[cell] != 0 else { return nil }
    return (glyphs[cell] ?? glyph(of: masks[cell]), paints[Int(owners[cell])])
  }

  private func glyph(of mask: UInt8) -> Unicode.Scalar {
    switch marker {
    case .braille: Unicode.Scalar(0x2800 + UInt32(Self.brailleBits[Int(mask)])) ?? " "
    case .quadrant: Self.quadrants[Int(mask)]
    case .ascii: Self.heights[Int(mask)]
    }
  }

  /// From dots in rows to the order of Unicode's braille: 1–3 and 7 down the left, 4–6 and 8 down
  /// the right.
  private static let brailleBits: [UInt8] = (0...255).map { mask in
    let order: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    return order.enumerated().reduce(0) { sum, bit in
      mask >> bit.offset & 1 == 1 ? sum | bit.element : sum
    }
  }

  private static let quadrants: [Unicode.Scalar] = Array(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█".unicodeScalars)

  /// Top, middle and bottom of a cell.
  private static let heights: [Unicode.Scalar] = Array(" '-|.:||".unicodeScalars)
}

// MARK: - Lines

extension DotCanvas {
  /// Which dots of a line are set: `on` dots, then `off` not.
  struct Dashes: Hashable, Sendable {
    let on, off: Int
    static let solid = Dashes(on: 1, off: 0)
  }

  /// Draws a straight line between two places in dots, cut off at the canvas's edge.
  mutating func line(
    from start: SIMD2<Double>, to end: SIMD2<Double>, dashes: Dashes = .solid
  ) {
    let limit = SIMD2(Double(width) - 0.501, Double(height) - 0.501)
    guard
      let (start, end) = Clip.segment(start, end, low: SIMD2(-0.499, -0.499), high: limit)
    else { return }
    var (x, y) = (Int(start.x.rounded()), Int(start.y.rounded()))
    let (lastX, lastY) = (Int(end.x.rounded()), Int(end.y.rounded()))
    if x == lastX, dashes.off == 0 {
      setColumn(x, from: min(y, lastY), through: max(y, lastY))
      return
    }
    let (dx, dy) = (abs(lastX - x), -abs(lastY - y))
    let (stepX, stepY) = (x < lastX ? 1 : -1, y < lastY ? 1 : -1)
    var error = dx + dy
    let period = dashes.on + dashes.off
    while true {
      // The dash is tied to the place, not to the segment, so that short segments dash too.
      if dashes.off == 0 || (dx >= -dy ? x : y) % period < dashes.on { set(x, y) }
      if x == lastX, y == lastY { return }
      let twice = 2 * error
      if twice >= dy {
        error += dy
        x += stepX
      }
      if twice <= dx {
        error += dx
        y += stepY
      }
    }
  }

  /// Sets the dots of a column between two rows of dots, a cell at a time.
  private mutating func setColumn(_ x: Int, from first: Int, through last: Int) {
    let (first, last) = (max(0, first), min(height - 1, last))
    guard x >= 0, x < width, first <= last else { return }
    // The dots of one column of a cell.
    let column = (0..<down).reduce(UInt8(0)) { $0 | 1 << UInt8($1 * across + x % across) }
    for row in first / down...last / down {
      let above = max(0, first - row * down) * across
      let below = max(0, (row + 1) * down - 1 - last) * across
      let kept = UInt8(truncatingIfNeeded: (1 << (down * across - below)) - (1 << above))
      let cell = row * columns + x / across
      if owners[cell] == owner {
        masks[cell] |= column & kept
      } else {
        owners[cell] = owner
        masks[cell] = column & kept
        glyphs[cell] = nil
      }
    }
  }

  /// Fills a column of dots between two heights.
  mutating func fill(x: Int, from top: Double, to bottom: Double) {
    let top = max(0, min(top, Double(height)))
    let bottom = min(Double(height - 1), max(bottom, -1))
    guard top <= bottom else { return }
    setColumn(x, from: Int(top.rounded()), through: max(Int(top.rounded()), Int(bottom.rounded())))
  }
}

/// Cutting at the edge of a window.
enum Clip {
  /// The part of a segment inside a rectangle, or nil if none is (Liang and Barsky 1984).
  static func segment(
    _ start: SIMD2<Double>, _ end: SIMD2<Double>, low: SIMD2<Double>, high: SIMD2<Double>
  ) -> (SIMD2<Double>, SIMD2<Double>)? {
    let direction = end - start
    var (enter, leave) = (0.0, 1.0)
    for axis in 0..<2 {
      let (from, step) = (start[axis], direction[axis])
      if step == 0 {
        guard from >= low[axis], from <= high[axis] else { return nil }
        continue
      }
      let (first, second) = ((low[axis] - from) / step, (high[axis] - from) / step)
      enter = max(enter, min(first, second))
      leave = min(leave, max(first, second))
    }
    guard enter <= leave else { return nil }
    func place(_ share: Double) -> SIMD2<Double> {
      let place = start + direction * share
      return place.clamped(lowerBound: low, upperBound: high)
    }
    return (enter == 0 ? start : place(enter), leave == 1 ? end : place(leave))
  }
}
