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
      var generator = SplitMix(state: UInt64(file))
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

  /// SplitMix64 (Steele, Lea and Flood, 2014).
  private struct SplitMix {
    var state: UInt64

    mutating func nextWeight() -> Double {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return (Double((z ^ (z >> 31)) >> 11) / Double(1 << 53) - 0.5) * 0.1
    }
  }
}
