import CKernels
import Checkpoints

/// The sum of all words of some files: what reading their bytes once costs.
enum PlainSum {
  /// Sums the words of all files on all cores, a mebibyte at a time.
  static func take(_ paths: [String]) throws {
    let tables = try paths.map { try RawFile(path: $0) }
    let items = tables.indices.map {
      Lockstep.Item(sources: [($0, 0)], count: tables[$0].tensors[0].count, piece: 1 << 20)
    }
    let total = OrderedSum<UInt64, UInt64>(0) { $0 &+= $2 }
    try Lockstep(tables: tables, items: items).run(
      workers: Lockstep.processors, start: {},
      body: { _, piece, streams in
        let bytes = streams.runs(piece.range)[0]
        total.submit(ck_sum(bytes.baseAddress, bytes.count), number: piece.number)
      })
    // The sum must be wanted by someone, or it need not be computed.
    withExtendedLifetime(total.total) {}
  }

  /// A whole file as one tensor of bytes.
  private struct RawFile: TensorTable {
    let file: MappedFile
    let tensors: [TensorInfo]

    init(path: String) throws {
      file = try MappedFile(path: path)
      tensors = [TensorInfo(name: "bytes", dtype: .u8, shape: [file.count])]
    }

    func index(of name: String) -> Int? { name == "bytes" ? 0 : nil }

    func withBytes<Result>(
      ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
      try file.withBytes(body)
    }
  }
}
