package import Evaluation

/// A quantity over the plane through three checkpoints, as far as it is measured.
package struct Landscape: Hashable, Sendable {
  package let grid: PlaneGrid
  /// What each measured grid point is like, by the split's name; losses at β = 1.
  package private(set) var points: [PlaneGrid.Node: [String: Standing]] = [:]
  /// How many evaluations there are, known ones included.
  package let total: Int
  package private(set) var done = 0

  package init(grid: PlaneGrid, splits: Int) {
    self.grid = grid
    total = grid.count * splits
  }

  package mutating func set(_ standing: Standing, on split: String, at node: PlaneGrid.Node) {
    if points[node, default: [:]].updateValue(standing, forKey: split) == nil { done += 1 }
  }

  package var isComplete: Bool { done == total }

  /// The point with the least of a quantity, of those measured.
  package func least(
    _ quantity: ([String: Standing]) -> Double?
  ) -> (node: PlaneGrid.Node, value: Double)? {
    var best: (node: PlaneGrid.Node, value: Double)?
    for (node, point) in points {
      guard let value = quantity(point), value.isFinite else { continue }
      let isLess = best.map {
        value < $0.value
          || value == $0.value && (node.row, node.column) < ($0.node.row, $0.node.column)
      }
      if isLess ?? true { best = (node, value) }
    }
    return best
  }

  /// Measures the grid, coarse first, one pass after another.
  ///
  /// - Parameters:
  ///   - passes: logits on the splits to measure, by name; those of a pass are measured together.
  ///   - tell: hears after each grid point of each pass.
  /// - Throws: what the sources throw.
  package static func measure(
    _ grid: PlaneGrid, passes: [[(split: String, source: any LogitSource)]],
    tell: @Sendable (Landscape) -> Void
  ) async throws -> Landscape {
    var landscape = Landscape(grid: grid, splits: passes.joined().count)
    for pass in passes {
      for node in grid.order.joined() {
        let blend = grid.blend(at: node)
        for (split, source) in pass {
          let logits = try await source.logits(of: blend)
          let nll = logits.nll(source.labels)
          let standing = Standing(
            correct: logits.correct(source.labels), n: source.labels.count, nll: nll,
            nllAtBeta: nll)
          landscape.set(standing, on: split, at: node)
        }
        tell(landscape)
      }
    }
    return landscape
  }
}
