import Averaging
import Evaluation
import Ledger
import Sweeps
import Synchronization

extension Kitchen {
  /// Tells the observer, in the background, what the ledger and the sweep's files know already:
  /// the ingredients' scores, the uniform soup's, the whole ensemble's and those of the kept soups.
  /// - Parameter lastSitting: whether what was cooked and at hand before is told as well.
  package func tellWhatIsKnown(lastSitting: Bool = false) {
    let task = Task(priority: .utility) { [self] in
      tellReferences()
      tellInterruptedRuns()
      let atOnce = scoresKnownAtOnce()
      if !atOnce.isEmpty { observer(.known(atOnce)) }
      if lastSitting { tellLastSitting() }
      do {
        try await prepare()
        let readable = try readable()
        let scores = try knownScores()
        if scores != atOnce { observer(.known(scores)) }
        try tellWhole(readable)
        try tellKept(Set(readable))
        try startForecastingWhereKnown()
      } catch {
        if !(error is CancellationError) { observer(.evaluatorMissing("\(error)")) }
      }
      // What stays there is clutter, and no trouble of the person's.
      _ = try? ledger.tidy()
    }
    welcome.withLock { $0 = task }
  }

  /// Results that came with the sweep.
  private func tellReferences() {
    for reference in sweep.references {
      for (split, metric) in reference.metrics {
        guard let correct = metric.correct, let n = metric.n else { continue }
        observer(
          .reference(
            name: reference.name, split: split,
            score: Score(correct: correct, n: n, nll: metric.nll)))
      }
    }
  }

  /// Ingredients whose files can be read; the pre-flight comparison tells of the others.
  private func readable() throws -> [String] {
    try sweep.ingredients.filter { $0.file != nil }.map(\.name).filter { name in
      // The first time each is hashed, which may take minutes.
      try Task.checkCancellation()
      // A file that was cut short can still be hashed, but not be opened.
      return (try? files.table(of: name)) != nil && (try? files.address(of: name)) != nil
    }
  }

  /// What was measured of kept soups after they were kept.
  private func tellKept(_ readable: Set<String>) throws {
    for soup in try storedSoups() where soup.blend.tensors == nil {
      guard readable.isSuperset(of: soup.blend.ingredients) else { continue }
      var scores: [String: Score] = [:]
      for name in evaluableSplits {
        try Task.checkCancellation()
        let key = try key(of: soup.blend, on: split(named: name))
        scores[name] = try ledger.evaluation(for: key)?.score
      }
      if !scores.isEmpty { observer(.knownSoup(soup.blend, scores)) }
    }
  }

  private func tellWhole(_ all: [String]) throws {
    guard all.count > 1 else { return }
    for name in evaluableSplits {
      let split = try split(named: name)
      if let known = try ledger.evaluation(for: key(of: .uniform(all), on: split)) {
        observer(.reference(name: "uniform", split: name, score: known.score))
      }
      if let score = try knownEnsemble(all, on: name) {
        observer(.reference(name: "ensemble", split: name, score: score))
      }
    }
  }
}
