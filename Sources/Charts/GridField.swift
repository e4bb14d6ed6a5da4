/// Values on a regular grid of places, and between them.
struct GridField {
  private let values: [[Double]]
  private let width, height: Int
  let x, y: ClosedRange<Double>

  /// Rows from low to high `y`; rows that are shorter than the first count as unmeasured at their
  /// end.
  init(_ values: [[Double]], x: ClosedRange<Double>, y: ClosedRange<Double>) {
    self.values = values
    width = values.first?.count ?? 0
    height = values.count
    self.x = x
    self.y = y
  }

  var isEmpty: Bool { width == 0 || height == 0 }
  var columns: Int { width }
  var rows: Int { height }

  subscript(column: Int, row: Int) -> Double {
    values[row].indices.contains(column) ? values[row][column] : .nan
  }

  /// The place of a grid point.
  func place(_ column: Double, _ row: Double) -> Scene.Place {
    Scene.Place(
      x: width > 1 ? x.lowerBound + x.width * column / Double(width - 1) : x.lowerBound,
      y: height > 1 ? y.lowerBound + y.width * row / Double(height - 1) : y.lowerBound)
  }

  /// The value at a place: between four measured neighbours by both distances, else the nearest
  /// one's.
  ///
  /// Nil beyond half a step outside the grid and where the nearest was not measured.
  func value(x placeX: Double, y placeY: Double) -> Double? {
    guard !isEmpty else { return nil }
    let h = x.width > 0 ? (placeX - x.lowerBound) / x.width * Double(width - 1) : 0
    let v = y.width > 0 ? (placeY - y.lowerBound) / y.width * Double(height - 1) : 0
    guard h >= -0.5, v >= -0.5, h <= Double(width) - 0.5, v <= Double(height) - 0.5 else {
      return nil
    }
    let column = min(max(0, Int(h.rounded(.down))), max(0, width - 2))
    let row = min(max(0, Int(v.rounded(.down))), max(0, height - 2))
    if width > 1, height > 1 {
      let (dx, dy) = (min(max(h - Double(column), 0), 1), min(max(v - Double(row), 0), 1))
      let low = self[column, row] * (1 - dx) + self[column + 1, row] * dx
      let high = self[column, row + 1] * (1 - dx) + self[column + 1, row + 1] * dx
      let value = low * (1 - dy) + high * dy
      if value.isFinite { return value }
    }
    let nearest = self[
      min(max(0, Int(h.rounded())), width - 1), min(max(0, Int(v.rounded())), height - 1)]
    return nearest.isFinite ? nearest : nil
  }

  /// Pieces of the line along which the value is `level` (marching squares; saddles go by the mean
  /// of the corners).
  func contour(at level: Double) -> [(Scene.Place, Scene.Place)] {
    guard width > 1, height > 1 else { return [] }
    var pieces: [(Scene.Place, Scene.Place)] = []
    for row in 0..<height - 1 {
      for column in 0..<width - 1 { square(column, row, level, into: &pieces) }
    }
    return pieces
  }

  private func square(
    _ column: Int, _ row: Int, _ level: Double, into pieces: inout [(Scene.Place, Scene.Place)]
  ) {
    // Corners go round: low left, low right, high right, high left.
    let offsets = [(0, 0), (1, 0), (1, 1), (0, 1)]
    let corners = offsets.map { self[column + $0.0, row + $0.1] }
    guard corners.allSatisfy(\.isFinite) else { return }
    var crossings: [Scene.Place] = []
    for side in 0..<4 {
      let (from, to) = (corners[side], corners[(side + 1) % 4])
      guard (from > level) != (to > level) else { continue }
      let share = (level - from) / (to - from)
      let (a, b) = (offsets[side], offsets[(side + 1) % 4])
      crossings.append(
        place(
          Double(column + a.0) + Double(b.0 - a.0) * share,
          Double(row + a.1) + Double(b.1 - a.1) * share))
    }
    if crossings.count == 2 { pieces.append((crossings[0], crossings[1])) }
    guard crossings.count == 4 else { return }
    let isCentreHigh = corners.reduce(0, +) / 4 > level
    let turn = (corners[0] > level) == isCentreHigh ? 0 : 1
    pieces.append((crossings[turn], crossings[turn + 1]))
    pieces.append((crossings[turn + 2], crossings[(turn + 3) % 4]))
  }
}
