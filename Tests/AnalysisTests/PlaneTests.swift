import Averaging
import Checkpoints
import Evaluation
import Synchronization
import Testing

@testable import Analysis
@testable import Averaging

struct PlaneTests {
  /// θ1 − θ0 = (3, 0, 4), θ2 − θ0 = (0, 2, 0) + ½ (3, 0, 4).
  private let gram = Gram(count: 2, lowerTriangle: [25, 0, 12.5, 10.25])

  @Test func coordinatesKeepDistances() throws {
    let plane = try #require(Plane(origin: "o", first: "a", second: "b", gram: gram))
    #expect(plane.places[1] == .init(x: 5, y: 0))
    #expect(abs(plane.places[2].x - 2.5) < 1e-12)
    #expect(abs(plane.places[2].y - 2) < 1e-12)
  }

  /// θ1 is a millionth of θ2's length away from θ0.
  @Test func oneNearbyMakesNoWiderGrid() throws {
    for slope in [0.0, 0.7, -0.7] {
      let gram = Gram(count: 2, lowerTriangle: [1e-6, 0, slope, 1e6])
      let plane = try #require(Plane(origin: "o", first: "a", second: "b", gram: gram))
      #expect(plane.names == ["o", "b", "a"])
      #expect(abs(plane.places[1].x - 1e3) < 1e-9)
      #expect(abs(plane.places[2].x - slope / 1e3) < 1e-12)
      #expect(PlaneGrid(plane).count <= 25 * 15)
    }
  }

  @Test func weightsAreThoseOfThePlace() throws {
    let plane = try #require(Plane(origin: "o", first: "a", second: "b", gram: gram))
    for (place, corner) in zip(plane.places, [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]) {
      #expect(zip(plane.weights(at: place), corner).allSatisfy { abs($0 - $1) < 1e-12 })
    }
    var random = Gaussian(seed: 4)
    for _ in 0..<100 {
      let place = Plane.Place(x: random.next() * 4, y: random.next() * 4)
      let weights = plane.weights(at: place)
      #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
      let x = zip(weights, plane.places).reduce(0) { $0 + $1.0 * $1.1.x }
      let y = zip(weights, plane.places).reduce(0) { $0 + $1.0 * $1.1.y }
      #expect(abs(x - place.x) < 1e-9 && abs(y - place.y) < 1e-9)
    }
    #expect(plane.blend(at: plane.places[0]) == .uniform(["o"]))
  }

  @Test func threeOnALineHaveNoPlane() {
    let flat = Gram(count: 2, lowerTriangle: [25, 0, 50, 100])
    #expect(Plane(origin: "o", first: "a", second: "b", gram: flat) == nil)
    let same = Gram(count: 2, lowerTriangle: [0, 0, 0, 4])
    #expect(Plane(origin: "o", first: "a", second: "b", gram: same) == nil)
  }

  @Test(arguments: [1, 4, 7, 10, 20])
  func everyPointComesOnceCoarseFirst(divisions: Int) throws {
    let plane = try #require(Plane(origin: "o", first: "a", second: "b", gram: gram))
    let grid = PlaneGrid(plane, divisions: divisions)
    let order = Array(grid.order.joined())
    #expect(order.count == grid.count)
    #expect(Set(order).count == grid.count)
    if divisions >= 4 { #expect(grid.order[0].count * 8 < grid.count) }
    for node in order {
      let place = grid.place(of: node)
      #expect(grid.xRange.contains(place.x) && grid.yRange.contains(place.y))
    }
  }

  @Test func theBottomRowIsAPath() throws {
    let plane = try #require(Plane(origin: "o", first: "a", second: "b", gram: gram))
    let grid = PlaneGrid(plane)
    let blends = Set(grid.order.joined().map { Set(grid.blend(at: $0).terms) })
    let path = PathLine.pair("o", "a")
    for t in path.places { #expect(blends.contains(Set(path.blend(at: t).terms)), "t = \(t)") }
  }

  @Test func unmeasuredPointsShowTheirNearest() throws {
    let plane = try #require(Plane(origin: "o", first: "a", second: "b", gram: gram))
    let grid = PlaneGrid(plane)
    var values: [PlaneGrid.Node: Int] = [:]
    for (place, node) in grid.order[0].enumerated() { values[node] = place }
    let filled = grid.filled(values)
    #expect(filled.joined().allSatisfy { $0 != nil })
    for (node, value) in values { #expect(filled[node.row][node.column] == value) }
    #expect(grid.filled([PlaneGrid.Node: Int]()).joined().allSatisfy { $0 == nil })
  }

  @Test func landscapesFillAndFindTheirLowest() async throws {
    let plane = try #require(Plane(origin: "a", first: "b", second: "c", gram: gram))
    let model = ToyModel(seed: 9, names: ["a", "b", "c"], examples: 50)
    let counts = Mutex<[Int]>([])
    let landscape = try await Landscape.measure(
      PlaneGrid(plane, divisions: 4), passes: [[("val", model)]]
    ) { partial in counts.withLock { $0.append(partial.points.count) } }
    #expect(landscape.isComplete)
    #expect(counts.withLock { $0 } == Array(1...landscape.grid.count))
    #expect(landscape.done == landscape.grid.count)
    let least = try #require(landscape.least { $0["val"]?.nll })
    #expect(landscape.points.values.allSatisfy { ($0["val"]?.nll ?? 0) >= least.value })
  }
}
