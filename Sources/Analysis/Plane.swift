package import Averaging

/// The plane through three checkpoints, in coordinates that keep distances.
///
/// Gram-Schmidt, as Garipov et al. 2018: with `d1 = θ1 − θ0` and `d2 = θ2 − θ0`, `u1 = d1/|d1|` and `u2`
/// is what is left of `d2` at right angles to it. θ0 lies at the origin, θ1 at `(|d1|, 0)`, θ2 above
/// the horizontal axis. θ1 is the farther one from θ0, so that θ2 is never far to its side. Every point is a blend of the three.
package struct Plane: Hashable, Sendable {
  /// A point of the plane, in the units of the weights' norm.
  package struct Place: Hashable, Sendable {
    package let x, y: Double

    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// The names of θ0, θ1 and θ2.
  package let names: [String]
  /// Where they are.
  package let places: [Place]

  /// The plane of three checkpoints by the inner products of θ1 − θ0 and θ2 − θ0.
  ///
  /// - Precondition: `gram` is of two directions.
  /// - Returns: nil when the three lie on one line.
  package init?(origin: String, first: String, second: String, gram: Gram) {
    precondition(gram.count == 2, "the inner products of two directions")
    let (far, near) = gram[1, 1] > gram[0, 0] ? (1, 0) : (0, 1)
    let length = gram.norm(far)
    guard length > 0 else { return nil }
    let along = gram[0, 1] / length
    let squared = gram[near, near] - along * along
    guard squared > 1e-12 * gram[near, near] else { return nil }
    names = [origin] + (far == 0 ? [first, second] : [second, first])
    places = [
      Place(x: 0, y: 0), Place(x: length, y: 0), Place(x: along, y: squared.squareRoot()),
    ]
  }

  /// The weights of θ0, θ1 and θ2 at a place; they sum to one.
  package func weights(at place: Place) -> [Double] {
    let second = place.y / places[2].y
    let first = (place.x - second * places[2].x) / places[1].x
    return [1 - first - second, first, second]
  }

  /// The three-way blend at a place.
  package func blend(at place: Place) -> Blend {
    Blend(snapping: zip(names, weights(at: place)).map { ($0, $1) })
  }
}

/// A regular grid on a plane, and the order in which it is filled: coarse first.
///
/// Its lines are tenths of θ0 → θ1 and of the height of θ2 by default, so that the row through θ0 and θ1
/// shares its points with an eleven-point path between them.
package struct PlaneGrid: Hashable, Sendable {
  /// A grid point.
  package struct Node: Hashable, Sendable {
    package let column, row: Int

    package init(column: Int, row: Int) {
      self.column = column
      self.row = row
    }
  }

  package let plane: Plane
  package let columns: Int
  package let rows: Int
  package let xRange: ClosedRange<Double>
  package let yRange: ClosedRange<Double>
  /// Columns left of θ0 and rows below it.
  private let left, below: Int
  private let divisions: Int

  /// - Parameters:
  ///   - divisions: steps between θ0 and θ1.
  ///   - margin: how far the grid reaches beyond the three, as a share of the axes.
  package init(_ plane: Plane, divisions: Int = 10, margin: Double = 0.2) {
    self.plane = plane
    self.divisions = max(1, divisions)
    let steps = Double(self.divisions)
    let apex = plane.places[2].x / plane.places[1].x
    left = Int(((margin - min(0, apex)) * steps).rounded(.up))
    let right = Int(((max(1, apex) + margin) * steps).rounded(.up))
    below = Int((margin * steps).rounded(.up))
    let above = Int(((1 + margin) * steps).rounded(.up))
    columns = left + right + 1
    rows = below + above + 1
    let (length, height) = (plane.places[1].x, plane.places[2].y)
    xRange = -Double(left) / steps * length...Double(right) / steps * length
    yRange = -Double(below) / steps * height...Double(above) / steps * height
  }

  package var count: Int { columns * rows }

  /// Where a grid point lies.
  package func place(of node: Node) -> Plane.Place {
    let steps = Double(divisions)
    return Plane.Place(
      x: Double(node.column - left) / steps * plane.places[1].x,
      y: Double(node.row - below) / steps * plane.places[2].y)
  }

  /// The blend at a grid point.
  package func blend(at node: Node) -> Blend { plane.blend(at: place(of: node)) }

  /// All grid points, every fourth first, then every second, then the rest; each once.
  ///
  /// Within a pass row by row. The passes are counted from θ0, so that it is in the first.
  package var order: [[Node]] {
    [4, 2, 1].map { stride in
      nodes { node in
        let level = Self.level(node.column - left, node.row - below)
        return level == stride
      }
    }
  }

  private func nodes(where isWanted: (Node) -> Bool) -> [Node] {
    (0..<rows).flatMap { row in
      (0..<columns).map { Node(column: $0, row: row) }.filter(isWanted)
    }
  }

  /// The coarsest of the strides 4, 2 and 1 that a point is on.
  private static func level(_ column: Int, _ row: Int) -> Int {
    [4, 2].first { column.isMultiple(of: $0) && row.isMultiple(of: $0) } ?? 1
  }

  /// Values on the whole grid, each point's own or else that of the nearest coarser one.
  ///
  /// What a heat map shows while the grid is being filled.
  package func filled<Value>(_ values: [Node: Value]) -> [[Value?]] {
    (0..<rows).map { row in
      (0..<columns).map { column in
        for stride in [1, 2, 4] {
          if let value = values[snapped(column, row, to: stride)] { return value }
        }
        return nil
      }
    }
  }

  private func snapped(_ column: Int, _ row: Int, to stride: Int) -> Node {
    func nearest(_ index: Int, _ offset: Int, _ count: Int) -> Int {
      let steps = (Double(index - offset) / Double(stride)).rounded(.toNearestOrEven)
      var place = Int(steps) * stride + offset
      if place < 0 { place += stride }
      if place >= count { place -= stride }
      return place
    }
    return Node(
      column: nearest(column, left, columns), row: nearest(row, below, rows))
  }
}
