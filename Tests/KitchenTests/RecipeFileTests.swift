import Evaluation
import Foundation
import Recipes
import Testing

@testable import Kitchen

/// A recipe file says all that a run needs to be run again.
@Suite struct RecipeFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func written(_ spec: RecipeSpec) throws -> RecipeSpec {
    let path = folder.path + "/recipe.toml"
    try RecipeFile.text(of: spec).write(toFile: path, atomically: true, encoding: .utf8)
    return try RecipeFile.read(path)
  }

  @Test(arguments: RecipeSpec.Name.allCases)
  func defaultsAreTheNameAlone(name: RecipeSpec.Name) throws {
    #expect(try RecipeFile.text(of: RecipeSpec(name)) == "recipe = \"\(name.rawValue)\"\n")
    #expect(try written(RecipeSpec(name)) == RecipeSpec(name))
  }

  /// Every option, one at a time and all together.
  @Test func everyOptionReadsBack() throws {
    let changes: [(inout RecipeSpec) -> Void] = [
      { $0.tie = .reject }, { $0.metric = .nll }, { $0.minimumGain = 1.5 },
      { $0.order = .random }, { $0.seed = 1 << 40 }, { $0.withReplacement = true },
      { $0.maximumIngredients = 4 }, { $0.start = ["ft_00", "a \"b\" \\ é"] },
      { ($0.start, $0.weights) = (["ft_00", "ft_01"], [0.25, 0.75]) }, { $0.top = 5 },
      { $0.among = ["ft_00", "ft_01"] },
      { $0.method = .linearise }, { $0.by = .module }, { $0.learningRate = 0.1 },
      { $0.epochs = 2 }, { $0.batch = 64 }, { $0.weightDecay = 1e-4 }, { $0.budget = 60 },
      { $0.alphas = [0, 0.3, 1] }, { $0.confirmSplit = true }, { $0.abandon = false },
      { $0.tries = 3 },
    ]
    var all = RecipeSpec(.greedy)
    for change in changes {
      var spec = RecipeSpec(.greedy)
      change(&spec)
      #expect(spec != RecipeSpec(.greedy))
      #expect(try written(spec) == spec)
      change(&all)
    }
    #expect(try written(all) == all)
    // An option that is new has to be tried here too.
    #expect(changes.count == Mirror(reflecting: all).children.count - 1)
  }

  /// Whatever a run decided by chance, its recipe file decides again.
  @Test func aRunIsCookedAgainFromItsRecipeFile() async throws {
    // Two folders, so that the second run knows nothing of the first.
    let (sweep, again) = (try ToySweep(), try ToySweep())
    var spec = RecipeSpec(.greedy)
    spec.order = .random
    spec.seed = 11
    spec.tie = .reject
    spec.maximumIngredients = 3
    let first = try await ToySweep.kitchen(at: sweep.folder.path).cook(
      spec, lane: Lane("first", urgency: .recipe), tell: { _ in })
    let second = try await ToySweep.kitchen(at: again.folder.path).cook(
      written(first.spec), lane: Lane("second", urgency: .recipe), tell: { _ in })
    #expect(second.spec == first.spec)
    #expect(second.blend == first.blend)
    #expect(second.decisions.map(\.candidate) == first.decisions.map(\.candidate))
    #expect(second.decisions.map(\.isAccepted) == first.decisions.map(\.isAccepted))
  }
}
