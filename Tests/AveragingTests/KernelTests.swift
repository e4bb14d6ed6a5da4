import CKernels
import Foundation
import Testing

@Suite struct KernelTests {
  static let dtypes: [(dtype: ck_dtype, size: Int)] = [
    (CK_F32, 4), (CK_F16, 2), (CK_BF16, 2), (CK_F64, 8), (CK_F8E4M3, 1), (CK_F8E5M2, 1),
  ]
  static let paths = [CK_PORTABLE, CK_AVX2, CK_AVX512].filter { ck_supports($0) }

  /// One average of streams of any types.
  private func average(
    _ streams: [(data: [UInt8], dtype: ck_dtype, weight: Double)], skipping offset: Int = 0,
    count: Int, as dtype: (ck_dtype, size: Int), rounding: ck_dtype? = nil, on path: ck_path
  ) -> (bytes: [UInt8], isBad: Bool) {
    let buffers = streams.map { stream in
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: stream.data.count + offset, alignment: 64)
      UnsafeMutableRawBufferPointer(rebasing: buffer[offset...]).copyBytes(from: stream.data)
      return buffer
    }
    defer { buffers.forEach { $0.deallocate() } }
    let inputs = zip(streams, buffers).map { stream, buffer in
      ck_stream(
        data: buffer.baseAddress.map { $0 + offset }, weight: stream.weight, dtype: stream.dtype)
    }
    let size = count * dtype.size
    let ways = [CK_CACHED, CK_STREAMED].map { writing in
      let out = UnsafeMutableRawBufferPointer.allocate(byteCount: size + 8, alignment: 64)
      defer { out.deallocate() }
      out.initializeMemory(as: UInt8.self, repeating: 0xAA)
      let isBad = ck_average(
        inputs, inputs.count, 1, count, rounding ?? dtype.0, dtype.0, out.baseAddress, writing,
        path)
      // Nothing may be written behind the end.
      #expect(out[size...].allSatisfy { $0 == 0xAA })
      return (bytes: Array(out.prefix(size)), isBad: isBad)
    }
    #expect(ways[0] == ways[1], "past the caches as through them")
    return ways[0]
  }

  private func widened(_ data: [UInt8], _ dtype: (ck_dtype, size: Int), _ path: ck_path) -> [Double]
  {
    let count = data.count / dtype.size
    let wide = average([(data, dtype.0, 1)], count: count, as: (CK_F64, 8), on: path).bytes
    return wide.withUnsafeBytes { bytes in
      (0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * 8, as: Double.self) }
    }
  }

  private func narrowed(_ values: [Double], _ dtype: (ck_dtype, size: Int), _ path: ck_path)
    -> [UInt8]
  {
    let data = values.withUnsafeBytes { Array($0) }
    return average([(data, CK_F64, 1)], count: values.count, as: dtype, on: path).bytes
  }

  @Test(arguments: paths)
  func everyCodeOfTheSmallTypesIsRead(_ path: ck_path) {
    let models: [(ck_dtype, NumberModel)] = [
      (CK_F16, .half), (CK_BF16, .bfloat), (CK_F8E4M3, .e4m3), (CK_F8E5M2, .e5m2),
    ]
    for (dtype, model) in models {
      let isByte = dtype == CK_F8E4M3 || dtype == CK_F8E5M2
      let size = isByte ? 1 : 2
      let half = isByte ? 128 : 32768
      let codes = (0..<2 * half).flatMap { code in (0..<size).map { UInt8(code >> (8 * $0) & 255) }
      }
      let values = widened(codes, (dtype, size), path)
      for code in 0..<half {
        let expected: Double =
          code < model.finite.count
          ? model.finite[code] : code == model.finite.count ? model.overflow : .nan
        guard same(values[code], expected), same(values[code + half], -expected) else {
          Issue.record("code \(code) of \(dtype) is read as \(values[code]), not \(expected)")
          return
        }
      }
    }
  }

  /// Values at, just below and just above every tie and value of a type, and some beyond.
  private func hardValues(_ dtype: ck_dtype, _ generator: inout SeededGenerator) -> [Double] {
    var values: [Double] = [
      0, -0.0, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
      Double(Float.greatestFiniteMagnitude), 0x1.ffffffp127, 65504, 65519.999999, 65520, 0x1.ffp127,
      448, 464, 464.0000001, 57344, 61440, 61439.99999, 1e-30, 0x1p-25, 0x1.0000001p-25, 0x1p-24,
      0x1p-134, 0x1p-133, 0x1p-149, 0x1p-150, 0x1.8p-149,
    ]
    for _ in 0..<600 {
      let exponent = Int.random(in: -160...130, using: &generator)
      let near = NumberModel.round(
        scalbn(Double.random(in: 1..<2, using: &generator), exponent % 24), to: dtype)
      let wide = scalbn(Double.random(in: 1..<2, using: &generator), exponent)
      let next = NumberModel.round(near * (1 + 0x1p-7), to: dtype)
      let tie = (near + next) / 2
      values += [wide, near, tie, tie.nextUp, tie.nextDown, Double(Float(tie).nextUp)]
    }
    return values + values.map { -$0 }
  }

  @Test(arguments: paths)
  func roundsOnceToNearestEven(_ path: ck_path) {
    var generator = SeededGenerator(state: 3)
    for dtype in Self.dtypes {
      let values = hardValues(dtype.dtype, &generator)
      let back = widened(narrowed(values, (dtype.dtype, dtype.size), path), dtype, path)
      for (value, got) in zip(values, back) {
        let expected = NumberModel.round(value, to: dtype.dtype)
        guard same(got, expected) else {
          Issue.record("\(value) became \(got), not \(expected), as \(dtype.dtype)")
          break
        }
      }
    }
  }

  @Test(arguments: paths)
  func sumsLikeTheModelAtEveryLength(_ path: ck_path) {
    var generator = SeededGenerator(state: 5)
    for (number, dtype) in Self.dtypes.enumerated() {
      for count in 0..<68 {
        let streams = [1, 2, 3, 5, 8, 9, 17][(count + number) % 7]
        let inputs = (0..<streams).map { stream in
          // Every third stream has another type, so that runs of one type end in all places.
          let other = Self.dtypes[(number + (stream % 3 == 2 ? stream : 0)) % 6]
          let values = (0..<count).map { _ in Double.random(in: -4...4, using: &generator) }
          return (
            data: narrowed(values, (other.dtype, other.size), CK_PORTABLE), dtype: other.dtype,
            weight: Double.random(in: -1...1, using: &generator)
          )
        }
        let wide = inputs.map { input in
          widened(
            input.data, (input.dtype, max(1, input.data.count / max(1, count))), CK_PORTABLE)
        }
        let result = average(
          inputs, skipping: count % 7, count: count, as: (dtype.dtype, dtype.size), on: path)
        let got = widened(result.bytes, dtype, CK_PORTABLE)
        for index in 0..<count {
          var sum = wide[0][index] * inputs[0].weight
          for stream in 1..<max(1, streams) where streams > 1 {
            sum += wide[stream][index] * inputs[stream].weight
          }
          let expected = NumberModel.round(sum, to: dtype.dtype)
          #expect(same(got[index], expected), "\(dtype) \(count) \(streams) \(index)")
        }
        #expect(!result.isBad)
      }
    }
  }

  @Test func allPathsGiveTheSameBits() {
    var generator = SeededGenerator(state: 8)
    let count = 5000
    for dtype in Self.dtypes {
      let inputs = (0..<11).map { _ in
        let values = (0..<count).map { _ in
          scalbn(
            Double.random(in: -1...1, using: &generator), Int.random(in: -9...3, using: &generator))
        }
        return (
          data: narrowed(values, (dtype.dtype, dtype.size), CK_PORTABLE), dtype: dtype.dtype,
          weight: Double.random(in: 0...1, using: &generator)
        )
      }
      let results = Self.paths.map {
        average(inputs, count: count, as: (dtype.dtype, dtype.size), on: $0).bytes
      }
      #expect(results.allSatisfy { $0 == results[0] })
    }
  }

  /// Equal weights of 16-bit floats take a way of their own, which must not show: neither where sums
  /// as f32 would be inexact or infinite, nor at any length.
  @Test(arguments: paths)
  func equalWeightsOfSmallTypesAreExact(_ path: ck_path) {
    var generator = SeededGenerator(state: 34)
    for (dtype, exponents) in [(Self.dtypes[1], -26 ... -1), (Self.dtypes[2], -40...0)] {
      for (count, streams) in [(1, 1), (31, 2), (33, 3), (64, 4), (100, 5), (300, 8), (517, 11)] {
        // From all alike to as different as the sum of f64 can hold.
        for spread in [0, 4, 12, 15, 40] {
          let inputs = (0..<streams).map { _ in
            narrowed(
              (0..<count).map { index in
                let exponent = max(
                  exponents.lowerBound,
                  exponents.upperBound - Int.random(in: 0...spread, using: &generator))
                return index % 9 == 0
                  ? 0
                  : scalbn(
                    Double.random(in: -1...1, using: &generator), exponent)
              }, (dtype.dtype, dtype.size), CK_PORTABLE)
          }
          let wide = inputs.map { widened($0, (dtype.dtype, dtype.size), CK_PORTABLE) }
          let result = average(
            inputs.map { ($0, dtype.dtype, 1) }, count: count, as: (CK_F64, 8), on: path)
          let got = widened(result.bytes, (CK_F64, 8), path)
          for index in 0..<count {
            let sum = wide.reduce(-0.0) { $0 + $1[index] }
            #expect(same(got[index], sum), "\(dtype) \(count) of \(streams), spread \(spread)")
          }
        }
      }
      let large = narrowed(Array(repeating: 0x1.fp127, count: 40), (dtype.dtype, dtype.size), path)
      let sum = average(
        Array(repeating: (large, dtype.dtype, 1), count: 4), count: 40, as: (CK_F64, 8), on: path)
      let expected = dtype.dtype == CK_F16 ? Double.infinity : 4 * 0x1.fp127
      #expect(widened(sum.bytes, (CK_F64, 8), path).allSatisfy { $0 == expected })
    }
  }

  @Test(arguments: paths)
  func finds(_ path: ck_path) {
    for dtype in Self.dtypes {
      for count in [1, 7, 8, 9, 2049] {
        for bad in [Double.nan, .infinity, -.infinity] {
          var values = (0..<count).map { Double($0 % 5) }
          let clean = narrowed(values, (dtype.dtype, dtype.size), path)
          #expect(!ck_has_nonfinite(clean, dtype.dtype, count, path))
          values[count - 1] = bad
          let dirty = narrowed(values, (dtype.dtype, dtype.size), path)
          #expect(ck_has_nonfinite(dirty, dtype.dtype, count, path))
          let sum = average(
            [(clean, dtype.dtype, 0.5), (dirty, dtype.dtype, 0.5)], count: count,
            as: (dtype.dtype, dtype.size), on: path)
          #expect(sum.isBad)
        }
      }
    }
    // Finite inputs whose sum is too large for the type are found as well.
    let large = narrowed([60000], (CK_F16, 2), path)
    let sum = average(
      [(large, CK_F16, 1), (large, CK_F16, 1)], count: 1, as: (CK_F16, 2), on: path)
    #expect(sum.isBad)
  }

  @Test(arguments: paths)
  func roundsTwiceWhenAsked(_ path: ck_path) {
    let values = (0..<100).map { Double($0) / 7 }
    let data = values.withUnsafeBytes { Array($0) }
    let got = average(
      [(data, CK_F64, 1)], count: 100, as: (CK_F32, 4), rounding: CK_BF16, on: path)
    for (value, result) in zip(values, widened(got.bytes, (CK_F32, 4), path)) {
      #expect(result == NumberModel.round(value, to: CK_BF16))
    }
  }

  @Test(arguments: paths)
  func innerProductsEqualTheModel(_ path: ck_path) {
    var generator = SeededGenerator(state: 13)
    for (rows, count) in [(1, 5), (2, 64), (3, 257), (4, 700), (7, 1030)] {
      let vectors = (0...rows).map { _ in
        (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
      }
      var gram = [Double](repeating: 0, count: rows * rows)
      var scratch = [Double](repeating: 0, count: ck_gram_scratch(rows))
      let buffers = vectors.map { vector in
        let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
        _ = buffer.initialize(from: vector)
        return buffer
      }
      defer { buffers.forEach { $0.deallocate() } }
      let streams = buffers.map { ck_stream(data: $0.baseAddress, weight: 1, dtype: CK_F32) }
      ck_gram(streams, rows, streams[rows], count, &scratch, &gram, path)
      for i in 0..<rows {
        for j in 0...i {
          var expected = 0.0
          for e in 0..<count {
            let origin = Double(vectors[rows][e])
            expected += (Double(vectors[i][e]) - origin) * (Double(vectors[j][e]) - origin)
          }
          #expect(abs(gram[i * rows + j] - expected) < 1e-9)
        }
      }
      let relation = ck_relate(streams[0].data, CK_F32, streams[rows].data, CK_F32, count, path)
      #expect(abs(relation.difference - gram[0]) < 1e-9)
    }
  }

  @Test func sumsAllBytes() {
    var generator = SeededGenerator(state: 21)
    for count in Array(0..<70) + [255, 256, 257, 1000] {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      var expected: UInt64 = 0
      for start in stride(from: 0, to: count - count % 8, by: 8) {
        for index in 0..<8 { expected &+= UInt64(bytes[start + index]) << (8 * index) }
      }
      for index in (count - count % 8)..<count { expected &+= UInt64(bytes[index]) }
      #expect(ck_sum(bytes, count) == expected)
    }
  }

  @Test func fingerprintsTellEveryBitAndLength() {
    let bytes = [UInt8](repeating: 0, count: 70)
    var seen: Set<[UInt64]> = []
    func note(_ bytes: [UInt8], _ count: Int) {
      var state = ck_fingerprint()
      ck_fingerprint_add(&state, bytes, count)
      seen.insert([state.lanes.0, state.lanes.1, state.lanes.2, state.lanes.3])
    }
    for count in 0...70 { note(bytes, count) }
    for bit in 0..<560 {
      var changed = bytes
      changed[bit / 8] ^= 1 << (bit % 8)
      note(changed, 70)
    }
    #expect(seen.count == 71 + 560)
  }
}
