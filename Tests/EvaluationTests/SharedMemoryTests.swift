import Checkpoints
import Glibc
import Testing

@testable import Evaluation

/// Memory that is handed to other processes.
@Suite struct SharedMemoryTests {
  private func read(_ count: Int, at offset: Int, of memory: SharedMemory) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    return pread(memory.descriptor, &bytes, count, off_t(offset)) == count ? bytes : []
  }

  @Test func whatCannotGrowStaysAsItIs() throws {
    let memory = try SharedMemory()
    try memory.grow(to: 4096)
    [UInt8](repeating: 1, count: 8).withUnsafeBytes { memory.write($0, at: 0) }
    #expect(throws: InputError.self) { try memory.grow(to: 1 << 60) }
    #expect(memory.size == 4096)
    [UInt8](repeating: 2, count: 4).withUnsafeBytes { memory.write($0, at: 4) }
    #expect(read(8, at: 0, of: memory) == [1, 1, 1, 1, 2, 2, 2, 2])
    try memory.grow(to: 9000)
    [UInt8]([3]).withUnsafeBytes { memory.write($0, at: 8999) }
    #expect(read(8, at: 0, of: memory) == [1, 1, 1, 1, 2, 2, 2, 2])
    #expect(read(1, at: 8999, of: memory) == [3])
  }

  /// A table that cannot be read to its end.
  private struct BrokenTable: TensorTable {
    let tensors = [TensorInfo(name: "other", dtype: .f32, shape: [3])]
    func index(of name: String) -> Int? { name == "other" ? 0 : nil }
    func withBytes<Result>(
      ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result { throw InputError(file: "broken", problem: "cannot be read") }
  }

  /// Workers read the header again only when the number of the layout is another.
  @Test func everyLayoutHasItsNumber() throws {
    let handover = try WeightsHandover()
    let first = try handover.write(MemoryTable([("w", [2], [1, 2])]))
    #expect(throws: InputError.self) { try handover.write(BrokenTable()) }
    let second = try handover.write(MemoryTable([("other", [3], [1, 2, 3])]))
    #expect(second.layout != first.layout && second.generation != first.generation)
    let third = try handover.write(MemoryTable([("other", [3], [4, 5, 6])]))
    #expect(third.layout == second.layout && third.generation != second.generation)
  }
}
