import Averaging
import Evaluation
import Kitchen
import OrderedCollections
import Recipes
import Sweeps
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// What the soup pane shows where there is more to say than it has rows.
struct SoupPaneTests {
  private let now = SmallSweep.epoch
  private static let long = "vit_b16_in21k_ft_in1k_lr3e-05_wd0.1_mixup0_seed0"

  /// Two picked and measured, forecasts and tests made, and eleven recipes cooked.
  private func crowded(columns: Int, rows: Int) -> State {
    var state = SmallSweep.state(columns: columns, rows: rows)
    for _ in 0..<2 { _ = reduce(&state, .command(.toggle), at: now) }
    state.focus = .soup
    let set = HandPickedSet(state.set.members)
    _ = reduce(&state, .kitchen(.forecasting(.ready)), at: now)
    let change = SetForecast.Change(
      ingredient: "ft_11", isAddition: true,
      expectation: Expectation(accuracy: 0.951, isMeasured: false))
    let forecast = SetForecast(
      of: set, own: nil, atCursor: nil, bestAddition: change, bestRemoval: nil, checks: 7,
      error: 0.004)
    _ = reduce(&state, .kitchen(.forecast(forecast)), at: now)
    let reading = Reading(
      members: set.members, subject: .soup, split: "val", score: Score(correct: 94, n: 100))
    _ = reduce(&state, .kitchen(.reading(reading)), at: now)
    let test = McNemarTest(onlyFirst: 9, onlySecond: 1)
    let found = SoupTest(of: set, against: .bestSingle("ft_9"), on: "val", test: test)
    _ = reduce(&state, .kitchen(.soupTest(found)), at: now)
    _ = reduce(&state, .kitchen(.job(cooked(1, RecipeSpec(.best), ["ft_9"], 92))), at: now)
    _ = reduce(&state, .kitchen(.job(cooked(2, RecipeSpec(.greedy), set.members, 94))), at: now)
    for id in 3...11 {
      var spec = RecipeSpec(.uniform)
      spec.top = id
      let job = cooked(id, spec, ["ft_\(id)", "ft_0", "ft_1"], 80 + id)
      _ = reduce(&state, .kitchen(.job(job)), at: now)
    }
    return state
  }

  private func cooked(_ id: Int, _ spec: RecipeSpec, _ names: [String], _ correct: Int) -> Job {
    var job = Job(id: id, spec: spec, queuedAt: now)
    job.status = .done
    job.finishedAt = now
    job.result = SoupResult(
      spec: spec, kind: .soup, blend: .uniform(names), decisions: [], merit: Double(correct),
      metrics: [(split: "val", score: Score(correct: correct, n: 100))],
      evaluatedExamples: 100, passes: 1, seconds: 1)
    return job
  }

  /// The pane's rows, without its frame.
  private func pane(_ state: State) throws -> [String] {
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
    let canvas = Screen.render(state, theme: theme)
    let rect = try #require(state.layout.panes[.soup]).inset(top: 1, left: 2, bottom: 1, right: 2)
    return (rect.top..<rect.bottom).map { row in
      (rect.left..<rect.right).map { canvas.buffer.text(of: canvas.buffer[$0, row]) }.joined()
    }
  }

  @Test(arguments: [(160, 45), (120, 34), (100, 30), (60, 20)])
  func recipesLeaveRoomForWhatASoupIsWorth(columns: Int, rows: Int) throws {
    let lines = try pane(crowded(columns: columns, rows: rows))
    let text = lines.joined(separator: "\n")
    for said in ["val 94.00", "this soup", "its ensemble", "best single", "p 0.021", "+ft_11"] {
      #expect(text.contains(said), "\(said) in\n\(text)")
    }
    #expect(lines.contains { $0.hasPrefix("ft_9 ft_1 ") }, "members in\n\(text)")
    #expect(text.contains(" more"), "\(text)")
    // The best of them first; the soup at hand and the best alone have rows already.
    let recipes = lines.filter { $0.hasPrefix("■") }
    #expect(recipes.first.map { $0.hasPrefix("■ uniform top 11") } ?? true)
    #expect(recipes.allSatisfy { $0.contains("uniform") })
    let counted = 9 - recipes.count
    #expect(lines.contains { $0.hasPrefix("  +\(counted) more") }, "\(text)")
  }

  @Test func jobsDoNotTakeTheHeight() {
    for rows in 24...100 {
      func jobs(_ count: Int) -> Int {
        ScreenLayout(
          size: Size(columns: 160, rows: rows), focus: .soup, isMaximised: false, jobCount: count
        ).panes[.jobs]?.rows ?? 0
      }
      #expect(jobs(20) <= max(6, rows / 5) && jobs(20) >= jobs(1))
    }
  }

  @Test func aLongNameGivesWayToNumbers() throws {
    var state = crowded(columns: 160, rows: 45)
    state.bench.setReference(Self.long, score: Score(correct: 100, n: 100), on: "val")
    let lines = try pane(state)
    let row = try #require(lines.first { $0.hasPrefix("■ vit_b16") })
    #expect(row.contains("mixup0_seed0 "), "\(row)")
    #expect(row.contains(" 100.00 "), "\(row)")
  }

  @Test func splitsOfOneFamilyAreToldApart() {
    let names = ["val", "ImageNetV2", "ImageNet-R", "ImageNet-A", "ImageNet-Sketch", "ObjectNet"]
    let columns = SplitColumns(names, room: 6 * 8)
    let heads = columns.header.split(separator: " ")
    #expect(heads.count == 6 && Set(heads).count == 6, "\(heads)")
    let few = SplitColumns(names, room: 4 * 8 + 3)
    #expect(few.splits.count == 3 && few.header.hasSuffix("+3"))
    #expect(TextWidth.columns(of: few.header) <= 4 * 8 + 3)
  }

  /// What no ingredient has a value of stands behind everything that says something.
  @Test func emptyColumnsComeLast() {
    let ingredients = (0..<2).map { number in
      Ingredient(
        name: "ft_\(number)", file: "/sweeps/s/ft_\(number).safetensors",
        hyperparameters: ["info": .null, "lr": .number(1e-4)], metrics: [:])
    }
    let sweep = Sweep(
      directory: "/sweeps/s", name: "s", manifest: nil, ingredients: ingredients,
      initialisation: nil, evaluator: nil,
      splits: [SplitSpec(name: "val", role: .val), SplitSpec(name: "noise", role: .shift)])
    let columns = IngredientTable(sweep: sweep).columns
    #expect(columns.map(\.title) == ["ingredient", "val", "shifts", "lr", "noise", "info"])
  }
}
