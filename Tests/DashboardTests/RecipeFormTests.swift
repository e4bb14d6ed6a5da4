import Evaluation
import Kitchen
import Recipes
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// The form in which a recipe's options are set before it starts.
struct RecipeFormTests {
  private let now = SmallSweep.epoch

  private func press(_ keys: [KeyPress], _ state: inout State) -> [Effect] {
    keys.reduce(into: []) { $0 += reduce(&state, .key($1), at: now) }
  }

  /// The form of a recipe, opened from the menu, with two ingredients in hand.
  private func form(
    of recipe: RecipeSpec.Name, columns: Int = 100, rows: Int = 30
  ) -> State {
    var state = SmallSweep.state(columns: columns, rows: rows)
    for command: Command in [.toggle, .toggle] { _ = reduce(&state, .command(command), at: now) }
    _ = reduce(&state, .command(.run), at: now)
    let place = recipeMenu.firstIndex(of: recipe) ?? 0
    _ = press(Array(repeating: KeyPress("j"), count: place) + [KeyPress(.enter)], &state)
    return state
  }

  private func spec(_ state: State) -> RecipeSpec? {
    if case .recipeForm(let form) = state.modes.last { return form.spec }
    return nil
  }

  @Test func everyRecipeButTheHandPickedOneIsOffered() {
    #expect(Set(recipeMenu) == Set(RecipeSpec.Name.allCases).subtracting([.handPicked]))
    for recipe in recipeMenu {
      var state = form(of: recipe)
      #expect(spec(state)?.recipe == recipe)
      // As it stands, the form starts the recipe's defaults, and everything is closed again.
      let effects = press([KeyPress(.enter)], &state)
      if state.obstacle(to: recipe) == nil {
        #expect(effects == [.start(RecipeSpec(recipe))] && state.modes.isEmpty)
      } else {
        #expect(effects == [] && !state.modes.isEmpty)
      }
    }
  }

  @Test func optionsAreTurnedAndTyped() {
    var state = form(of: .greedy)
    let down = KeyPress("j")
    // Candidates: what is marked; metric, two on; ties rejected.
    _ = press([KeyPress(.right), down, down, KeyPress(.right), KeyPress(.right), down], &state)
    _ = press([KeyPress(.right), down], &state)
    #expect(spec(state)?.among == state.set.members)
    #expect(spec(state)?.metric == Metric.allCases[1])
    #expect(spec(state)?.tie == .reject)
    // Least gain is typed; Tab goes on to the order.
    _ = press([KeyPress("2"), KeyPress(.tab), KeyPress(.left), KeyPress(.left), down], &state)
    #expect(spec(state)?.minimumGain == 2)
    #expect(spec(state)?.order == .random)
    _ = press([KeyPress("4"), KeyPress("1"), KeyPress(.enter)], &state)
    #expect(spec(state)?.seed == 41)
    let expected = spec(state)
    #expect(press([KeyPress(.enter)], &state) == expected.map { [.start($0)] })
  }

  @Test func whatMeansNothingStartsNothing() {
    var state = form(of: .linearisedSearch)
    _ = press([KeyPress("j"), KeyPress("j"), KeyPress("0")], &state)
    guard case .recipeForm(let form) = state.modes.last else { return #expect(Bool(false)) }
    #expect(form.isMistaken && form.spec.budget == nil)
    #expect(press([KeyPress(.enter)], &state) == [])
    _ = press([KeyPress(.backspace), KeyPress("3"), KeyPress("0"), KeyPress(.enter)], &state)
    #expect(spec(state)?.budget == 30)
    // Escape leads back to the menu, and out of it.
    _ = press([KeyPress(.escape)], &state)
    guard case .recipes = state.modes.last else { return #expect(Bool(false)) }
    _ = press([KeyPress(.escape)], &state)
    #expect(state.modes.isEmpty)
  }

  /// What is asked for in place of a mistake is understood where it stands.
  @Test func whatIsWantedIsTaken() {
    var spec = RecipeSpec(.greedy)
    for option in RecipeOption.allCases where option.isTyped {
      #expect(option.set("0", in: &spec) == option.wanted.hasSuffix("0 or more"), "\(option)")
      #expect(option.set("0.5", in: &spec) != option.wanted.contains("whole"), "\(option)")
      #expect(!option.set("-1", in: &spec) && option.set("1", in: &spec), "\(option)")
    }
  }

  @Test func theCostFollowsTheOptions() {
    let state = SmallSweep.state()
    func cost(_ recipe: RecipeSpec.Name, _ change: (inout RecipeSpec) -> Void = { _ in }) -> Int {
      var form = RecipeForm(recipe)
      change(&form.spec)
      return state.cost(of: form).evaluations
    }
    #expect(cost(.best) == 12)
    #expect(cost(.uniform) == 1)
    #expect(cost(.uniform) { $0.top = 3 } == 13)
    #expect(cost(.greedy) == 23)
    #expect(cost(.greedy) { $0.order = .predicted } == 25)
    #expect(cost(.greedy) { $0.among = ["ft_0", "ft_1"] } == 3)
    #expect(cost(.linearisedSearch) { $0.budget = 40 } == 40)
    #expect(cost(.wiseFT) == 22)
    #expect(cost(.wiseFT) { $0.start = ["ft_0"] } == 11)
    #expect(cost(.radin) { $0.tries = 4 } == 16)
  }

  /// Every option of every recipe can be set to something, and says what it is.
  @Test func everyOptionChangesTheSpec() {
    for recipe in recipeMenu {
      for option in RecipeOption.options(of: recipe) {
        var spec = RecipeSpec(recipe)
        if option.isTyped {
          #expect(option.set("7", in: &spec), "\(recipe) \(option)")
          #expect(option.text(spec) == "7", "\(recipe) \(option)")
          #expect(!option.set("x", in: &spec))
        } else {
          option.turn(&spec, by: 1, marked: ["ft_0"])
        }
        #expect(spec != RecipeSpec(recipe), "\(recipe) \(option)")
        #expect(!option.label.isEmpty)
      }
    }
  }

  /// What is wanted is read whole, and what is typed stays inside the dialog.
  @Test(arguments: [(160, 45), (100, 30), (60, 20), (40, 12)])
  func aMistakeIsAnswered(columns: Int, rows: Int) throws {
    var state = form(of: .greedy, columns: columns, rows: rows)
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
    func borders() -> Int {
      Screen.render(state, theme: theme).buffer.text.count { $0 == "│" }
    }
    for _ in 0..<6 { _ = press([KeyPress("j")], &state) }
    let before = borders()
    _ = press([KeyPress("1"), KeyPress("x")], &state)
    #expect(borders() == before)
    #expect(
      Screen.render(state, theme: theme).buffer.text.contains(RecipeOption.seed.wanted))
  }

  @Test(arguments: [(160, 45), (100, 30), (60, 20), (40, 12)])
  func itIsDrawn(columns: Int, rows: Int) throws {
    var state = form(of: .greedy, columns: columns, rows: rows)
    _ = press([KeyPress(.right), KeyPress("j"), KeyPress("j"), KeyPress(.right)], &state)
    let theme = try ThemeLibrary().load(named: "dark", depth: .indexed256, unicode: true)
    let frame = Screen.render(state, theme: theme)
    try Frames.expect(frame.buffer.text, matches: "recipe-form-\(columns)x\(rows)")
  }
}
