import Evaluation
import OrderedCollections
import Sweeps
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// A table of ten thousand rows costs what is seen of it.
struct LongTableTests {
  private static let count = 10_000

  private func state() -> State {
    let ingredients = (0..<Self.count).map { number in
      Ingredient(
        name: "run_\(number)", file: "/sweeps/long/run_\(number).safetensors",
        hyperparameters: ["lr": .number(Double(number % 17) * 1e-5)],
        metrics: ["val": KnownMetric(accuracy: Double(number * 7919 % Self.count) / 20_000)])
    }
    let sweep = Sweep(
      directory: "/sweeps/long", name: "long", manifest: nil, ingredients: ingredients,
      initialisation: nil, evaluator: nil, splits: [SplitSpec(name: "val", role: .val)])
    return State(
      sweep: sweep, size: Size(columns: 160, rows: 45), now: SmallSweep.epoch)
  }

  @Test func onlyWhatIsSeenIsDrawnWhereverOneStands() throws {
    var state = state()
    let theme = try ThemeLibrary().load(named: "dark", depth: .truecolor, unicode: true)
    for command in [Command.down, .bottom, .pageUp, .top, .sortReverse, .halfPageDown] {
      _ = reduce(&state, .command(command), at: SmallSweep.epoch)
      let canvas = Screen.render(state, theme: theme)
      let rows = canvas.hits.count { if case .ingredient = $0.target { true } else { false } }
      #expect(rows <= 45)
      let cursor = try #require(state.table.cursor)
      #expect(canvas.hits.contains { $0.target == .ingredient(cursor) }, "\(command): \(cursor)")
    }
  }

  @Test func filteringSortingAndMarkingReachEveryRow() {
    var state = state()
    func take(_ command: Command, _ argument: String? = nil) {
      _ = reduce(&state, .command(command, argument: argument), at: SmallSweep.epoch)
    }
    take(.filter, "lr<2e-5")
    let few = state.table.shown.count
    #expect(few == state.table.ingredients.count { ($0.number ?? 0) % 17 < 2 })
    take(.all)
    take(.filter, "")
    #expect(state.table.shown.count == Self.count && state.set.members.count == few)
    take(.sort, "ingredient")
    #expect(state.table.shown.first == "run_0" && state.table.shown.last == "run_9999")
    take(.bottom)
    #expect(state.table.cursor == "run_9999")
  }
}

extension Ingredient {
  fileprivate var number: Int? { Int(name.dropFirst(4)) }
}
