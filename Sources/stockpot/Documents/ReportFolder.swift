import Charts
import Checkpoints
import Dashboard
import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps

/// A report with its plots and tables as files.
struct ReportFolder {
  private let report: SweepSummary

  init(_ report: SweepSummary) { self.report = report }

  /// Writes a new folder.
  /// - Returns: the paths written, the report first.
  /// - Throws: `InputError` when something cannot be written.
  func write(to folder: String) throws -> [String] {
    let path = URL(fileURLWithPath: folder).path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw InputError(file: path, problem: "cannot be made", mend: "Choose another place")
    }
    var plots: [(title: String, path: String)] = []
    var written: [String] = []
    for plot in self.plots {
      for format in PlotFile.Format.allCases {
        let file = "\(plot.name).\(format.rawValue)"
        try PlotFile.write(plot.picture, to: "\(path)/\(file)", as: format)
        written.append("\(path)/\(file)")
        if format == .svg { plots.append((plot.title, file)) }
      }
    }
    var texts = [("recipes.csv", recipes), ("ingredients.csv", try ingredients)]
    if let best = report.best {
      texts.append(("recipe.toml", try RecipeFile.text(of: best.result.spec)))
    }
    texts.insert(("report.md", report.markdown(plots: plots)), at: 0)
    for (name, text) in texts {
      let file = try AtomicFile(path: "\(path)/\(name)")
      try Array(text.utf8).withUnsafeBytes { try file.write($0, at: 0) }
      try file.commit()
    }
    return texts.map { "\(path)/\($0.0)" } + written
  }

  // MARK: Plots

  private var plots: [(title: String, name: String, picture: PlotPicture)] {
    var plots: [(title: String, name: String, picture: PlotPicture)] = []
    if let scatter { plots.append(("Ingredients and soups", "scatter", .scatter(scatter))) }
    for row in report.rows {
      guard let result = row.bestOnVal, [.greedy, .pruned].contains(result.spec.recipe) else {
        continue
      }
      plots.append(
        ("\(row.label): every candidate", result.spec.recipe.rawValue, .line(growth(of: result))))
      break
    }
    return plots
  }

  /// In distribution against out of it; val against test for a sweep without shifts.
  private var scatter: ScatterChart? {
    let splits = report.splits
    let inside = splits.shifts.isEmpty || splits.test.isEmpty ? [splits.val] : splits.test
    let outside = splits.shifts.isEmpty ? splits.test : splits.shifts
    guard !outside.isEmpty else { return nil }
    let alone = report.sweep.ingredients.compactMap { ingredient in
      point(ingredient.name) { report.accuracy(of: ingredient, on: $0) }
    }
    func point(_ name: String, label: String? = nil, _ value: (String) -> Double?) -> ScatterPoint?
    {
      guard let x = report.mean(inside, value), let y = report.mean(outside, value) else {
        return nil
      }
      return ScatterPoint(name, x: x, y: y, label: label)
    }
    let soups = report.rows.compactMap { row in
      point(row.label, label: row.label) { row.accuracy(on: $0) }
    }
    return ScatterChart(
      groups: [ScatterGroup("ingredients", alone), ScatterGroup("recipes", soups, glyph: "◆")]
        .filter { !$0.points.isEmpty },
      x: Axis("accuracy on \(inside.joined(separator: ", "))", format: .percent),
      y: Axis(
        splits.shifts.isEmpty ? "accuracy on \(outside[0])" : "mean over shifts", format: .percent),
      front: (.higher, .higher))
  }

  /// What each candidate would have made of the soup, and what the soup became.
  private func growth(of result: SoupResult) -> LineChart {
    var tried: [ChartPoint] = []
    var kept: [ChartPoint] = []
    var accuracy: Double?
    for (step, decision) in result.decisions.enumerated() {
      guard let value = decision.judgement.score.accuracy else { continue }
      // What was given up was counted to where it could not reach the soup any more.
      if !decision.judgement.isAbandoned { tried.append(ChartPoint(Double(step + 1), value)) }
      if decision.isAccepted { accuracy = value }
      if let accuracy { kept.append(ChartPoint(Double(step + 1), accuracy)) }
    }
    return LineChart(
      series: [
        LineSeries("candidates", tried, kind: .points),
        LineSeries("soup", kept, kind: .steps, emphasis: true),
      ],
      x: Axis("candidate", padding: 0.02),
      y: Axis("accuracy on \(report.splits.val)", format: .percent))
  }

  // MARK: Tables

  private var recipes: String {
    let splits = [report.splits.val] + report.splits.test + report.splits.shifts
    var csv = CSV(["recipe"] + splits + ["ingredients", "passes"])
    for row in report.rows {
      csv.add(
        [row.label] + splits.map { row.accuracy(on: $0).map { "\($0)" } ?? "" }
          + ["\(row.bestOnVal?.ingredients.count ?? 0)", "\(row.passes)"])
    }
    return csv.text
  }

  private var ingredients: String {
    get throws { try IngredientListing(sweep: report.sweep, known: report.known).csv }
  }
}
