import Averaging
import Checkpoints
import Foundation
import GRDB
import Kitchen
import Recipes
import Sweeps
import Synchronization
import Testing

@testable import Evaluation
@testable import Ledger

/// Processes killed at random moments of a greedy run: the soup is the same, and what was evaluated to
/// its end is never evaluated again.
struct KilledRunTests {
  /// A sweep of twelve ingredients.
  private struct Victim {
    let folder: TemporaryFolder
    /// The ledger's rows as they have been seen, by their keys.
    private var seen: [String: Double] = [:]

    init(kind: EvaluatorSpec.Kind) throws {
      switch kind {
      case .onnx:
        folder = try TrainedModelTests.Trained("text", kind: .onnx).folder
        try mixIngredients()
      case .python:
        folder = try KitchenTests.sweep("linear.py")
        for number in 3..<12 {
          let weight = (0..<12).map { Double(($0 * 5 + number * $0 + number) % 7) - 3 }
          try SafetensorsWriter.write(
            table([("weight", [4, 3], weight), ("bias", [4], [0, 1, 2, Double(number % 4)])]),
            to: "\(folder.path)/ingredients/m\(number).safetensors")
        }
      }
    }

    /// Nine soups of the three trained models beside them.
    private func mixIngredients() throws {
      let trained = try (0..<3).map {
        try Checkpoint.open("\(folder.path)/ingredients/m\($0).safetensors")
      }
      for number in 3..<12 {
        let weights = [Double(number), 5, Double(14 - number)]
        let terms = zip(weights, trained).enumerated().map { index, term in
          AverageTerm("m\(index)", term.1, weight: term.0 / 19)
        }
        try SafetensorsWriter.write(
          try Averager.average(terms).weights,
          to: "\(folder.path)/ingredients/m\(number).safetensors")
      }
    }

    var ledgerFolder: String { folder.path + "/.stockpot" }

    func run() throws -> (process: Process, output: Pipe, errors: Pipe) {
      let process = Process()
      process.executableURL = Bundle.module.bundleURL.deletingLastPathComponent()
        .appendingPathComponent("stockpot")
      process.arguments = ["run", "greedy", folder.path, "--json", "--quiet"]
      let (output, errors) = (Pipe(), Pipe())
      process.standardOutput = output
      process.standardError = errors
      try process.run()
      return (process, output, errors)
    }

    /// Looks into the ledger as the next Stockpot does; rows that were there must be there unchanged.
    mutating func checkLedger() throws -> Ledger {
      let ledger = try Ledger(directory: ledgerFolder)
      #expect(ledger.setAside == nil)
      let rows = try ledger.read { database in
        try Row.fetchAll(
          database,
          sql: """
            SELECT weights || split || evaluator AS key, date FROM evaluation
            UNION ALL SELECT 'bound' || weights || split || evaluator, date FROM bound
            """)
      }
      let now = Dictionary(rows.map { ($0["key"] as String, $0["date"] as Double) }) { one, _ in
        one
      }
      for (key, date) in seen { #expect(now[key] == date, "evaluated again, or lost") }
      seen = now
      return ledger
    }

    /// Everything is forgotten.
    mutating func forget() throws {
      try FileManager.default.removeItem(atPath: ledgerFolder)
      seen = [:]
    }
  }

  /// What a run's document says that must be the same whatever happened on the way.
  private struct Account: Decodable, Equatable {
    struct Step: Decodable, Equatable {
      let candidate: String
      let correct: Int
      let n: Int
      let accepted: Bool
    }
    struct Count: Decodable, Equatable {
      let correct: Int
    }
    let ingredients: [String]
    let decisions: [Step]
    let metrics: [String: Count]
  }

  private func kill(kind: EvaluatorSpec.Kind, times: Int) async throws {
    var victim = try Victim(kind: kind)
    let start = ContinuousClock.now
    let whole = try victim.run()
    let document = whole.output.fileHandleForReading.readDataToEndOfFile()
    whole.process.waitUntilExit()
    let seconds = start.duration(to: .now) / .seconds(1)
    let expected = try JSONDecoder().decode(Account.self, from: document)
    #expect(expected.decisions.count == 12)
    try victim.forget()
    var generator = SeededGenerator(seed: UInt64(times))
    var (kills, finished, resumed) = (0, 0, 0)
    // On a busy machine all may fall before the run has begun: then some more.
    func isToBeKilled(after kills: Int) -> Bool {
      kills < times || resumed == 0 && kills < 3 * times
    }
    while isToBeKilled(after: kills) || finished == 0 {
      let (process, output, errors) = try victim.run()
      if isToBeKilled(after: kills) {
        let moment = Double.random(in: 0.1...1, using: &generator) * seconds
        try await Task.sleep(for: .seconds(moment))
        if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
      }
      let document = output.fileHandleForReading.readDataToEndOfFile()
      let said = String(
        decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      if said.contains("going on from there") { resumed += 1 }
      let ledger = try victim.checkLedger()
      let runs = try ledger.runs()
      // Killed after its end, it was finished and the next one is another.
      #expect(
        runs.count { $0.status != .finished } <= 1, "a run is taken up, not begun again")
      if process.terminationReason == .uncaughtSignal {
        kills += 1
        #expect(runs.allSatisfy { $0.status == .interrupted || $0.status == .finished })
      } else {
        #expect(try JSONDecoder().decode(Account.self, from: document) == expected)
        #expect(runs.allSatisfy { $0.status == .finished })
        finished += 1
        try victim.forget()
      }
    }
    #expect(resumed > 0)
  }

  @Test(.enabled(if: OnnxRuntime.locate().runtime != nil, "needs ONNX Runtime"))
  func `Stockpot killed in a greedy run with ONNX Runtime`() async throws {
    try await kill(kind: .onnx, times: 30)
  }

  @Test(.enabled(if: TestPython.isThere, needsPython))
  func `Stockpot killed in a greedy run with Python`() async throws {
    try await kill(kind: .python, times: 8)
  }

  private static func cook(_ folder: TemporaryFolder) async throws -> SoupResult {
    try await KitchenTests.kitchen(folder).cook(
      RecipeSpec(.greedy), lane: Lane("test", urgency: .recipe), tell: { _ in })
  }

  @Test(.enabled(if: TestPython.isThere, needsPython))
  func `the worker killed in a greedy run`() async throws {
    var victim = try Victim(kind: .python)
    let folder = victim.folder
    let expected = try await Self.cook(folder)
    try victim.forget()
    var generator = SeededGenerator(seed: 4)
    var (kills, finished) = (0, 0)
    while kills < 20 || finished == 0 {
      let isOver = Mutex(false)
      let run = Task {
        defer { isOver.withLock { $0 = true } }
        return try await Self.cook(folder)
      }
      while !isOver.withLock({ $0 }) {
        try await Task.sleep(for: .milliseconds(Int.random(in: 1...90, using: &generator)))
        guard kills < 20 else { continue }
        let log = folder.read(".stockpot/logs/python-0.log")
        let line = log.split(separator: "\n").last { $0.hasPrefix("process ") }
        let worker = line.flatMap { pid_t($0.dropFirst("process ".count)) }
        if let worker, Foundation.kill(worker, SIGKILL) == 0 { kills += 1 }
      }
      let result = await run.result
      _ = try victim.checkLedger()
      // A worker that is killed twice in one evaluation fails the run, which is then cooked again.
      guard case .success(let result) = result else { continue }
      #expect(result.blend == expected.blend)
      #expect(result.decisions.map(\.isAccepted) == expected.decisions.map(\.isAccepted))
      #expect(result.metrics.map(\.score) == expected.metrics.map(\.score))
      finished += 1
      try victim.forget()
    }
  }
}
