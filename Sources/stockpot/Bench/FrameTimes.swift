import Averaging
import Checkpoints
import Dashboard
import Evaluation
import Foundation
import Sweeps
import TerminalUI
import Themes

/// How long it takes from a command until the frame that shows it is drawn, without a terminal.
struct FrameTimes {
  private let theme: Theme
  private var state: State

  init(_ sweep: Sweep, size: Size) throws {
    theme = try ThemeSource().theme("dark")
    state = State(sweep: sweep, size: size, now: Date())
  }

  /// The median time of drawing a frame alone.
  mutating func ofDrawing() -> Double {
    Self.median(
      (0..<60).map { number in
        _ = reduce(&state, .command(number / 20 % 2 == 0 ? .down : .up), at: Date())
        return Self.seconds { _ = Screen.render(state, theme: theme) }
      })
  }

  /// What is pressed in turn, each plot among it.
  private static let commands: [(command: Command, argument: String?)] =
    [
      (.down, nil), (.pageDown, nil), (.bottom, nil), (.top, nil), (.toggle, nil),
      (.sortNext, nil), (.sortReverse, nil), (.filter, "val>0.5"), (.back, nil), (.all, nil),
      (.down, nil), (.undo, nil),
    ] + PlotState.Kind.allCases.map { _ in (.nextPlot, nil) }

  /// The command that takes longest until its frame is drawn, by the medians of several rounds.
  mutating func slowest(rounds: Int) -> (command: Command, seconds: Double)? {
    var times = Self.commands.map { _ in [Double]() }
    for _ in 0..<rounds {
      for (place, step) in Self.commands.enumerated() {
        times[place].append(
          Self.seconds {
            _ = reduce(&state, .command(step.command, argument: step.argument), at: Date())
            _ = Screen.render(state, theme: theme)
          })
      }
    }
    return zip(Self.commands, times).map { ($0.command, Self.median($1)) }.max { $0.1 < $1.1 }
  }

  private static func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }

  private static func seconds(_ work: () -> Void) -> Double {
    ContinuousClock().measure(work) / .seconds(1)
  }

  /// A sweep of many ingredients that are nowhere but in memory.
  static func sweep(ingredients count: Int) -> Sweep {
    var generator = SeededGenerator(seed: 1)
    let splits = ["val", "test", "noise", "rotation"]
    return Sweep(
      directory: "/sweep", name: "many", manifest: nil,
      ingredients: (0..<count).map { number in
        Ingredient(
          name: "run_\(number)", file: "/sweep/run_\(number).safetensors",
          metrics: Dictionary(
            uniqueKeysWithValues: splits.map { split in
              (split, KnownMetric(accuracy: .random(in: 0.4...0.9, using: &generator)))
            }))
      },
      initialisation: nil, evaluator: nil,
      splits: splits.map {
        SplitSpec(name: $0, role: $0 == "val" ? .val : $0 == "test" ? .test : .shift)
      })
  }
}
