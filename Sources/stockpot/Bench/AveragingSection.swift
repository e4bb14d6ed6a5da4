import Averaging
import Checkpoints
import Foundation

/// Averages against a plain sum over the same bytes, NumPy and PyTorch, and the memory they take.
struct AveragingSection: BenchSection {
  let files: Int
  let megabytes: Int
  let repeats: Int
  /// The interpreter asked for.
  let python: String?
  let folder: String

  private static let fileRow = "average to file"
  private static let memoryRow = "average to memory"
  /// The peer whose results are as accurate.
  private static let exact = "PyTorch, f64 sums"

  func measure(_ say: (String) -> Void) async throws -> BenchResult {
    var result = BenchResult(section: "averaging")
    let peers = result.startPeers(
      asked: python, for: [("NumPy", \.numpy), ("PyTorch with safetensors", \.torch)])
    for dtype in [DType.f32, .f16, .bf16] {
      try Task.checkCancellation()
      say("averaging \(files) files of \(megabytes) MB in \(dtype.rawValue)")
      let folder = try BenchFolder(in: folder)
      let paths = try AveragingBench.makeFiles(
        count: files, bytes: megabytes * 1_000_000, dtype: dtype, in: folder.path)
      let rows = try AveragingBench.measure(
        paths, repeats: repeats, output: folder.path + "/soup.safetensors",
        others: peers.map { ways($0, paths, dtype) } ?? [])
      result.tables.append(table(rows, dtype))
      result.bars += bars(rows, dtype)
    }
    result.notes.append(
      "Ratios are to a plain sum of the same bytes on all cores: 1 is as fast as reading them once."
    )
    return result
  }

  /// What the Python found can measure of files of this type.
  ///
  /// NumPy has no bfloat16.
  private func ways(_ peers: PythonPeers, _ paths: [String], _ dtype: DType) -> [BenchWay] {
    func way(_ name: String, _ way: PythonPeers.Way) -> BenchWay {
      BenchWay(name) { try peers.run(paths, way).cost }
    }
    var ways: [BenchWay] = []
    if peers.versions?.torch != nil {
      ways.append(way(Self.exact, .torchF64))
      ways.append(way("PyTorch, f32 sums", .torchF32))
      if dtype != .f32 { ways.append(way("PyTorch, rounded at each step", .torchOwn)) }
    }
    if peers.versions?.numpy != nil, dtype != .bf16 {
      ways.append(way("NumPy, f32 sums", .numpyF32))
    }
    return ways
  }

  private func table(_ rows: [AveragingBench.Row], _ dtype: DType) -> BenchTable {
    var table = BenchTable(
      title: "\(dtype.rawValue), \(files) files of \(megabytes) MB",
      columns: [
        .init(title: "seconds", key: "seconds"),
        .init(title: "GB/s", key: "gigabytes_per_second"),
        .init(title: "of reading", key: "ratio"),
        .init(title: "in CPU time", key: "processor_ratio"),
        .init(title: "memory MiB", key: "anonymous_mebibytes"),
      ])
    table.rows = rows.map { row in
      let memory = row.anonymousMemory.map { Double($0) / 1_048_576 }
      return BenchTable.Row(
        name: row.name,
        figures: [row.seconds, row.gigabytesPerSecond, row.ratio, row.processorRatio, memory])
    }
    return table
  }

  private func bars(_ rows: [AveragingBench.Row], _ dtype: DType) -> [BenchBar] {
    func row(_ name: String) -> AveragingBench.Row? { rows.first { $0.name == name } }
    let memory = row(Self.memoryRow)
    let torch = row(Self.exact)
    // Of time and of processor time what speaks less for this program: threads of PyTorch that wait
    // for a busy processor would flatter it.
    let times = memory.flatMap { memory in
      torch.map {
        min(memory.ratio / $0.ratio, memory.processorRatio / $0.processorRatio)
      }
    }
    let output = memory.map { $0.bytes / files } ?? 0
    func beyond(_ row: AveragingBench.Row?, _ output: Int) -> Double? {
      row?.anonymousMemory.map { Double(max(0, $0 - output)) / 1_048_576 }
    }
    let name = dtype.rawValue
    return [
      BenchBar("\(name) to memory, against reading once", memory?.ratio, .atLeast, 0.8, unit: "×"),
      BenchBar(
        "\(name) to memory, against PyTorch's f64 sums", times, .atLeast, dtype == .f32 ? 2 : 4,
        unit: "×"),
      BenchBar(
        "\(name) to memory, beside the output", beyond(memory, output), .atMost, 64, unit: "MiB"),
      BenchBar(
        "\(name) to a file, whatever its size", beyond(row(Self.fileRow), 0), .atMost, 64,
        unit: "MiB"),
    ]
  }
}
