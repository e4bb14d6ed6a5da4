import CKernels
package import Checkpoints

extension AveragingBench {
  /// Writes `count` files with `bytes` bytes of pseudo-random weights each, to be measured on.
  ///
  /// - Throws: `InputError` when the disk is full.
  package static func makeFiles(
    count: Int, bytes: Int, dtype: DType, in folder: String
  ) throws -> [String] {
    let side = 1 << 10
    let tensors = max(1, bytes / (side * side * dtype.size))
    let infos = (0..<tensors).map {
      TensorInfo(name: "layers.\($0).weight", dtype: dtype, shape: [side, side])
    }
    return try (0..<count).map { file in
      let path = "\(folder)/bench-\(dtype.rawValue)-\(file).safetensors"
      let writer = try SafetensorsWriter(infos, to: path, overwrite: true)
      var generator = SeededGenerator(seed: UInt64(file))
      let values = (0..<side * side).map { _ in generator.nextWeight() }
      let elements = try rounded(values, to: dtype)
      for index in infos.indices {
        try elements.withUnsafeBytes { try writer.write($0, toTensorAt: index) }
      }
      try writer.finish()
      return path
    }
  }

  private static func rounded(_ values: [Double], to dtype: DType) throws -> [UInt8] {
    guard let kernel = dtype.kernel else {
      throw InputError(
        file: "bench", problem: "\(dtype.rawValue) is not a floating-point type",
        mend: "Choose F32, F16 or BF16")
    }
    var elements = [UInt8](repeating: 0, count: values.count * dtype.size)
    _ = ck_store(values, 1, values.count, kernel, &elements, CK_BEST)
    return elements
  }
}

extension SeededGenerator {
  fileprivate mutating func nextWeight() -> Double {
    (Double(next() >> 11) / Double(1 << 53) - 0.5) * 0.1
  }
}
