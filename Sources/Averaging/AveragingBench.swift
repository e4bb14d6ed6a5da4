import CKernels
package import Checkpoints
import Glibc
import Synchronization

/// Measures averages against the cost of reading the same bytes once, side by side in one run.
package enum AveragingBench {
  /// What one way of going through the bytes took.
  package struct Row: Hashable, Sendable {
    /// `plain sum`, `average to memory`, `average to file`.
    package let name: String
    /// Bytes of tensors read.
    package let bytes: Int
    /// The median of the repeats.
    package let seconds: Double
    /// Speed of the plain sum's median set against this one's: 1 is as fast as reading.
    package let ratio: Double
    /// The same of processor time, which a busy machine disturbs less.
    package let processorRatio: Double
    /// Anonymous memory above that at the start, at its largest during one more run, in bytes; nil
    /// when it was not looked at.
    package let anonymousMemory: Int?

    package var gigabytesPerSecond: Double { Double(bytes) / seconds / 1e9 }
  }

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

  /// Measures on safetensors files, each way `repeats` times in turn after one run that warms up.
  ///
  /// Every run opens the files anew, so all pay alike for mapping them; memory for the average is
  /// that of the run before, as in a recipe that makes one soup after another.
  /// - Parameter output: where the average to a file goes; overwritten, then removed. Nil: that way
  ///   is left out.
  /// - Throws: `InputError` from the files; `CancellationError`.
  package static func measure(
    _ paths: [String], repeats: Int = 5, output: String? = nil
  ) throws -> [Row] {
    var ways: [(name: String, run: () throws -> Void)] = [
      ("plain sum", { try sum(paths) }),
      (
        "average to memory",
        { _ = try Averager.average(AverageTerm.uniform(try paths.map { try Checkpoint.open($0) })) }
      ),
    ]
    if let output {
      ways.append(
        (
          "average to file",
          {
            let terms = AverageTerm.uniform(try paths.map { try Checkpoint.open($0) })
            _ = try Averager.average(
              terms, to: CheckpointOutput(path: output, format: .safetensors), overwrite: true)
          }
        ))
    }
    defer { if let output { unlink(output) } }
    var times = ways.map { _ in [Double]() }
    var processorTimes = times
    for turn in 0...repeats {
      for (index, way) in ways.enumerated() {
        let before = processorSeconds()
        let seconds = try ContinuousClock().measure(way.run)
        guard turn > 0 else { continue }
        times[index].append(seconds / .seconds(1))
        processorTimes[index].append(processorSeconds() - before)
      }
    }
    let bytes = try paths.map { try MappedFile(path: $0).count }.reduce(0, +)
    let medians = times.map { $0.sorted()[$0.count / 2] }
    let processorMedians = processorTimes.map { $0.sorted()[$0.count / 2] }
    return try ways.indices.map { index in
      Row(
        name: ways[index].name, bytes: bytes, seconds: medians[index],
        ratio: medians[0] / medians[index],
        processorRatio: processorMedians[0] / processorMedians[index],
        anonymousMemory: index > 0 ? try anonymousMemory(during: ways[index].run) : nil)
    }
  }

  /// Processor time of this process, user and system, in seconds.
  private static func processorSeconds() -> Double {
    var usage = rusage()
    guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return .nan }
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    return Double(seconds) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
  }

  /// Sums the words of all files on all cores, a mebibyte at a time.
  private static func sum(_ paths: [String]) throws {
    let tables = try paths.map { try RawFile(path: $0) }
    let items = tables.indices.map {
      Lockstep.Item(sources: [($0, 0)], count: tables[$0].tensors[0].count, piece: 1 << 20)
    }
    let total = OrderedSum<UInt64, UInt64>(0) { $0 &+= $2 }
    try Lockstep(tables: tables, items: items).run(
      workers: Lockstep.processors, start: {},
      body: { _, piece, streams in
        let bytes = UnsafeRawBufferPointer(rebasing: streams[0][piece.range])
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

  // MARK: Memory

  /// Looks at this process' anonymous memory while `run` runs; nil where the system does not tell.
  private static func anonymousMemory(during run: () throws -> Void) throws -> Int? {
    // A block kept from an earlier run would hide what this one takes.
    MemoryBlock.releaseSpare()
    guard let before = residentAnonymous() else { return nil }
    let watcher = Watcher()
    var thread = pthread_t()
    let started = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Watcher>.fromOpaque(argument).takeUnretainedValue().watch()
        return nil
      }, Unmanaged.passUnretained(watcher).toOpaque())
    guard started == 0 else { return nil }
    defer {
      watcher.finished.store(true, ordering: .relaxed)
      pthread_join(thread, nil)
    }
    try run()
    return max(0, watcher.peak.load(ordering: .relaxed) - before)
  }

  private final class Watcher: Sendable {
    let finished = Atomic(false)
    let peak = Atomic(0)

    func watch() {
      while !finished.load(ordering: .relaxed) {
        if let now = residentAnonymous() { peak.max(now, ordering: .relaxed) }
        usleep(500)
      }
    }
  }

  /// `RssAnon` of this process in bytes.
  private static func residentAnonymous() -> Int? {
    let descriptor = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let text = String(unsafeUninitializedCapacity: 4096) {
      max(0, read(descriptor, $0.baseAddress, 4096))
    }
    let line = text.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
    return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
      .flatMap { Int($0) }.map { $0 << 10 }
  }

  // MARK: Weights to measure on

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
