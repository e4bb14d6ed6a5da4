import Averaging
import Checkpoints
import Testing

@Suite struct RunningSoupTests {
  @Test func equalsTheAverageThroughAddingAndRemoving() throws {
    let tables = try (0..<6).map { NamedTable("\($0)", try randomTable(seed: UInt64($0))) }
    let soup = try RunningSoup(like: tables[0])
    #expect(throws: InputError.self) { try soup.weights() }
    for table in tables { try soup.add(table) }
    try soup.remove(named: "2")
    try soup.remove(named: "0")
    try soup.remove(named: "none")
    try soup.add(tables[0], weight: 2)
    #expect(soup.members.map(\.name) == ["1", "3", "4", "5", "0"])
    let shown = try soup.weights()
    let committed = try soup.committed().weights
    for tensor in shown.tensors {
      let left = try floats(shown, tensor.name)
      let right = try floats(committed, tensor.name)
      let worst = stride(from: 0, to: left.count, by: 7).map { index in
        abs(left[index] - right[index]) / max(left[index].ulp, 1e-9)
      }.max()
      #expect((worst ?? 2) <= 1)
    }
    soup.removeAll()
    #expect(soup.members.isEmpty)
    try soup.add(tables[3])
    #expect(try floats(soup.weights(), "big") == floats(tables[3].table, "big"))
  }

  @Test func refusesWhatDoesNotFitAndStaysUsable() throws {
    let a = NamedTable("a", try table([("x", [1, 2])], integers: [5]))
    let soup = try RunningSoup(like: a)
    try soup.add(a)
    #expect(throws: InputError.self) { try soup.add(NamedTable("b", table([("y", [1])]))) }
    let shown = try soup.weights(.asFirstThen(.f64))
    #expect(shown.tensors.map(\.dtype) == [.f64, .i64])
    #expect(try bytes(shown, "steps") == [5, 0, 0, 0, 0, 0, 0, 0])
  }
}
