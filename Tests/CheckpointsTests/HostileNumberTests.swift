import Foundation
import Testing

@testable import Checkpoints

/// Sizes, steps and places at the edges of what an integer holds, in every format that states them.
@Suite struct HostileNumberTests {
  private static let edges = [0, 1, 2, 3, 1 << 31, 1 << 32, 1 << 61, 1 << 62, .max]
  private let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  private func shape(_ generator: inout SeededGenerator) -> [Int] {
    (0..<Int.random(in: 1...3, using: &generator)).map { _ in
      Self.edges.randomElement(using: &generator) ?? 0
    }
  }

  /// Whether a file opens; then its tensors are read and written out again.
  private func opens(_ bytes: [UInt8], _ name: String) throws -> Bool {
    let path = try scratch.write(bytes, as: name)
    do {
      try expectUsable(try Checkpoint.open(path), in: scratch)
      return true
    } catch let error as InputError {
      #expect(error.file == path && error.place != nil, "\(error)")
      return false
    }
  }

  @Test func torchTensors() throws {
    var generator = SeededGenerator(state: 8)
    var opened = 0
    for _ in 0..<800 {
      let shape = shape(&generator)
      let tensor = TorchBytes.tensor(
        offset: Self.edges.randomElement(using: &generator) ?? 0, shape: shape,
        strides: shape.map { _ in Self.edges.randomElement(using: &generator) ?? 0 })
      if try opens(TorchBytes.file(TorchBytes.dictionary(["w": tensor])), "a.pt") { opened += 1 }
    }
    #expect(opened > 60)
  }

  @Test func safetensorsShapes() throws {
    var generator = SeededGenerator(state: 9)
    var opened = 0
    for _ in 0..<500 {
      let shape = shape(&generator)
      let bytes = shape.contains(0) ? 0 : 4
      let header = #"{"w":{"dtype":"F32","shape":\#(shape),"data_offsets":[0,\#(bytes)]}}"#
      if try opens(safetensors(header, data: bytes), "a.safetensors") { opened += 1 }
    }
    #expect(opened > 60)
  }

  @Test func numpyShapes() throws {
    var generator = SeededGenerator(state: 10)
    var opened = 0
    for _ in 0..<500 {
      let sizes = shape(&generator).map { "\($0)," }.joined()
      let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(sizes))}\n"
      let bytes =
        [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
        + [0, 0, 0, 0]
      if try opens(TorchBytes.zip([.stored("w.npy", bytes)]), "a.npz") { opened += 1 }
      if let array = try? NumpyArray(path: scratch.write(bytes, as: "a.npy")) {
        #expect(array.withBytes { $0.count } == array.rowCount * array.rowByteCount)
      }
    }
    #expect(opened > 60)
  }

  @Test(arguments: [[0, 1 << 62], [1 << 62, 0]])
  func sizesThatFitBesideAZero(shape: [Int]) throws {
    let header = #"{"w":{"dtype":"F32","shape":\#(shape),"data_offsets":[0,0]}}"#
    #expect(try opens(safetensors(header, data: 0), "a.safetensors"))
    let tensor = TorchBytes.tensor(offset: 1 << 61, shape: shape, strides: [1, 1])
    #expect(try opens(TorchBytes.file(TorchBytes.dictionary(["w": tensor])), "a.pt"))
  }

  @Test func sizesThatDoNotFitBesideAZero() throws {
    let shape = [0, 1 << 62, 1 << 62]
    let header = #"{"w":{"dtype":"F32","shape":\#(shape),"data_offsets":[0,0]}}"#
    #expect(try !opens(safetensors(header, data: 0), "a.safetensors"))
    let tensor = TorchBytes.tensor(shape: shape, strides: [1, 1, 1])
    #expect(try !opens(TorchBytes.file(TorchBytes.dictionary(["w": tensor])), "a.pt"))
  }

  @Test func datesBeyondWhatNanosecondsCount() throws {
    let path = try scratch.write([1])
    var times = [timespec(tv_sec: 14_000_000_000, tv_nsec: 0), timespec(tv_sec: 0, tv_nsec: 0)]
    try #require(utimensat(AT_FDCWD, path, &times, 0) == 0)
    times.swapAt(0, 1)
    try #require(utimensat(AT_FDCWD, path, &times, 0) == 0)
    #expect(try #require(FileStamp(path: path)).isSettled == false)
  }
}

/// Reads every tensor of `table` and starts writing it in both formats.
func expectUsable(_ table: any TensorTable, in scratch: TemporaryFolder) throws {
  let outputs = try ["again.safetensors", "again.pt"].map {
    try CheckpointOutput(path: "\(scratch.path)/\($0)").writer(for: table.tensors)
  }
  for (index, info) in table.tensors.enumerated() {
    try table.withBytes(ofTensorAt: index) { bytes in
      #expect(bytes.count == info.byteCount, "\(info.name)")
      // Not finished, which would wait for the disk each time.
      for output in outputs { try output.write(bytes, toTensorAt: index, offset: 0) }
    }
  }
}
