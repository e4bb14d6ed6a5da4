import Evaluation
import Kitchen
import OrderedCollections
import Recipes
import Sweeps
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// What a sweep cannot have is refused with its reason, before anything is tried.
struct ObstacleTests {
  private let now = SmallSweep.epoch

  private func sweep(files: [String?], measured: Bool = false, notes: [Note] = []) -> Sweep {
    Sweep(
      directory: "/sweeps/x", name: "x", manifest: nil,
      ingredients: files.enumerated().map { place, file in
        Ingredient(
          name: "m\(place)", file: file, hyperparameters: [:],
          metrics: measured ? ["val": KnownMetric(accuracy: 0.5)] : [:])
      },
      initialisation: nil, evaluator: EvaluatorSpec(kind: .onnx, file: "/sweeps/x/model.onnx"),
      splits: [SplitSpec(name: "val", role: .val)], notes: notes)
  }

  private func state(_ sweep: Sweep) -> State {
    State(sweep: sweep, size: Size(columns: 100, rows: 30), now: now)
  }

  @Test func whatHasNoCheckpointIsNotPutIn() {
    var state = state(sweep(files: ["/a", nil]))
    _ = toggle(["m1"], &state)
    #expect(state.set.members.isEmpty)
    #expect(
      state.log.messages.last?.text
        == "m1 cannot be mixed: its results are known, but not its checkpoint")
    _ = reduce(&state, .command(.all), at: now)
    #expect(state.set.members == ["m0"])
    // One that was in before its file went can be taken out.
    state.set.add(["m1"])
    _ = toggle(["m1"], &state)
    #expect(state.set.members == ["m0"])
  }

  @Test func resultsAloneSaySo() {
    var state = state(sweep(files: [nil, nil], measured: true))
    _ = reduce(&state, .command(.toggle), at: now)
    #expect(state.set.members.isEmpty)
    #expect(state.log.messages.last?.text.hasSuffix("results here, but no checkpoints") == true)
    #expect(start(RecipeSpec(.greedy), &state) == [])
    #expect(state.log.messages.last?.text == "greedy: there are results here, but no checkpoints")
  }

  @Test func recipesThatTheSweepCannotHaveAreMarkedAndNotStarted() throws {
    var state = state(sweep(files: ["/a", "/b", nil]))
    #expect(start(RecipeSpec(.greedy), &state) == [.start(RecipeSpec(.greedy))])
    for recipe in [RecipeSpec.Name.learnedByLayer, .wiseFT, .modelStock] {
      #expect(start(RecipeSpec(recipe), &state) == [])
      let reason = try #require(state.obstacle(to: recipe))
      #expect(state.log.messages.last?.text == "\(recipe.rawValue): \(reason)")
    }
    _ = reduce(&state, .command(.run), at: now)
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
    let text = Screen.render(state, theme: theme).buffer.text
    #expect(text.contains("needs gradients: an evaluator in Python has them"))
    #expect(text.contains("2 of 3 candidates"))
  }

  @Test func whatWasNotUnderstoodAndWhatToDoFirstIsSaid() {
    let note = Note(.warning, file: "/sweeps/x/results.csv", "left out: eval_f1")
    var state = state(sweep(files: ["/a"], notes: [note, Note(.info, file: "/", "guessed")]))
    state.greet()
    #expect(
      state.log.messages.map(\.text) == [
        "/sweeps/x/results.csv: left out: eval_f1.",
        "nothing is measured yet: R › best measures every ingredient",
      ])
    var measured = self.state(sweep(files: ["/a"], measured: true))
    measured.greet()
    #expect(measured.log.messages.isEmpty)
  }

  @Test func anEnsembleHasNotTheMarkOfASoup() {
    var bench = SoupBench(selectionSplit: "val")
    for name in ["ensemble", "greedy-ensemble strict", "greedy", "Ensemble"] {
      bench.setReference(name, score: Score(correct: 1, n: 2), on: "val")
    }
    #expect(bench.references.map(\.isEnsemble) == [true, true, false, true])
  }
}
