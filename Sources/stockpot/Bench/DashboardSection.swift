import Checkpoints
import Dashboard
import Evaluation
import Foundation
import Sweeps
import TerminalUI
import Themes

/// Measures the real dashboard in a terminal of its own, on a sweep of many ingredients: how soon
/// it shows, how soon a key is seen, also while a recipe evaluates, and what it costs to leave open.
struct DashboardSection: BenchSection {
  let repeats: Int
  let ingredients: Int
  let folder: String

  private static let size = Size(columns: 200, rows: 50)
  private static let idleSeconds = 20.0
  private static let many = 10_000

  /// Times of keys until they were seen, in seconds, and what was sent meanwhile.
  private struct Keys {
    var times: [Double] = []
    var bytes = 0
    var frames = 0

    /// The time that so many hundredths of the keys did not exceed.
    func percentile(_ share: Double) -> Double? {
      guard !times.isEmpty else { return nil }
      let sorted = times.sorted()
      return sorted[min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.down)))]
    }
  }

  func measure(_ say: (String) -> Void) async throws -> BenchResult {
    var result = BenchResult(section: "dashboard")
    let folder = try BenchFolder(in: folder)
    say("a sweep of \(ingredients) ingredients")
    let sweep = folder.path + "/sweep"
    try Self.makeSweep(at: sweep, ingredients: ingredients)
    var few = try FrameTimes(try Sweep.open(sweep), size: Self.size)
    var many = try FrameTimes(FrameTimes.sweep(ingredients: Self.many), size: Self.size)
    let drawing = few.ofDrawing()
    let slowest = many.slowest(rounds: 5)
    var first: [Double] = []
    for _ in 0..<repeats {
      try Task.checkCancellation()
      say("the first frame")
      let start = ContinuousClock.now
      let program = try Self.start(sweep, home: folder.path)
      if program.readFrame(within: .seconds(30)) { first.append(Self.seconds(since: start)) }
    }
    let program = try Self.start(sweep, home: folder.path)
    program.settle(quiet: .seconds(2), within: .seconds(60))
    say("keys")
    let quiet = keys(program, count: 100)
    say("\(Int(Self.idleSeconds)) s of nothing")
    program.settle(quiet: .seconds(6), within: .seconds(30))
    let (before, sent) = (program.processorTime, program.byteCount)
    program.settle(quiet: .seconds(Self.idleSeconds), within: .seconds(Self.idleSeconds))
    let idleBytes = program.byteCount - sent
    let idle = zip2(program.processorTime, before).map { ($0 - $1) * 60 / Self.idleSeconds * 1000 }
    var busy: Keys?
    if OnnxRuntime.locate().runtime != nil {
      try Task.checkCancellation()
      say("keys while a recipe evaluates")
      program.type(":greedy\r")
      program.settle(quiet: .seconds(1), within: .seconds(1))
      busy = keys(program, count: 300)
    } else {
      result.notes.append("No keys under load: ONNX Runtime was not found (`stockpot setup`).")
    }
    result.tables = [table(quiet, busy)]
    result.bars = bars(
      drawing: drawing, slowest: slowest, first: first.sorted().dropFirst(first.count / 2).first,
      quiet: quiet,
      busy: busy, idle: idle, idleBytes: idleBytes)
    result.notes.append(
      "Measured at \(Self.size.columns)×\(Self.size.rows) in a pseudo-terminal, from the key's byte"
        + " to the last byte of the frame.")
    if let slowest {
      result.notes.append("Slowest of the keys at \(Self.many) rows: \(slowest.command.rawValue).")
    }
    #if DEBUG
      result.notes.append(
        "A debug build: the times are not those of the program that is installed.")
    #endif
    return result
  }

  private func zip2(_ left: Double?, _ right: Double?) -> (Double, Double)? {
    guard let left, let right else { return nil }
    return (left, right)
  }

  // MARK: Measuring

  /// The bundled sweep with its ingredients many times over, under other names.
  private static func makeSweep(at path: String, ingredients: Int) throws {
    try DemoSweep.write(to: path)
    let sources = try Sweep.open(path).ingredients.compactMap(\.file)
    guard !sources.isEmpty else { return }
    for number in 0..<ingredients {
      // Links: the same bytes need no room a thousand times.
      try FileManager.default.linkItem(
        atPath: sources[number % sources.count],
        toPath: path + "/ingredients/copy_\(number).safetensors")
    }
  }

  private static func start(_ sweep: String, home: String) throws -> PtyProgram {
    var environment = SweepOpening.environment
    environment["TERM"] = "xterm-256color"
    environment["XDG_STATE_HOME"] = home + "/state"
    environment["XDG_CONFIG_HOME"] = home + "/config"
    environment["TMUX"] = nil
    environment["NO_COLOR"] = nil
    return try PtyProgram(
      [try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"), sweep],
      environment: environment, columns: size.columns, rows: size.rows)
  }

  /// Presses keys one after another, each when the one before has been seen.
  private func keys(_ program: PtyProgram, count: Int) -> Keys {
    var keys = Keys()
    let (bytes, frames) = (program.byteCount, program.frameCount)
    for number in 0..<count {
      // Not in step with the frames that work makes by itself.
      program.settle(quiet: .milliseconds(40), within: .milliseconds(31 + number * 7 % 23))
      let start = ContinuousClock.now
      program.type(number / 20 % 2 == 0 ? "j" : "k")
      if program.readFrame(within: .seconds(5)) { keys.times.append(Self.seconds(since: start)) }
    }
    keys.bytes = program.byteCount - bytes
    keys.frames = program.frameCount - frames
    return keys
  }

  private static func seconds(since start: ContinuousClock.Instant) -> Double {
    start.duration(to: .now) / .seconds(1)
  }

  // MARK: Results

  private func table(_ quiet: Keys, _ busy: Keys?) -> BenchTable {
    var table = BenchTable(
      title: "keys, \(ingredients) ingredients",
      columns: [
        .init(title: "median ms", key: "median_milliseconds"),
        .init(title: "p99 ms", key: "p99_milliseconds"),
        .init(title: "frames", key: "frames"),
        .init(title: "bytes a frame", key: "bytes_per_frame"),
      ])
    for (name, keys) in [("nothing at work", quiet as Keys?), ("a recipe evaluating", busy)] {
      guard let keys else { continue }
      table.rows.append(
        BenchTable.Row(
          name: name,
          figures: [
            keys.percentile(0.5).map { $0 * 1000 }, keys.percentile(0.99).map { $0 * 1000 },
            Double(keys.frames), Double(keys.bytes) / Double(max(1, keys.frames)),
          ]))
    }
    return table
  }

  private func bars(
    drawing: Double, slowest: (command: Command, seconds: Double)?, first: Double?, quiet: Keys,
    busy: Keys?, idle: Double?, idleBytes: Int
  ) -> [BenchBar] {
    let perFrame = busy ?? quiet
    return [
      BenchBar("a frame, drawn", drawing * 1000, .atMost, 5, unit: "ms"),
      BenchBar(
        "any key to a drawn frame, \(Self.many) rows", slowest.map { $0.seconds * 1000 }, .atMost,
        16,
        unit: "ms"),
      BenchBar(
        "key to frame, a recipe evaluating, p99", busy?.percentile(0.99).map { $0 * 1000 },
        .atMost, 16, unit: "ms"),
      BenchBar(
        "first frame, process start included", first.map { $0 * 1000 }, .atMost, 100, unit: "ms"),
      BenchBar(
        "bytes a frame, a recipe evaluating",
        Double(perFrame.bytes) / Double(max(1, perFrame.frames)), .atMost, 8192, unit: "bytes"),
      BenchBar("sent while idle", Double(idleBytes), .atMost, 0, unit: "bytes"),
      BenchBar("processor time a minute while idle", idle, .atMost, 10, unit: "ms"),
    ]
  }
}
