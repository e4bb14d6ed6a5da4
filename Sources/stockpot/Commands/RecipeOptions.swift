import ArgumentParser
import Evaluation
import Foundation
import Recipes

/// What departs from a recipe's defaults.
struct RecipeOptions: ParsableArguments {
  @Option(help: "What becomes of a candidate that changes nothing: accept (≥, paper) or reject.")
  var tie: RecipeSpec.Tie = .accept

  @Option(help: "published: the published code to the letter (strict >, ties in reversed order).")
  var rule: PublishedRule?

  @Option(help: "What candidates are compared by (the sweep's metric, else accuracy).")
  var metric: Metric?

  @Option(help: "Least gain of an accepted candidate, in examples, or in units of the metric.")
  var minGain: Double = 0

  @Option(
    help: "Order of the candidates: val, published, random, or predicted (by k + 1 evaluations).")
  var order: RecipeSpec.Order = .val

  @Option(help: "Seed of whatever a recipe draws: orders, restarts, sets, shuffled examples.")
  var seed: UInt64 = 0

  @Flag(help: "An accepted candidate may be taken again.")
  var withReplacement = false

  @Option(help: "Stop at so many ingredients.")
  var maxIngredients: Int?

  @Option(
    help: """
      NAME,NAME: ingredients to start from (greedy), exactly these (hand-picked), or whose soup is \
      mixed with the initialisation (wise-ft).
      """)
  var from: String?

  @Option(help: "Weights of a hand-picked soup, one a name: 0.5,0.3,0.2.")
  var weights: NumberList?

  @Option(help: "Only these are candidates: NAME,NAME.")
  var among: String?

  @Option(help: "Only the best so many alone (uniform).")
  var top: Int?

  @Option(
    help: "How weights are learned: adamw (needs gradients) or linearise (needs only logits).")
  var method: RecipeSpec.Method?

  @Option(help: "One row of learned weights for each tensor or module (learned-by-layer).")
  var by: LayerGrouping = .tensor

  @Option(name: .customLong("lr"), help: "AdamW's learning rate (learned 0.1, by layer 0.05).")
  var learningRate: Double?

  @Option(help: "Passes over val that AdamW makes (learned 3, by layer 5).")
  var epochs: Int?

  @Option(help: "Examples a step of AdamW (256, fewer where val is small).")
  var batch: Int?

  @Option(help: "AdamW's weight decay.")
  var weightDecay: Double = 0

  @Option(help: "Evaluations of val that linearisation may make (until nothing improves).")
  var budget: Int?

  @Option(help: "Shares of the fine-tuned model that wise-ft tries: 0,0.5,1.")
  var alphas: NumberList?

  @Option(help: "Soups that radin evaluates (10).")
  var tries: Int?

  @Flag(help: "Evaluate every candidate to its end (decisions are the same either way).")
  var noAbandon = false

  @Flag(help: "Select on half of val, drawn by --seed, and show what the other half says.")
  var confirmSplit = false

  enum PublishedRule: String, ExpressibleByArgument, CaseIterable { case published }

  func validate() throws {
    do throws(RecipeMistake) {
      // No check asks which recipe it is.
      try spec(for: .handPicked).validate()
    } catch {
      let option = error.key == "learning_rate" ? "lr" : error.key.replacing("_", with: "-")
      throw ValidationError("--\(option) \(error.problem)")
    }
  }

  func spec(for recipe: RecipeSpec.Name) -> RecipeSpec {
    var spec = RecipeSpec(recipe)
    spec.tie = rule == .published ? .reject : tie
    spec.order = rule == .published ? .published : order
    spec.metric = metric
    spec.minimumGain = minGain
    spec.seed = seed
    spec.withReplacement = withReplacement
    spec.maximumIngredients = maxIngredients
    spec.start = Self.names(from) ?? []
    spec.weights = weights?.numbers
    spec.among = Self.names(among)
    spec.top = top
    spec.method = method
    spec.by = by
    spec.learningRate = learningRate
    spec.epochs = epochs
    spec.batch = batch
    spec.weightDecay = weightDecay
    spec.budget = budget
    spec.alphas = alphas?.numbers
    spec.tries = tries
    spec.abandon = !noAbandon
    spec.confirmSplit = confirmSplit
    return spec
  }

  static func names(_ list: String?) -> [String]? {
    list?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }
}

/// Numbers with commas between them.
struct NumberList: ExpressibleByArgument {
  let numbers: [Double]

  init?(argument: String) {
    let parts = argument.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    let numbers = parts.compactMap(Double.init).filter(\.isFinite)
    guard numbers.count == parts.count, !parts.isEmpty else { return nil }
    self.numbers = numbers
  }
}
