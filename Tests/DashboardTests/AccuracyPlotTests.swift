import Averaging
import Charts
import Evaluation
import Kitchen
import OrderedCollections
import Recipes
import Sweeps
import Testing
import Themes

@testable import Dashboard

/// How far the accuracy plot reaches, and in which order it names its levels.
struct AccuracyPlotTests {
  private let now = SmallSweep.epoch

  /// A job with ten decisions.
  private func state(_ name: RecipeSpec.Name, step: Int, of steps: Int, isDone: Bool) -> State {
    var state = SmallSweep.state()
    var job = Job(id: 1, spec: RecipeSpec(name), queuedAt: now)
    job.status = isDone ? .done : .running
    (job.step, job.steps) = (step, steps)
    job.decisions = (0..<10).map { place in
      Decision(
        candidate: "ft_\(place)", tried: .uniform(["ft_\(place)"]),
        judgement: Judgement(
          score: Score(correct: 85 + place, n: 100), merit: 90, evaluatedExamples: 100),
        isAccepted: true, margin: nil, ingredients: ["ft_\(place)"])
    }
    _ = reduce(&state, .kitchen(.job(job)), at: now)
    return state
  }

  private func reach(_ state: State) -> ClosedRange<Double> {
    AccuracyPlot(state: state, glyphs: .unicodeSet).chart.fullRange
  }

  @Test func theAxisReachesAsFarAsThereAreCandidates() {
    #expect(reach(state(.radin, step: 205, of: 205, isDone: true)) == 1...10)
    #expect(reach(state(.radin, step: 190, of: 205, isDone: false)) == 1...10)
    #expect(reach(state(.greedy, step: 10, of: 24, isDone: false)) == 1...24)
  }

  @Test func noIngredientHasRankZero() {
    let ingredients = (0..<72).map { number in
      Ingredient(
        name: "ft_\(number)", file: "/sweeps/s/ft_\(number).safetensors", hyperparameters: [:],
        metrics: ["val": KnownMetric(accuracy: 0.5 + Double(number) / 200)])
    }
    let sweep = Sweep(
      directory: "/sweeps/s", name: "s", manifest: nil, ingredients: ingredients,
      initialisation: nil, evaluator: nil, splits: [SplitSpec(name: "val", role: .val)])
    let state = State(sweep: sweep, size: SmallSweep.state().size, now: now)
    let chart = AccuracyPlot(state: state, glyphs: .unicodeSet).chart
    for columns in 40...140 {
      let text = chart.render(columns: columns, rows: 20, marker: .braille).text
      let labels = text.split(separator: "\n").suffix(2).flatMap { $0.split(separator: " ") }
      #expect(labels.contains("40") && !labels.contains("0"), "\(text)")
    }
  }
}
