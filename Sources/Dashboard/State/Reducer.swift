package import Foundation
import Kitchen
import Recipes
import TerminalUI

/// Takes the dashboard one action further.
///
/// Pure: what is to be done outside comes back as effects.
package func reduce(_ state: inout State, _ action: Action, at now: Date) -> [Effect] {
  state.now = now
  let asked = state.forecastQuestion
  if action.isInput { state.lastInput = now }
  let effects = take(action, &state)
  state.settleRows()
  state.keepCursorInView()
  guard let question = state.forecastQuestion, question != asked else { return effects }
  return effects.filter { if case .forecast = $0 { false } else { true } } + [.forecast(question)]
}

private func take(_ action: Action, _ state: inout State) -> [Effect] {
  switch action {
  case .command(let command, let argument):
    return perform(command, argument: argument, &state)
  case .key(let key):
    return press(key, &state)
  case .paste(let text):
    return paste(text, &state)
  case .resize(let size):
    state.size = size
  case .click(let target):
    return click(target, &state)
  case .scroll(let pane, let rows):
    state.focus = pane
    return move(rows: rows, &state)
  case .drag(let divider, let point):
    state.shares = state.layout.shares(state.shares, moving: divider, to: point)
  case .inspect(let sight, let point):
    inspect(sight, at: point, &state)
  case .magnify(let sight, let point, let factor):
    magnify(sight, at: point, by: factor, &state)
  case .appearance(let appearance):
    state.look.appearance = appearance
  case .settings(let settings):
    return take(settings, &state)
  case .kitchen(let event):
    return take(event, &state)
  case .told(let answer):
    return take(answer, &state)
  case .leave:
    state.isQuitting = true
  case .write(let request):
    return [.export(request)]
  case .askOverwrite(let request):
    askOverwrite(request, &state)
  case .tick:
    break
  }
  return []
}

/// Carries out one command.
private func perform(_ command: Command, argument: String?, _ state: inout State) -> [Effect] {
  state.log.isTroubleSeen = true
  switch command {
  case .up, .down, .pageUp, .pageDown, .halfPageUp, .halfPageDown, .top, .bottom:
    return move(command, &state)
  case .toggle, .range, .all, .clear, .undo, .redo:
    return changeSet(command, &state)
  case .membersOnly, .filter, .nextMatch, .previousMatch, .sort, .sortNext, .sortPrevious,
    .sortReverse:
    return changeTable(command, argument: argument, &state)
  case .columns, .hideColumn, .details, .weights, .keep, .soups, .versus, .messages:
    return openSheet(command, argument: argument, &state)
  case .run, .uniform, .greedy, .pruned, .ensemble, .greedyEnsemble, .best, .compare, .forecast,
    .pause, .cancelJob, .adopt, .export, .raiseJob, .lowerJob, .retry:
    return changeJobs(command, argument: argument, &state)
  case .crosshairLeft where state.focus == .jobs: scrollDecisions(by: 1, &state)
  case .crosshairRight where state.focus == .jobs: scrollDecisions(by: -1, &state)
  case .gap, .paths, .landscape, .angles, .pairs, .sizes, .stopAnalysis, .nextView, .savePlot,
    .twoPlots, .crosshairLeft, .crosshairRight, .zoomIn, .zoomOut, .zoomReset, .panLeft, .panRight,
    .followTail, .scale, .smooth:
    return changeAnalysis(command, argument: argument, &state)
  case .scatter, .plotX, .plotY: return changeScatter(command, argument: argument, &state)
  case .nextPane, .previousPane, .focusIngredients, .focusSoup, .focusPlot, .focusJobs, .maximise,
    .nextPlot, .previousPlot:
    changeScreen(command, &state)
  case .grow, .shrink, .resetLayout, .theme, .copy, .copyCommand, .redraw,
    .reloadSettings:
    return changeLook(command, argument: argument, &state)
  case .palette: state.modes.append(.palette(PalettePrompt()))
  case .help: state.modes.append(.help(HelpPrompt()))
  case .back: goBack(&state)
  case .quit: quit(&state)
  }
  return []
}

private func changeScreen(_ command: Command, _ state: inout State) {
  let panes = Pane.allCases
  let place = state.focus.rawValue
  switch command {
  case .nextPane: state.focus = panes[(place + 1) % panes.count]
  case .previousPane: state.focus = panes[(place + panes.count - 1) % panes.count]
  case .focusIngredients: state.focus = .ingredients
  case .focusSoup: state.focus = .soup
  case .focusPlot: state.focus = .plot
  case .focusJobs: state.focus = .jobs
  case .maximise: state.isMaximised.toggle()
  case .nextPlot: turnPlot(by: 1, &state)
  case .previousPlot: turnPlot(by: -1, &state)
  default: break
  }
}

private func turnPlot(by steps: Int, _ state: inout State) {
  let kinds = PlotState.Kind.allCases
  let place = kinds.firstIndex(of: state.plot.kind) ?? 0
  state.plot.kind = kinds[(place + steps + kinds.count) % kinds.count]
}

/// Esc: one thing less, never the program.
private func goBack(_ state: inout State) {
  if state.table.rangeAnchor != nil {
    state.table.rangeAnchor = nil
  } else if !state.table.filter.isEmpty {
    state.table.setFilter(.everything, members: state.members)
  } else if state.table.showsMembersOnly {
    state.table.setShowsMembersOnly(false, members: state.members)
  } else if state.isMaximised {
    state.isMaximised = false
  }
}

private func quit(_ state: inout State) {
  let atWork = state.atWork
  guard !atWork.isEmpty else {
    state.isQuitting = true
    return
  }
  // Asked already.
  if case .confirm? = state.modes.last { return }
  state.modes.append(
    .confirm(
      Confirmation(
        title: "Quit with \(atWork.count == 1 ? "a job" : "\(atWork.count) jobs") running?",
        lines: atWork + [
          "What is measured so far is kept: the same recipe continues from there."
        ],
        choices: [("stay", .tick), ("cancel and quit", .leave)])))
}

private func click(_ target: ClickTarget, _ state: inout State) -> [Effect] {
  state.log.isTroubleSeen = true
  switch target {
  case .ingredient(let name):
    state.focus = .ingredients
    state.table.moveCursor(to: name)
  case .mark(let name):
    state.focus = .ingredients
    state.table.moveCursor(to: name)
    return toggle([name], &state)
  case .columnTitle(let column):
    state.focus = .ingredients
    sort(by: column, &state)
  case .pane(let pane):
    state.focus = pane
  case .plot(let kind):
    state.focus = .plot
    state.plot.kind = kind
  case .job(let id):
    state.focus = .jobs
    state.jobCursor = id
    state.decisionsBack = 0
  case .choice(let place):
    return choose(place, &state)
  case .command(let command):
    return perform(command, argument: nil, &state)
  case .picture(let sight):
    state.plot.kind = sight.kind
  }
  return []
}

/// What the kitchen says goes into the values that are shown.
private func take(_ event: KitchenEvent, _ state: inout State) -> [Effect] {
  switch event {
  case .measured(let name, let split, let score):
    state.table.take(score, of: name, on: split)
  case .known(let scores):
    state.table.take(scores)
  case .knownSoup(let blend, let scores):
    state.bench.learn(scores, of: blend)
  case .recalled(let pick):
    return recall(pick, &state)
  case .reading(let reading):
    state.bench.take(reading)
    if reading.score != nil { state.evidence.noteMeasurement() }
  case .readingFailed(let members, let cause):
    state.bench.fail(members, cause: cause)
    state.log.add(cause, .trouble, at: state.now)
  case .job(let job):
    takeJob(job, &state)
  case .soupTest(let test):
    state.evidence.take(test)
  case .forecasting(let status):
    state.evidence.take(status)
  case .forecast(let answer):
    state.evidence.take(answer)
  case .comparison(let standing):
    takeComparison(standing, &state)
  case .reference(let name, let split, let score):
    state.bench.setReference(name, score: score, on: split)
  case .findings(let findings):
    state.table.setFindings(findings)
  case .analysis(let event):
    state.analysis.take(event)
    if case .ended(_, let failure?) = event { state.log.add(failure, .trouble, at: state.now) }
  case .evaluatorMissing(let cause):
    state.evaluatorTrouble = cause
    state.log.add(cause, .trouble, at: state.now)
  case .notice(let text):
    state.log.add(text, .notice, at: state.now)
  case .trouble(let text):
    state.log.add(text, .trouble, at: state.now)
  case .exported(let path):
    state.log.add("written to \(path)", .success, at: state.now)
  }
  return []
}
