import Analysis
import ArgumentParser
import Averaging
import Charts
import Dashboard
import Evaluation
import Foundation
import Kitchen
import Sweeps
import Themes

/// Says why a soup is as good as its ensemble, or is not.
struct AnalyseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyse",
    abstract: "Say why a soup is as good as its ensemble, or is not.",
    discussion: """
      The gap between soup and ensemble, measured, and predicted from the curvature of the loss \
      (flatness) and the ingredients' disagreement where the soup is unsure (confidence). \
      Differences in loss are in nats; positive means that the ensemble is better.

      Examples:
        stockpot analyse sweeps/digits ft_00 ft_07 ft_12
        stockpot analyse sweeps/digits ft_00 ft_07 --split test --svg path.svg
        stockpot analyse sweeps/digits --pairs --limit 60 --json
      """)

  @Argument(help: "The sweep's folder (default: this one), then the soup's ingredients.")
  var words: [String] = []

  @Flag(help: "All pairs of the ingredients (default: of the sweep), half and half.")
  var pairs = false

  @Option(help: "With --pairs: a seeded choice of so many.")
  var limit: Int?

  @Option(help: "val, test or a shift.")
  var split: String?

  @Option(help: "How far weights are moved to either side for a curvature.")
  var step = SecondDifference.standardStep

  @Option(help: "Write the plot: soup → ingredient paths, or predicted against measured gaps.")
  var svg: String?

  @Option(help: "Write the plot's numbers.")
  var csv: String?

  @Flag(help: "One JSON document instead of text.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress on stderr.")
  var quiet = false

  func validate() throws {
    guard step > 0, step < 0.5 else { throw ValidationError("--step: between 0 and 0.5") }
    guard limit ?? 1 > 0 else { throw ValidationError("--limit: at least 1") }
    if !pairs, EvalCommand.divide(words).names.count < 2 {
      throw ValidationError("name at least two ingredients, or say --pairs")
    }
  }

  func run() async throws {
    let (words, json, quiet) = (words, json, quiet)
    let task = AnalyseTask(
      split: split, step: step, limit: limit, svg: svg, csv: csv, isQuiet: quiet)
    let isPairs = pairs
    try await Ending.of {
      let (path, names) = EvalCommand.divide(words)
      let kitchen = try SweepOpening.kitchen(at: path)
      SweepOpening.tellNotes(of: kitchen.sweep, quiet: json || quiet)
      if isPairs {
        let report = try await task.pairs(names.isEmpty ? nil : names, in: kitchen)
        try json ? Console.json(PairsDocument(report)) : Console.print(AnalyseText.pairs(report))
      } else {
        let document = try await task.soup(names, in: kitchen)
        try json ? Console.json(document) : Console.print(AnalyseText.soup(document))
      }
    }
  }
}

/// What the command line asks for.
struct AnalyseTask: Sendable {
  let split: String?
  let step: Double
  let limit: Int?
  let svg: String?
  let csv: String?
  private let progress: StepProgress
  private let lane = Lane("analyse", urgency: .recipe)

  init(
    split: String?, step: Double, limit: Int?, svg: String?, csv: String?, isQuiet: Bool
  ) {
    self.split = split
    self.step = step
    self.limit = limit
    self.svg = svg
    self.csv = csv
    progress = StepProgress(isQuiet: isQuiet)
  }

  func soup(_ names: [String], in kitchen: Kitchen) async throws -> AnalyseDocument {
    let split = try split.map { try kitchen.spec(ofSplit: $0).name } ?? kitchen.selectionSplit()
    let blend = Blend.uniform(names)
    defer { progress.end() }
    progress.show("soup and ingredients", done: 0, of: blend.terms.count + 1)
    let gap = try await kitchen.gap(of: blend, on: split, step: step, lane: lane) { report in
      let done = report.shares.count { $0.curvature != nil }
      guard done < report.shares.count else { return }
      let next = report.shares[done].ingredient
      progress.show("curvature towards \(next)", done: done + 1, of: report.shares.count + 1)
    }
    let calibration = try await kitchen.calibration(of: blend, on: split, lane: lane)
    let angles =
      kitchen.sweep.initialisation?.file == nil
      ? nil : try kitchen.angles(of: blend.distinctIngredients)
    if svg != nil || csv != nil {
      var paths: [PathReport] = []
      for name in blend.distinctIngredients {
        let line = PathLine.spoke(of: blend, to: name)
        paths.append(try await kitchen.path(line, on: split, lane: lane))
      }
      try write(.line(FlatnessPlot(paths: paths, quantity: .loss).chart))
    }
    return AnalyseDocument(gap: gap, calibration: calibration, angles: angles)
  }

  func pairs(_ names: [String]?, in kitchen: Kitchen) async throws -> PairReport {
    defer { progress.end() }
    let report = try await kitchen.pairs(
      among: names, limit: limit, on: try split.map { try kitchen.spec(ofSplit: $0).name },
      step: step, lane: lane
    ) { report, total in
      guard report.points.count < total else { return }
      progress.show("pairs", done: report.points.count, of: total, isNews: false)
    }
    try write(.scatter(PairsPlot(report: report, view: .gaps).chart))
    return report
  }

  private func write(_ picture: PlotPicture) throws {
    if let svg { try PlotFile.write(picture, to: svg, as: .svg) }
    if let csv { try PlotFile.write(picture, to: csv, as: .csv) }
  }
}
