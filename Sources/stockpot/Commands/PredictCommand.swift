import ArgumentParser
import Averaging
import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps
import Synchronization

/// Predicts soups without evaluating them.
struct PredictCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict the soup of any set from logits linearised in the mixing weights.",
    discussion: """
      One evaluation of val for each ingredient and one more make the tables; after that a \
      prediction costs nothing. Predictions rank sets well but their level is off: --check measures by how much.

      Examples:
        stockpot predict sweeps/digits ft_00,ft_03 ft_00,ft_03,ft_07
        stockpot predict sweeps/digits --check 60
      """)

  @Argument(help: "The sweep's folder (default: this one), then sets: NAME,NAME.")
  var words: [String] = []

  @Option(help: "Measure so many random sets of 2 to 12 and compare.")
  var check: Int?

  @Option(help: "Of the random sets.")
  var seed: UInt64 = 0

  @Flag(help: "One JSON document instead of a table.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress on stderr.")
  var quiet = false

  func validate() throws {
    if let check, check < 1 { throw ValidationError("--check must be at least 1") }
  }

  func run() async throws {
    let (words, check, seed, json, quiet) = (words, check, seed, json, quiet)
    try await Ending.of {
      let (path, rest) = EvalCommand.divide(words)
      let sets = rest.compactMap { RecipeOptions.names($0) }
      let kitchen = try SweepOpening.kitchen(at: path)
      SweepOpening.tellNotes(of: kitchen.sweep, quiet: json || quiet)
      let lane = Lane("predict", urgency: .recipe)
      let progress = StepProgress(isQuiet: quiet)
      defer { progress.end() }
      let count = kitchen.sweep.ingredients.count { $0.file != nil }
      let predictor = try await kitchen.makePredictor(lane: lane) { step in
        switch step {
        case .planned(let plan):
          progress.say("\(plan.ingredients + 1) evaluations of val; tables of \(plan.summary)")
        case .slope(let ingredient, let step):
          progress.show("towards \(ingredient)", done: step, of: count, isNews: false)
        }
      }
      let forecasts = try sets.map { set in
        guard let forecast = predictor.forecast(of: set) else {
          let unknown = set.first { !predictor.tables.ingredients.contains($0) } ?? ""
          throw RecipeError.unknownIngredient(unknown)
        }
        return ForecastDocument(set: set, forecast.prediction)
      }
      var outcome: PredictionCheck?
      if let check {
        progress.show("random sets", done: 0, of: check)
        let measured = Mutex(0)
        outcome = try await kitchen.check(predictor, sets: check, seed: seed, lane: lane) { _ in
          let done = measured.withLock { count in
            count += 1
            return count
          }
          if done < check {
            progress.show("random sets", done: done, of: check, isNews: false)
          }
        }
      }
      progress.end()
      let document = PredictDocument(predictions: forecasts, check: outcome.map(CheckDocument.init))
      if json {
        try Console.json(document)
      } else {
        Console.print(document.text)
      }
    }
  }
}

/// What `predict` ends with.
struct PredictDocument: Encodable {
  let predictions: [ForecastDocument]
  let check: CheckDocument?

  var text: String {
    var lines = predictions.map {
      "\($0.ingredients.joined(separator: "+"))  predicted \($0.correct)/\($0.n)"
        + String(format: "  nll %.4f", $0.nll)
    }
    if let check {
      lines.append("\(check.sets) random sets, predicted against measured on val:")
      lines.append("  linearised  " + check.linearised.text)
      lines.append("  ensembles   " + check.ensembles.text)
    }
    return lines.joined(separator: "\n")
  }
}

/// One predicted set.
struct ForecastDocument: Encodable {
  let ingredients: [String]
  let correct: Int
  let n: Int
  let nll: Double

  init(set: [String], _ prediction: Prediction) {
    ingredients = set
    correct = prediction.correct
    n = prediction.n
    nll = prediction.nll
  }
}

/// How predictions of random sets compare with measurements.
struct CheckDocument: Encodable {
  struct Record: Encodable {
    let correlation: Double?
    let meanAbsoluteError: Double?
    let bias: Double?

    enum CodingKeys: String, CodingKey {
      case correlation, bias
      case meanAbsoluteError = "mean_absolute_error"
    }

    init(_ record: PredictionRecord) {
      correlation = record.correlation
      meanAbsoluteError = record.meanAbsoluteError
      bias = record.bias
    }

    var text: String {
      String(
        format: "correlation %.2f, mean absolute error %.1f, bias %+.1f examples",
        correlation ?? .nan, meanAbsoluteError ?? .nan, bias ?? .nan)
    }
  }

  let sets: Int
  let linearised: Record
  let ensembles: Record

  init(_ check: PredictionCheck) {
    sets = check.rows.count
    linearised = Record(check.linearised)
    ensembles = Record(check.ensembles)
  }
}
