package import Recipes
import Sweeps
package import TerminalUI

/// A recipe with its options while they are set, before it starts.
package struct RecipeForm: Sendable {
  package var spec: RecipeSpec
  /// Place among the recipe's options.
  package var selected = 0
  /// What is being typed into the selected option; nil while nothing is.
  package var typed: LineEditor?
  /// Whether what is typed means nothing.
  package var isMistaken = false

  package init(_ recipe: RecipeSpec.Name) { spec = RecipeSpec(recipe) }

  package var options: [RecipeOption] { RecipeOption.options(of: spec.recipe) }
}

extension State {
  private var hasGradients: Bool { sweep.evaluator?.kind == .python }

  /// What a recipe would take as the form stands.
  func cost(of form: RecipeForm) -> RecipeCost {
    form.spec.cost(candidates: table.mixable, hasGradients: hasGradients)
  }

  /// Why the sweep at hand cannot have a recipe; nil where it can.
  func obstacle(to recipe: RecipeSpec.Name) -> String? {
    recipe.obstacle(
      hasGradients: hasGradients, hasInitialisation: sweep.initialisation?.file != nil)
  }
}

/// A key in the form; nil closes it.
func edit(
  _ form: RecipeForm, _ key: KeyPress, _ state: inout State
) -> (form: RecipeForm?, effects: [Effect]) {
  var form = form
  let option = form.options[form.selected]
  if form.typed != nil { return type(key, into: form, option, &state) }
  switch key.key {
  case .escape, .character("q"): return (nil, [])
  case .enter: return (nil, start(form.spec, &state))
  case .down, .character("j"), .tab: form.selected = min(form.selected + 1, form.options.count - 1)
  case .up, .character("k"): form.selected = max(form.selected - 1, 0)
  case .right, .character("l"), .character(" "): turn(&form, option, by: 1, state)
  case .left, .character("h"): turn(&form, option, by: -1, state)
  case .backspace where option.isTyped: form.typed = LineEditor("")
  case .character(let character) where option.isTyped && (character.isNumber || character == "."):
    form.typed = LineEditor(String(character))
    form.isMistaken = !option.set(String(character), in: &form.spec)
  default: break
  }
  return (form, [])
}

private func turn(_ form: inout RecipeForm, _ option: RecipeOption, by step: Int, _ state: State) {
  if option.isTyped {
    form.typed = LineEditor(option.typedText(form.spec))
  } else {
    option.turn(
      &form.spec, by: step, marked: state.set.members.filter { state.table.ingredient($0) != nil })
  }
}

/// Every key stroke is taken over at once, so that the cost follows; Esc keeps what was there last.
private func type(
  _ key: KeyPress, into form: RecipeForm, _ option: RecipeOption, _ state: inout State
) -> (form: RecipeForm?, effects: [Effect]) {
  var form = form
  switch key.key {
  case .escape, .tab, .down, .up:
    form.typed = nil
    form.isMistaken = false
    return key.key == .escape ? (form, []) : edit(form, key, &state)
  case .enter:
    guard !form.isMistaken else { return (form, []) }
    form.typed = nil
  default:
    guard var field = form.typed else { return (form, []) }
    _ = field.handle(key)
    form.typed = field
    form.isMistaken = !option.set(field.text, in: &form.spec)
  }
  return (form, [])
}

extension RecipeOption {
  /// What a person would have typed for the value that is set; empty for the default.
  fileprivate func typedText(_ spec: RecipeSpec) -> String {
    let text = text(spec)
    return text.allSatisfy { $0.isNumber || $0 == "." || $0 == "e" || $0 == "-" } ? text : ""
  }
}
