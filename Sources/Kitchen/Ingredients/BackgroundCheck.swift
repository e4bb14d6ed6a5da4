import Averaging
import Checkpoints
import Recipes
import Sweeps
import Synchronization

extension Kitchen {
  /// Compares the sweep's headers, then reads its ingredients one after another, in the background
  /// on one thread; the observer hears what is found.
  package func checkInBackground() {
    let task = Task(priority: .background) { [self] in
      var told = check.findings()
      if !told.isEmpty { observer(.findings(told)) }
      for name in check.names {
        do { try check.read(name, workers: 1) } catch { return }
        let found = check.findings()
        if found != told { observer(.findings(found)) }
        told = found
        await Task.yield()
      }
    }
    checking.withLock { current in
      current?.cancel()
      current = task
    }
  }

  /// Looks whether every file is still there, and tells the observer what became of them.
  func lookForFiles() {
    let before = check.findings()
    check.lookAgain()
    let after = check.findings()
    if after != before { observer(.findings(after)) }
  }

  /// The candidates without those that the pre-flight comparison refuses; the observer hears of each
  /// that is left out.
  ///
  /// - Throws: `InputError` when none is left; `CancellationError`.
  func mixable(_ pool: [Ingredient], for spec: RecipeSpec) throws -> [Ingredient] {
    // What a person picked by name is tried; its error says more than a hole in the soup.
    guard spec.recipe != .handPicked else { return pool }
    lookForFiles()
    for ingredient in pool { try check.read(ingredient.name) }
    var reasons: [String: Finding] = [:]
    for finding in check.findings() where finding.severity == .refuse {
      guard let subject = finding.subject, !spec.makesEnsemble || finding.rule.concernsEnsembles
      else {
        continue
      }
      reasons[subject] = reasons[subject] ?? finding
    }
    let mixable = pool.filter { reasons[$0.name] == nil }
    for ingredient in pool {
      guard let reason = reasons[ingredient.name] else { continue }
      observer(.notice("\(ingredient.name) is left out: \(reason.problem)"))
    }
    guard !mixable.isEmpty || pool.isEmpty else {
      throw InputError(
        file: sweep.directory, problem: "no ingredient can be mixed",
        mend: "`stockpot inspect` says why")
    }
    return mixable
  }
}

extension Finding.Rule {
  /// Whether it hinders averaging predictions, too: those of models trained apart can be averaged.
  fileprivate var concernsEnsembles: Bool {
    switch self {
    case .initialisation, .distance, .ties, .batchNorm, .untouched: false
    default: true
    }
  }
}
