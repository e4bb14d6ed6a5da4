import Checkpoints

/// Copies one example into a batch, in the type that the model takes.
struct RowCopy: Sendable {
  private enum Way: Sendable {
    case bytes
    case floats
    /// Any integer or bool to a wider or narrower integer; values that do not fit are refused.
    case integers
    /// Integers and bools to floating point, by value.
    case integersToFloats
    /// Bytes to floating point by one table of 256 values a channel.
    case tables([Float], run: Int, channels: Int)
  }

  private let way: Way
  private let from: DType
  private let to: DType
  private let count: Int

  init(
    _ array: NumpyArray, to dtype: DType, _ normalisation: Normalisation?, input: String
  ) throws {
    from = array.dtype
    to = dtype
    count = array.shape.dropFirst().reduce(1, *)
    if let normalisation {
      guard FloatConversion.types.contains(dtype) else {
        throw InputError(
          file: array.file, place: "normalisation",
          problem: "gives fractions, but the input \(input) takes \(dtype.rawValue)",
          mend: "Leave mean and std out")
      }
      let axis = normalisation.mean.count > 1 ? normalisation.channelAxis(in: array.shape) : nil
      let run = axis.map { array.shape.dropFirst($0 + 1).reduce(1, *) } ?? 1
      way = .tables(
        normalisation.tables, run: run, channels: axis == nil ? 1 : normalisation.mean.count)
    } else if from == to {
      way = .bytes
    } else if FloatConversion.canConvert(from, to: to) {
      way = .floats
    } else if !from.isFloatingPoint && FloatConversion.types.contains(to) {
      way = .integersToFloats
    } else if !from.isFloatingPoint && !to.isFloatingPoint && to != .bool {
      way = .integers
    } else {
      throw InputError(
        file: array.file,
        problem: "holds \(from.rawValue), but the input \(input) takes \(to.rawValue)",
        mend: "Save the array in the type that the model takes")
    }
  }

  /// Copies one example; says what is wrong with a value that does not fit.
  func callAsFunction(
    _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer
  ) -> String? {
    switch way {
    case .bytes: target.copyMemory(from: source, byteCount: count * from.size)
    case .floats: FloatConversion.convert(source, from, to: target, to, count: count)
    case .integers: return copyIntegers(source, target)
    case .integersToFloats:
      for index in 0..<count { store(Float(integer(source, index)), at: index, target) }
    case .tables(let tables, let run, let channels):
      copy(source, target, by: tables, run: run, channels: channels)
    }
    return nil
  }

  private func copy(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, by tables: [Float], run: Int,
    channels: Int
  ) {
    let bytes = source.assumingMemoryBound(to: UInt8.self)
    tables.withUnsafeBufferPointer { tables in
      for start in stride(from: 0, to: count, by: run) {
        let table = start / run % channels * 256
        for index in start..<min(start + run, count) {
          store(tables[table + Int(bytes[index])], at: index, target)
        }
      }
    }
  }

  private func copyIntegers(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer
  ) -> String? {
    for index in 0..<count {
      let value = integer(source, index)
      let stored =
        switch to {
        case .u8: store(UInt8(exactly: value), at: index, target)
        case .i8: store(Int8(exactly: value), at: index, target)
        case .u16: store(UInt16(exactly: value), at: index, target)
        case .i16: store(Int16(exactly: value), at: index, target)
        case .u32: store(UInt32(exactly: value), at: index, target)
        case .i32: store(Int32(exactly: value), at: index, target)
        case .u64: store(UInt64(exactly: value), at: index, target)
        default: store(value, at: index, target)
        }
      if !stored { return "has the value \(value), which does not fit \(to.rawValue)" }
    }
    return nil
  }

  private func store<Value: BitwiseCopyable>(
    _ value: Value?, at index: Int, _ target: UnsafeMutableRawPointer
  ) -> Bool {
    guard let value else { return false }
    target.storeBytes(of: value, toByteOffset: index * MemoryLayout<Value>.size, as: Value.self)
    return true
  }

  @inline(__always)
  private func store(_ value: Float, at index: Int, _ target: UnsafeMutableRawPointer) {
    switch to {
    case .f64: target.assumingMemoryBound(to: Double.self)[index] = Double(value)
    case .f16: target.assumingMemoryBound(to: UInt16.self)[index] = FloatConversion.half(value)
    case .bf16: target.assumingMemoryBound(to: UInt16.self)[index] = FloatConversion.brain(value)
    default: target.assumingMemoryBound(to: Float.self)[index] = value
    }
  }

  /// The integer at `index`; u64 above the range of `Int64` is clamped, as no model takes such.
  @inline(__always)
  private func integer(_ source: UnsafeRawPointer, _ index: Int) -> Int64 {
    let offset = index * from.size
    switch from {
    case .u8, .bool: return Int64(source.load(fromByteOffset: offset, as: UInt8.self))
    case .i8: return Int64(source.load(fromByteOffset: offset, as: Int8.self))
    case .u16: return Int64(source.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    case .i16: return Int64(source.loadUnaligned(fromByteOffset: offset, as: Int16.self))
    case .u32: return Int64(source.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    case .i32: return Int64(source.loadUnaligned(fromByteOffset: offset, as: Int32.self))
    case .u64:
      return Int64(clamping: source.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    default: return source.loadUnaligned(fromByteOffset: offset, as: Int64.self)
    }
  }
}

extension Normalisation {
  /// What each byte becomes, 256 values a channel.
  fileprivate var tables: [Float] {
    zip(mean, std).flatMap { mean, std in (0..<256).map { (Float($0) / 255 - mean) / std } }
  }
}
