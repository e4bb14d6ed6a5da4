import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Recipes
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// Sheets as they are drawn at three sizes.
struct SheetFrameTests {
  static let sizes = [(160, 45), (100, 30), (60, 20)]
  private let now = SmallSweep.epoch

  private func state(columns: Int, rows: Int) -> State {
    var state = SmallSweep.state(columns: columns, rows: rows)
    for _ in 0..<3 { _ = reduce(&state, .command(.toggle), at: now) }
    learn(94, &state)
    _ = reduce(&state, .command(.keep, argument: "first three"), at: now)
    _ = reduce(&state, .command(.toggle), at: now)
    _ = reduce(&state, .command(.weights, argument: "ft_9 0.4"), at: now)
    learn(95, &state)
    return state
  }

  private func learn(_ correct: Int, _ state: inout State) {
    for split in ["val", "test"] {
      let reading = Reading(
        members: state.set.members, weights: state.set.weights, subject: .soup, split: split,
        score: Score(correct: correct, n: 100))
      _ = reduce(&state, .kitchen(.reading(reading)), at: now)
    }
  }

  private func expect(_ state: State, matches name: String) throws {
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
    try Frames.expect(Screen.render(state, theme: theme).buffer.text, matches: name)
  }

  @Test(arguments: sizes)
  func columns(columns: Int, rows: Int) throws {
    var state = state(columns: columns, rows: rows)
    _ = reduce(&state, .command(.hideColumn, argument: "epochs"), at: now)
    _ = reduce(&state, .command(.columns), at: now)
    try expect(state, matches: "sheet-columns-\(columns)x\(rows)")
  }

  @Test(arguments: sizes)
  func weights(columns: Int, rows: Int) throws {
    var state = state(columns: columns, rows: rows)
    _ = reduce(&state, .command(.weights), at: now)
    try expect(state, matches: "sheet-weights-\(columns)x\(rows)")
  }

  @Test(arguments: sizes)
  func soups(columns: Int, rows: Int) throws {
    var state = state(columns: columns, rows: rows)
    _ = reduce(&state, .command(.soups), at: now)
    try expect(state, matches: "sheet-soups-\(columns)x\(rows)")
  }

  @Test(arguments: sizes + [(40, 12)])
  func versus(columns: Int, rows: Int) throws {
    var state = state(columns: columns, rows: rows)
    _ = reduce(&state, .command(.versus), at: now)
    let pair = SoupPair(state.set.blend, state.set.kept[0].blend)
    let round = HeadToHead(
      split: "val", first: Score(correct: 95, n: 100), second: Score(correct: 94, n: 100),
      test: McNemarTest(onlyFirst: 3, onlySecond: 2))
    _ = reduce(&state, .told(.headToHead(round, pair)), at: now)
    try expect(state, matches: "sheet-versus-\(columns)x\(rows)")
  }

  @Test(arguments: sizes)
  func review(columns: Int, rows: Int) throws {
    var state = state(columns: columns, rows: rows)
    _ = reduce(&state, .command(.export, argument: "~/soups/best.safetensors"), at: now)
    try expect(state, matches: "sheet-review-\(columns)x\(rows)")
  }

  @Test(arguments: sizes, DetailsSheet.Part.allCases)
  func details(size: (Int, Int), part: DetailsSheet.Part) throws {
    var state = state(columns: size.0, rows: size.1)
    let finding = Finding(
      rule: .nonFinite, severity: .warn, subject: "ft_9", tensors: ["head.weight"],
      problem: "holds infinities or NaN, and so would every soup with it", mend: "Leave it out")
    _ = reduce(&state, .kitchen(.findings([finding])), at: now)
    state.table.moveCursor(to: "ft_9")
    _ = reduce(&state, .command(.details), at: now)
    _ = reduce(&state, .told(.details(try Self.details())), at: now)
    for _ in 0..<(DetailsSheet.Part.allCases.firstIndex(of: part) ?? 0) {
      _ = reduce(&state, .key(KeyPress(.tab)), at: now)
    }
    try expect(state, matches: "sheet-\(part.rawValue)-\(size.0)x\(size.1)")
  }

  private static func details() throws -> IngredientDetails {
    let table = ShapesOnly(
      tensors: (0..<40).map {
        TensorInfo(
          name: "blocks.\($0).attn.qkv.weight", dtype: $0 < 36 ? .bf16 : .f32, shape: [192, 64])
      })
    let checkpoint = Checkpoint(
      path: "/sweeps/small/ft_9.safetensors", format: "safetensors",
      metadata: ["format": "pt", "epoch": "12"], ties: [], notes: [], table: table)
    let evaluation = IngredientDetails.Evaluated(
      split: "val", score: Score(correct: 92, n: 100, nll: 0.31), seconds: 0.8,
      date: SmallSweep.epoch, isCurrent: true)
    let other = IngredientDetails.Evaluated(
      split: nil, score: Score(correct: 180, n: 200), seconds: 2,
      date: SmallSweep.epoch.addingTimeInterval(-9_000), isCurrent: false)
    return IngredientDetails(
      name: "ft_9",
      files: [
        IngredientDetails.File(
          path: "/sweeps/small/ft_9.safetensors", byteCount: 1_081_344, modified: SmallSweep.epoch)
      ], checkpoint: checkpoint,
      history: IngredientDetails.History(
        sha256: String(repeating: "ab12", count: 16), evaluations: [evaluation, other]))
  }

  @Test(arguments: sizes)
  func aFailedJobSaysWhyAndWhatToDo(columns: Int, rows: Int) throws {
    var state = state(columns: columns, rows: rows)
    var job = Job(id: 1, spec: RecipeSpec(.learned), queuedAt: now)
    job.status = .failed(
      "stockpot.toml: evaluator: the worker died: RuntimeError: mat1 and mat2 shapes cannot be "
        + "multiplied (64x192 and 128x10). Look at model() in model.py")
    _ = reduce(&state, .kitchen(.job(job)), at: now)
    state.log.isTroubleSeen = true
    _ = reduce(&state, .command(.focusJobs), at: now)
    try expect(state, matches: "job-failed-\(columns)x\(rows)")
  }

  @Test(arguments: sizes)
  func manyDecisionsAreAStrip(columns: Int, rows: Int) throws {
    var state = state(columns: columns, rows: rows)
    var job = Job(id: 1, spec: RecipeSpec(.greedy), queuedAt: now)
    job.status = .running
    job.startedAt = now.addingTimeInterval(-30)
    (job.step, job.steps, job.priority, job.isHeld) = (60, 72, -1, true)
    job.decisions = (0..<60).map { number in
      Decision(
        candidate: "ft_\(number)", tried: .uniform(["ft_\(number)"]),
        judgement: Judgement(
          score: Score(correct: 500 + number % 7, n: 600), merit: Double(500 + number % 7),
          evaluatedExamples: 600), isAccepted: number % 7 > 4,
        margin: Double(number % 7) - 5, ingredients: ["ft_\(number)"])
    }
    _ = reduce(&state, .kitchen(.job(job)), at: now)
    for command: Command in [.focusJobs, .crosshairLeft, .crosshairLeft] {
      _ = reduce(&state, .command(command), at: now)
    }
    #expect(state.decisionsBack == 2)
    try expect(state, matches: "job-decisions-\(columns)x\(rows)")
  }

  /// Sheets draw at every size that is drawn at all, stay inside, and lie over what is below.
  @Test func everySizeDraws() throws {
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
    for columns in stride(from: 40, through: 200, by: 23) {
      for rows in stride(from: 12, through: 60, by: 7) {
        for (command, title): (Command, String) in [
          (.columns, "Columns"), (.weights, "Weights"), (.soups, "Soups"), (.versus, "A: the soup"),
          (.details, "ft_"), (.messages, "Messages and logs"),
        ] {
          var state = state(columns: columns, rows: rows)
          _ = reduce(&state, .command(command), at: now)
          let canvas = Screen.render(state, theme: theme)
          let text = canvas.buffer.text
          let bounds = canvas.buffer.bounds
          #expect(bounds == Rect(Size(columns: columns, rows: rows)))
          #expect(canvas.hits.allSatisfy { bounds.contains($0.rect) }, "\(command) \(bounds)")
          // A frame of its own, from a titled edge to the lower one.
          let edge = text.split(separator: "\n").firstIndex {
            $0.contains("╭─ \(title)") || $0.contains("┏━ \(title)") || $0.contains("╔═ \(title)")
          }
          #expect(edge != nil, "\(command) \(bounds)\n\(text)")
        }
      }
    }
  }
}

/// Names and shapes without a byte behind them.
private struct ShapesOnly: TensorTable {
  let tensors: [TensorInfo]

  func index(of name: String) -> Int? { tensors.firstIndex { $0.name == name } }

  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    throw InputError(file: tensors[index].name, problem: "has no bytes", mend: "Read another")
  }
}
