import Analysis
import Averaging
import Evaluation
import Ledger
import Recipes
import Sweeps
import Synchronization

/// Analyses that nobody asked for, done while they are a matter of seconds.
extension Kitchen {
  /// Seconds of evaluation that are spent unasked on one soup.
  private static var patience: Double { 20 }

  /// Why the hand-picked soup does what it does; the task of its readings, which a change cancels.
  func analyseHandPicked(_ blend: Blend) async throws {
    let members = blend.ingredients
    // Evaluators that report numbers instead of predictions leave nothing to analyse.
    guard members.count > 1, !(try split(named: selectionSplit()).isScalar) else { return }
    let complete = try await analyse(blend, subject: .handPicked)
    guard complete else { return }
    let val = try selectionSplit()
    let source = try await BlendLogits(self, split: val, lane: Self.analysisLane)
    try await tellCalibration(of: blend, subject: .handPicked, selection: source)
    let lines = members.map { PathLine.spoke(of: blend, to: $0) }
    let places = lines.flatMap { line in line.places.map(line.blend(at:)) }
    let seconds = try secondsMissing(places, on: source)
    guard seconds < Self.patience else {
      observer(.analysis(.declined(.paths, seconds: seconds)))
      return
    }
    for line in lines {
      let report = try await line.report(source, split: val)
      observer(.analysis(.path(.handPicked, report)))
    }
  }

  /// Follows a running recipe: each soup that it accepts is analysed, one after another.
  func analyseAccepted(_ decision: Decision, of job: Job.ID, step: Int) {
    let blend = decision.tried
    // A blend by tensor has no one weight of an ingredient, which the analysis moves.
    guard decision.isAccepted, blend.tensors == nil, blend.distinctIngredients.count > 1 else {
      return
    }
    analyses.withLock { board in
      let previous = board.following
      board.following = Task(priority: .background) {
        // Stopping the last one stops all that it waits for.
        await withTaskCancellationHandler {
          await previous?.value
        } onCancel: {
          previous?.cancel()
        }
        guard !Task.isCancelled else { return }
        // What goes wrong here was not asked for, and shows where it is.
        _ = try? await self.analyse(blend, subject: .job(job, step: step))
      }
    }
  }

  /// Measures the gap and, where that takes seconds only, what predicts it.
  /// - Returns: whether the prediction was made.
  private func analyse(_ blend: Blend, subject: AnalysisSubject) async throws -> Bool {
    let val = try selectionSplit()
    let source = try await BlendLogits(self, split: val, lane: Self.analysisLane)
    let members = blend.distinctIngredients.map { Blend.uniform([$0]) }
    let least = try secondsMissing([blend] + members, on: source)
    guard least < Self.patience else {
      observer(.analysis(.declined(.gap, seconds: least)))
      return false
    }
    let seconds = try secondsMissing(GapAnalysis.blends(for: blend), on: source)
    let isShort = seconds < Self.patience
    let observer = self.observer
    let report = try await GapAnalysis(source, split: val).report(
      of: blend, withCurvatures: isShort
    ) { observer(.analysis(.gap(subject, $0))) }
    observer(.analysis(.gap(subject, report)))
    if !isShort { observer(.analysis(.declined(.gap, seconds: seconds))) }
    return isShort
  }

  /// How long evaluating what is not known of `blends` would take, by what the last evaluation of an
  /// ingredient or a soup on that split took.
  func secondsMissing(_ blends: [Blend], on source: BlendLogits) throws -> Double {
    var missing = 0
    var seconds: [Double] = []
    for blend in blends {
      let key = try key(of: blend, on: source.split, precision: .single)
      if let known = try ledger.evaluation(for: key) { seconds.append(known.seconds) }
      if try !ledger.hasLogits(for: key) { missing += 1 }
    }
    let typical = seconds.isEmpty ? pace.withLock { $0 } : seconds.sorted()[seconds.count / 2]
    return Double(missing) * typical
  }

  /// On test where there is one, with temperatures found on val.
  func tellCalibration(
    of blend: Blend, subject: AnalysisSubject, selection: BlendLogits
  ) async throws {
    let name =
      sweep.splits.first { $0.role == .test && $0.isEvaluable }?.name ?? selection.split.name
    let report = try await BlendLogits(self, split: name, lane: selection.lane)
    let calibration = try await CalibrationReport.measure(
      blend, selection: selection, report: report, split: name)
    observer(.analysis(.calibration(subject, calibration)))
  }

  static var analysisLane: Lane { Lane("analysis", urgency: .background) }
}

extension RecipeSpec {
  /// Whether it averages weights, rather than logits or nothing.
  var makesSoup: Bool {
    switch recipe {
    case .best, .ensemble, .greedyEnsemble: false
    default: true
    }
  }
}
