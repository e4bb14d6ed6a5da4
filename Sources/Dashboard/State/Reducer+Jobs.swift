import Averaging
import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps
import TerminalUI

/// Recipes, jobs and what becomes of their soups.
func changeJobs(_ command: Command, argument: String?, _ state: inout State) -> [Effect] {
  switch command {
  case .run:
    state.modes.append(.recipes(selected: 0))
    return []
  case .uniform: return start(RecipeSpec(.uniform), &state)
  case .greedy: return start(RecipeSpec(.greedy), &state)
  case .pruned: return start(RecipeSpec(.pruned), &state)
  case .ensemble: return start(RecipeSpec(.ensemble), &state)
  case .greedyEnsemble: return start(RecipeSpec(.greedyEnsemble), &state)
  case .best: return start(RecipeSpec(.best), &state)
  case .compare: return openComparison(&state)
  case .forecast: return startForecasting(argument, &state)
  case .pause: return pauseOrResume(&state)
  case .cancelJob:
    guard let job = state.shownJob, !job.status.isOver else { return [] }
    return [.cancel(job.id)]
  case .raiseJob: return raise(by: 1, &state)
  case .lowerJob: return raise(by: -1, &state)
  case .retry: return retry(&state)
  case .adopt: return adopt(&state)
  case .export: return export(to: argument, &state)
  default: return []
  }
}

/// Starts a recipe, unless there is nothing to evaluate with.
func start(_ spec: RecipeSpec, _ state: inout State) -> [Effect] {
  if let trouble = state.evaluatorTrouble {
    state.log.add(trouble, .trouble, at: state.now)
    return []
  }
  if let obstacle = obstacle(to: spec, state) {
    state.log.add("\(spec.title): \(obstacle)", .trouble, at: state.now)
    return []
  }
  state.jobCursor = nil
  state.decisionsBack = 0
  return [.start(spec)]
}

private func obstacle(to spec: RecipeSpec, _ state: State) -> String? {
  let ingredients = state.table.ingredients
  if let first = ingredients.first, ingredients.allSatisfy({ $0.file == nil }) {
    return state.table.obstacle(to: first.name)
  }
  return state.obstacle(to: spec.recipe)
}

private func pauseOrResume(_ state: inout State) -> [Effect] {
  guard let job = state.shownJob else { return [] }
  switch job.status {
  case .running, .queued: return [.pause(job.id)]
  case .paused: return [.resume(job.id)]
  case .done, .cancelled, .failed: return []
  }
}

/// Goes back among the shown job's decisions, or forth to the newest.
func scrollDecisions(by decisions: Int, _ state: inout State) {
  let count = state.shownJob?.decisions.count ?? 0
  state.decisionsBack = min(max(state.decisionsBack + decisions, 0), max(0, count - 1))
}

/// Lets the shown job go before others, or after them.
private func raise(by steps: Int, _ state: inout State) -> [Effect] {
  guard let job = state.shownJob, !job.status.isOver else { return [] }
  return [.raise(job.id, by: steps)]
}

/// Starts the recipe of a job that has failed or was cancelled again: what it measured is known.
private func retry(_ state: inout State) -> [Effect] {
  guard let job = state.shownJob else { return [] }
  switch job.status {
  case .failed, .cancelled: return start(job.spec, &state)
  case .queued, .running, .paused, .done:
    state.log.add("only a failed or cancelled job is tried again", .trouble, at: state.now)
    return []
  }
}

/// Enter where no job is: the details of an ingredient, the weights of the soup.
private func openFocused(_ state: inout State) -> [Effect] {
  switch state.focus {
  case .ingredients: openDetails(&state)
  case .soup: openWeights(nil, &state)
  case .plot, .jobs: []
  }
}

/// Takes the shown job's soup as the hand-picked set, one step that can be undone.
private func adopt(_ state: inout State) -> [Effect] {
  if state.focus == .plot { return measurePlot(&state) }
  guard state.focus == .jobs, let job = state.shownJob else {
    return openFocused(&state)
  }
  if case .failed = job.status { return retry(&state) }
  guard !job.ingredients.isEmpty else { return [] }
  return takeUp(
    job.result?.blend ?? .uniform(job.ingredients), isEnsemble: job.spec.makesEnsemble, &state)
}

/// Asks where to write, then writes; asks once more before a file is replaced.
private func export(to argument: String?, _ state: inout State) -> [Effect] {
  let source: ExportRequest.Source
  switch exportSource(state) {
  case .success(let found): source = found
  case .failure(let cause):
    state.log.add(cause.text, .trouble, at: state.now)
    return []
  }
  guard let argument, !argument.isEmpty else {
    state.modes.append(.export(LineEditor(suggestedPath(state))))
    return []
  }
  return reviewExport(
    of: ExportRequest(source: source, path: argument, overwrites: false), &state)
}

/// A file is never replaced without a word.
func askOverwrite(_ request: ExportRequest, _ state: inout State) {
  let again = ExportRequest(source: request.source, path: request.path, overwrites: true)
  state.modes.append(
    .confirm(
      Confirmation(
        title: "Replace the file?", lines: [request.path, "It is there already."],
        choices: [("keep it", .tick), ("replace", .write(again))])))
}

/// Why there is nothing to write.
struct NothingToExport: Error {
  let text: String
}

/// The shown job's soup when the jobs have the keys, otherwise the hand-picked one.
func exportSource(_ state: State) -> Result<ExportRequest.Source, NothingToExport> {
  func nothing(_ text: String) -> Result<ExportRequest.Source, NothingToExport> {
    .failure(NothingToExport(text: text))
  }
  guard state.focus == .jobs, let job = state.shownJob else {
    return state.set.members.isEmpty
      ? nothing("nothing to export: put ingredients into the soup first")
      : .success(.handPicked(state.set.members, weights: state.set.weights))
  }
  guard let result = job.result else {
    let title = job.spec.title
    return nothing(
      job.status.isOver
        ? "\(title) came to no soup; its cause is in the log: !"
        : "\(title) is still at work: its soup can be written when it is done")
  }
  return result.kind == .soup
    ? .success(.job(job.id))
    : nothing("an ensemble is averaged predictions: it has no weights to write")
}

private func suggestedPath(_ state: State) -> String {
  let recipe = state.focus == .jobs ? state.shownJob?.spec.recipe.rawValue ?? "soup" : "soup"
  return "\(state.sweep.name)-\(recipe).safetensors"
}

/// A job has moved on: keep its newest shape, and the numbers it brought.
func takeJob(_ job: Job, _ state: inout State) {
  let previous = state.jobs.firstIndex { $0.id == job.id }
  let wasOver = previous.map { state.jobs[$0].status.isOver } ?? false
  if let previous { state.jobs[previous] = job } else { state.jobs.append(job) }
  guard job.status.isOver, !wasOver else { return }
  switch job.status {
  case .done: finished(job, &state)
  case .failed(let cause): state.log.add("\(job.spec.title): \(cause)", .trouble, at: state.now)
  case .cancelled: state.log.add("\(job.spec.title) cancelled", .notice, at: state.now)
  case .queued, .running, .paused: break
  }
}

private func finished(_ job: Job, _ state: inout State) {
  guard let result = job.result else { return }
  for (split, score) in result.metrics {
    state.bench.setReference(job.spec.title, score: score, on: split)
  }
  guard !job.isEarlier else { return }
  let members = Set(result.blend.ingredients).count
  let score = result.metrics.first?.score
  let accuracy = score.map { " \($0.correct)/\($0.n) on \(state.selectionSplit)" } ?? ""
  state.log.add("\(job.spec.title): \(members) ingredients\(accuracy)", .success, at: state.now)
}
