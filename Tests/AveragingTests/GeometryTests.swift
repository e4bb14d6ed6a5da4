import Averaging
import Checkpoints
import Testing

@Suite struct GeometryTests {
  @Test func measuresAnglesFromTheOrigin() throws {
    let origin = NamedTable("origin", try table([("x", [1, 1]), ("y", [1])]))
    let a = NamedTable("a", try table([("x", [3, 1]), ("y", [1])]))
    let b = NamedTable("b", try table([("x", [1, 4]), ("y", [1])]))
    let c = NamedTable("c", try table([("x", [3, 1]), ("y", [3])]))
    let result = try Geometry.gram(of: [a, b, c], minus: origin) { $0.name }
    let total = result.total
    #expect(total.values == [4, 0, 4, 0, 9, 0, 4, 0, 8])
    #expect(total.norm(1) == 3)
    #expect(total.distance(0, 1) == 13.0.squareRoot())
    #expect(abs(total.cosine(0, 2) - 0.5.squareRoot()) < 1e-15)
    #expect(result.groups.map(\.name) == ["x", "y"])
    #expect(result.groups[1].gram.values == [0, 0, 0, 0, 0, 0, 0, 0, 4])
  }

  @Test func isTheSameEveryTimeAndEqualsTheModel() throws {
    let tables = try (0..<3).map { NamedTable("\($0)", try randomTable(seed: UInt64($0))) }
    let first = try Geometry.gram(of: tables, minus: nil)
    #expect(try Geometry.gram(of: tables, minus: nil) == first)
    var expected = 0.0
    for name in ["big", "small", "vector"] {
      for (x, y) in zip(try floats(tables[0].table, name), try floats(tables[2].table, name)) {
        expected += Double(x) * Double(y)
      }
    }
    #expect(abs(first.total[0, 2] - expected) < 1e-6)
  }

  @Test func modelStockRatioAtItsEnds() throws {
    let origin = NamedTable("origin", try table([("x", [0, 0, 0])]))
    func ratio(_ vectors: [[Float]]) throws -> Double {
      let tables = try vectors.map { NamedTable("t", try table([("x", $0)])) }
      return try Geometry.gram(of: tables, minus: origin).total.modelStockRatio
    }
    #expect(try ratio([[1, 0, 0], [0, 1, 0]]) == 0)
    #expect(try ratio([[2, 0, 0], [2, 0, 0]]) == 1)
    #expect(
      abs(try ratio([[1, 0, 0], [1, 1, 0]]) - 2 * 0.5.squareRoot() / (1 + 0.5.squareRoot())) < 1e-12
    )
  }
}
