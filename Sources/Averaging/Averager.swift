import CKernels
public import Checkpoints
import Glibc
import Synchronization

/// Weighted averages of checkpoints, tensor by tensor.
///
/// Sums are taken in f64 in the order of the terms and rounded once, to nearest, ties to even;
/// weights that are fractions of one divisor are summed whole and divided at the end. The same terms
/// give the same bits whatever the processor, the number of threads, and whether the result goes to
/// memory or to a file.
public enum Averager {
  /// Checks that an average of `terms` can be taken; of tensors, only tied ones are read.
  ///
  /// - Throws: `InputError` when tensors do not fit together.
  public static func check(
    _ terms: [AverageTerm], _ options: AverageOptions = AverageOptions()
  ) throws {
    _ = try AveragePlan(terms, options)
  }

  /// Averages `terms` in memory.
  ///
  /// - Throws: `InputError` when tensors do not fit together or cannot be read; `CancellationError`
  ///   when the current task is cancelled.
  public static func average(
    _ terms: [AverageTerm], _ options: AverageOptions = AverageOptions()
  ) throws -> (weights: Weights, report: AverageReport) {
    let plan = try AveragePlan(terms, options)
    var report = plan.report
    let weights = try Weights(plan.outputs) { room in
      report = try AverageRun(plan, options).run { item, bytes, _, make in
        try make(UnsafeMutableRawBufferPointer(rebasing: room[item][bytes]))
      }
    }
    return (weights, report)
  }

  /// Averages `terms` straight into a checkpoint of any format, in memory that does not grow with
  /// them.
  ///
  /// The file or folder appears complete, or not at all. Tensors that are tied in every term stay
  /// tied where the format can say so.
  /// - Throws: as above, and `InputError` when `output` exists and `overwrite` is false or the disk
  ///   is full.
  @discardableResult
  public static func average(
    _ terms: [AverageTerm], _ options: AverageOptions = AverageOptions(),
    to output: CheckpointOutput, metadata: [String: String] = [:], overwrite: Bool = false
  ) throws -> AverageReport {
    let plan = try AveragePlan(terms, options)
    let writer = try output.writer(
      for: plan.outputs, ties: plan.report.ties, metadata: metadata, overwrite: overwrite)
    let report = try AverageRun(plan, options, buffer: 1 << 20).run { item, bytes, buffer, make in
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<bytes.count])
      try make(piece)
      try writer.write(
        UnsafeRawBufferPointer(piece), toTensorAt: item, offset: bytes.lowerBound)
    }
    try writer.finish()
    return report
  }

  /// A copy of `table` with floating-point tensors as `dtype`, each value rounded once.
  ///
  /// - Throws: `InputError` when it cannot be read; `CancellationError`.
  public static func converted(
    _ table: any TensorTable, to dtype: DType, name: String = "weights"
  ) throws -> Weights {
    try average([AverageTerm(name, table, weight: 1)], AverageOptions(dtype: .dtype(dtype))).weights
  }
}

/// One average being taken.
private struct AverageRun: Sendable {
  /// Puts bytes `bytes` of output `item` somewhere: calls `make` with where to write them.
  typealias Sink =
    @Sendable (
      _ item: Int, _ bytes: Range<Int>, _ buffer: UnsafeMutableRawBufferPointer,
      _ make: (UnsafeMutableRawBufferPointer) throws -> Void
    ) throws -> Void

  let plan: AveragePlan
  let options: AverageOptions
  /// Bytes that a worker makes before they are taken from it; 0 where it writes to their place.
  let buffer: Int
  private let writing: ck_writing
  private let findings = Findings()
  private let done = Counter()

  /// Results of so many bytes are gone from the caches before anybody reads them.
  private static let largest = 32 << 20

  init(_ plan: AveragePlan, _ options: AverageOptions, buffer: Int = 0) {
    self.plan = plan
    self.options = options
    self.buffer = buffer
    writing = buffer == 0 && plan.bytesMade > Self.largest ? CK_STREAMED : CK_CACHED
  }

  /// What workers find out: by item, which streams are not finite, and which integers differ.
  private final class Findings: Sendable {
    let nonFinite = Mutex<[Int: Set<Int>]>([:])
    let differing = Mutex<Set<Int>>([])
  }

  private final class Counter: Sendable {
    let bytes = Atomic(0)
  }

  /// A worker's own room, given back when the worker is.
  private final class Scratch {
    var streams: [ck_stream] = []
    let buffer: UnsafeMutableRawBufferPointer

    init(_ size: Int) { buffer = .allocate(byteCount: size, alignment: 64) }
    deinit { buffer.deallocate() }
  }

  func run(sink: @escaping Sink) throws -> AverageReport {
    // A thread is not worth its start for less than this.
    let useful = plan.report.bytesRead >> 18
    let wanted = options.workers ?? min(Lockstep.processors, buffer > 0 ? 32 : .max)
    try plan.lockstep.run(
      workers: min(wanted, max(1, useful)), start: { [buffer] in Scratch(buffer) },
      body: { scratch, piece, streams in
        let size = plan.outputs[piece.item].dtype.size
        let bytes = (piece.range.lowerBound * size)..<(piece.range.upperBound * size)
        try sink(piece.item, bytes, scratch.buffer) { output in
          try make(piece, streams, scratch, output)
        }
        if let progress = options.progress {
          let sum = done.bytes.wrappingAdd(bytes.count, ordering: .relaxed).newValue
          progress(sum, plan.bytesMade)
        }
      })
    let report = report()
    try options.accept?(report)
    return report
  }

  /// Makes a piece, in parts that leave the room for gathered runs small.
  private func make(
    _ piece: Lockstep.Piece, _ streams: LentStreams, _ scratch: Scratch,
    _ output: UnsafeMutableRawBufferPointer
  ) throws {
    let size = plan.outputs[piece.item].dtype.size
    let longest = min(streams.longestRun, piece.range.count)
    for start in stride(from: 0, to: piece.range.count, by: longest) {
      let end = min(start + longest, piece.range.count)
      let first = piece.range.lowerBound
      try make(
        streams.runs(first + start..<first + end), of: piece.item, scratch,
        UnsafeMutableRawBufferPointer(rebasing: output[start * size..<end * size]))
    }
  }

  private func make(
    _ runs: [UnsafeRawBufferPointer], of item: Int, _ scratch: Scratch,
    _ output: UnsafeMutableRawBufferPointer
  ) throws {
    switch plan.works[item] {
    case .copy:
      output.copyMemory(from: runs[0])
      for place in runs.indices.dropFirst() { try compare(runs, place, item) }
      guard let kernel = plan.outputs[item].dtype.kernel else { return }
      let count = output.count / plan.outputs[item].dtype.size
      if ck_has_nonfinite(output.baseAddress, kernel, count, CK_BEST) {
        findings.nonFinite.withLock { $0[item] = [0] }
      }
    case .sum(let whole, let dtypes, let rounding, let target):
      let count = output.count / plan.outputs[item].dtype.size
      scratch.streams.removeAll(keepingCapacity: true)
      for (index, run) in runs.enumerated() {
        scratch.streams.append(
          ck_stream(data: run.baseAddress, weight: whole.weights[index], dtype: dtypes[index]))
      }
      let isBad = ck_average(
        scratch.streams, runs.count, whole.divisor, count, rounding, target, output.baseAddress,
        writing, CK_BEST)
      if isBad { noteNonFinite(item, count, scratch.streams) }
    }
  }

  private func compare(
    _ runs: [UnsafeRawBufferPointer], _ place: Int, _ item: Int
  ) throws {
    guard let a = runs[place].baseAddress, let b = runs[0].baseAddress,
      memcmp(a, b, runs[0].count) != 0
    else { return }
    if options.integers == .refuse {
      let names = plan.streamNames[item]
      throw InputError(
        file: names[place], place: "tensor \(plan.outputs[item].name)",
        problem: "differs from \(names[0]) in this tensor of integers, which has no average",
        mend: "Leave it out, or take the first one's (--integers first)")
    }
    findings.differing.withLock { _ = $0.insert(item) }
  }

  /// Looks for the streams that brought what is not finite, unless they are known already.
  private func noteNonFinite(_ item: Int, _ count: Int, _ streams: [ck_stream]) {
    let known = findings.nonFinite.withLock { $0[item] ?? [] }
    let guilty = streams.indices.filter { index in
      !known.contains(index)
        && ck_has_nonfinite(streams[index].data, streams[index].dtype, count, CK_BEST)
    }
    findings.nonFinite.withLock { $0[item, default: []].formUnion(guilty) }
  }

  private func report() -> AverageReport {
    var report = plan.report
    report.integersFromFirst = findings.differing.withLock { items in
      items.sorted().map { plan.outputs[$0].name }
    }
    report.nonFinite = findings.nonFinite.withLock { found in
      found.sorted { $0.key < $1.key }.map { item, streams in
        .init(
          tensor: plan.outputs[item].name,
          terms: streams.sorted().map { plan.streamNames[item][$0] })
      }
    }
    return report
  }
}
