/// Takes settings that were read anew, unless there are mistakes in them.
func take(_ settings: Settings, _ state: inout State) -> [Effect] {
  guard settings.problems.isEmpty else {
    state.log.add("the settings stay as they were: ! lists what is wrong", .notice, at: state.now)
    // The first mistake comes last, for that is what is shown.
    for problem in settings.problems.reversed() {
      state.log.add("\(problem)", .trouble, at: state.now)
    }
    return []
  }
  let before = state.settings
  state.settings = settings
  if settings.theme != before.theme, !state.look.isGiven {
    state.look.theme = settings.theme ?? LookChoice.automatic
  }
  let later = settings.color == before.color ? "" : "; color is seen at the next start"
  state.log.add("the settings were read again\(later)", .success, at: state.now)
  return settings.mouse == before.mouse ? [] : [.setMouse(settings.mouse)]
}
