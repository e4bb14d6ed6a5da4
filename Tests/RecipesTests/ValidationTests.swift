import Averaging
import Evaluation
import Recipes
import Testing

/// Options that make no sense, and what recipes tell of every try.
@Suite struct ValidationTests {
  private func mistake(_ change: (inout RecipeSpec) -> Void) -> String? {
    var spec = RecipeSpec(.handPicked)
    spec.start = ["a", "b"]
    change(&spec)
    do throws(RecipeMistake) {
      try spec.validate()
      return nil
    } catch {
      return error.key
    }
  }

  @Test func optionsAreNamedByTheirKeys() {
    #expect(mistake { _ in } == nil)
    #expect(mistake { $0.maximumIngredients = 0 } == "max_ingredients")
    #expect(mistake { $0.tries = -1 } == "tries")
    #expect(mistake { $0.epochs = -1 } == "epochs")
    #expect(mistake { $0.batch = 0 } == "batch")
    #expect(mistake { $0.budget = 0 } == "budget")
    #expect(mistake { $0.top = 0 } == "top")
    #expect(mistake { $0.minimumGain = -.infinity } == "min_gain")
    #expect(mistake { $0.weightDecay = .nan } == "weight_decay")
    #expect(mistake { $0.learningRate = 0 } == "learning_rate")
    #expect(mistake { $0.alphas = [] } == "alphas")
    #expect(mistake { $0.alphas = [.nan] } == "alphas")
    #expect(mistake { $0.weights = [1] } == "weights")
    #expect(mistake { $0.weights = [1, .infinity] } == "weights")
    #expect(mistake { $0.weights = [0.5, 0.5] } == nil)
  }

  /// What was judged is what the decision says was tried, accepted or not.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func everyJudgementIsOfWhatWasTried(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    var soups: [Set<String>: Int] = [:]
    for bits in 1..<16 {
      let set = (0..<4).filter { bits >> $0 & 1 == 1 }.map { "abcd".map(String.init)[$0] }
      soups[Set(set)] = 10 * bits + Int.random(in: 0..<160, using: &generator) * 100
    }
    let table = soups
    let candidates = "abcd".map(String.init).map {
      Candidate(name: $0, merit: Double(table[[$0]] ?? 0))
    }
    let recipes: [any Recipe] = [
      BestSingle(), GreedySoup(), GreedySoup(start: ["b", "d"]), PrunedSoup(), UniformSoup(),
      RadinRanking(seed: seed, tries: 3),
    ]
    for recipe in recipes {
      let listener = Listener()
      let outcome = try await recipe.cook(
        candidates, scorer: TableScorer(soups: table, ensembles: table), tell: listener.hear)
      for decision in listener.decisions {
        #expect(table[Set(decision.tried.ingredients)] == decision.judgement.score.correct)
      }
      let last = listener.decisions.last { $0.isAccepted }
      #expect(last?.tried == outcome.blend, "\(recipe.name)")
    }
  }
}
