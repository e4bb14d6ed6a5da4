import Checkpoints
import Glibc

/// What going through some bytes once took.
package struct BenchCost: Sendable {
  package let seconds: Double
  /// On all processors together.
  package let processorSeconds: Double

  package init(seconds: Double, processorSeconds: Double) {
    self.seconds = seconds
    self.processorSeconds = processorSeconds
  }

  /// What `work` takes in this process.
  static func of(_ work: () throws -> Void) rethrows -> BenchCost {
    let before = processorSeconds()
    let seconds = try ContinuousClock().measure(work)
    return BenchCost(
      seconds: seconds / .seconds(1), processorSeconds: processorSeconds() - before)
  }

  /// Of this process until now, user and system.
  private static func processorSeconds() -> Double {
    var usage = rusage()
    guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return .nan }
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    return Double(seconds) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
  }
}

/// A way of going through the bytes of the files that are measured on.
package struct BenchWay {
  let name: String
  /// Nil for all files'.
  var bytes: Int?
  /// Whether its memory is of interest.
  var isWeighed = false
  let run: () throws -> BenchCost

  /// A way that measures itself.
  package init(_ name: String, run: @escaping () throws -> BenchCost) {
    self.name = name
    self.run = run
  }

  fileprivate init(
    _ name: String, bytes: Int? = nil, isWeighed: Bool = false, of work: @escaping () throws -> Void
  ) {
    self.init(name) { try BenchCost.of(work) }
    self.bytes = bytes
    self.isWeighed = isWeighed
  }
}

/// Measures averages against the cost of reading the same bytes once, side by side in one run.
package enum AveragingBench {
  /// What one way of going through the bytes took.
  package struct Row: Hashable, Sendable {
    /// `plain sum`, `average to memory`, `average to file`, ...
    package let name: String
    /// Bytes of files read.
    package let bytes: Int
    /// The median of the repeats.
    package let seconds: Double
    /// Speed in bytes a second against the plain sum's in the same turn, the median of the turns:
    /// 1 is as fast as reading.
    package let ratio: Double
    /// The same of processor time, which a busy machine disturbs less.
    package let processorRatio: Double
    /// Anonymous memory above that at the start, at its largest during one more run, in bytes; nil
    /// when it was not looked at.
    package let anonymousMemory: Int?

    package var gigabytesPerSecond: Double { Double(bytes) / seconds / 1e9 }
  }

  /// Measures on safetensors files, each way `repeats` times in turn after one run that warms up.
  ///
  /// Every run opens the files anew, so all pay alike for mapping them; memory for the average is
  /// that of the run before, as in a recipe that makes one soup after another.
  /// - Parameter output: where the average to a file goes; overwritten, then removed.
  /// - Parameter others: further ways, measured in the same turns.
  /// - Throws: `InputError` from the files; `CancellationError`; what the others throw.
  package static func measure(
    _ paths: [String], repeats: Int, output: String, others: [BenchWay] = []
  ) throws -> [Row] {
    let sizes = try paths.map { try MappedFile(path: $0).count }
    let ways =
      try [BenchWay("plain sum", of: { try PlainSum.take(paths) })]
      + averages(paths, output: output) + liveSoup(paths, bytes: sizes[sizes.count - 1]) + others
    defer { unlink(output) }
    var costs = ways.map { _ in [BenchCost]() }
    for turn in 0...repeats {
      for (index, way) in ways.enumerated() {
        try Task.checkCancellation()
        let cost = try way.run()
        if turn > 0 { costs[index].append(cost) }
      }
    }
    let all = sizes.reduce(0, +)
    let plain = costs[0]
    return try zip(ways, costs).map { way, costs in
      let bytes = way.bytes ?? all
      func ratio(_ part: (BenchCost) -> Double) -> Double {
        median(zip(plain, costs).map { part($0) / part($1) }) * Double(bytes) / Double(all)
      }
      return Row(
        name: way.name, bytes: bytes, seconds: median(costs.map(\.seconds)),
        ratio: ratio(\.seconds), processorRatio: ratio(\.processorSeconds),
        anonymousMemory: way.isWeighed ? try AnonymousMemory.growth { _ = try way.run() } : nil)
    }
  }

  private static func averages(_ paths: [String], output: String) -> [BenchWay] {
    func terms() throws -> [AverageTerm] {
      AverageTerm.uniform(try paths.map { try Checkpoint.open($0) })
    }
    return [
      BenchWay("average to memory", isWeighed: true) { _ = try Averager.average(terms()) },
      BenchWay("average to file", isWeighed: true) {
        _ = try Averager.average(
          terms(), to: CheckpointOutput(path: output, format: .safetensors), overwrite: true)
      },
    ]
  }

  /// A soup of all files but the last, which comes and goes.
  private static func liveSoup(_ paths: [String], bytes: Int) throws -> [BenchWay] {
    let tables = try paths.map { NamedTable($0, try Checkpoint.open($0)) }
    let soup = try RunningSoup(like: tables[0])
    for table in tables.dropLast() { try soup.add(table) }
    let last = tables[tables.count - 1]
    return [
      BenchWay("add one to a live soup", bytes: bytes) { try soup.add(last) },
      BenchWay("remove it again", bytes: bytes) { try soup.remove(named: last.name) },
    ]
  }

  private static func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
  }
}
