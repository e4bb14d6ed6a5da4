public import Checkpoints

/// The comparison of a whole sweep before anything is averaged.
///
/// `headers` reads no tensor and answers at once. `read` goes through one ingredient's bytes, and
/// `compare` draws conclusions from all readings there are so far.
public struct Preflight: Sendable {
  /// What findings mean where that is not the standard.
  public var severities: [Finding.Rule: Finding.Severity]

  /// A comparison in which findings mean what is standard, but for those given.
  public init(severities: [Finding.Rule: Finding.Severity] = [:]) {
    self.severities = severities
  }

  /// A finding whose severity is that of its rule here.
  package func finding(
    _ rule: Finding.Rule, _ subject: String?, _ tensors: [String], _ problem: String,
    mend: String? = nil
  ) -> Finding {
    Finding(
      rule: rule, severity: severities[rule] ?? rule.standardSeverity, subject: subject,
      tensors: tensors, problem: problem, mend: mend)
  }

  /// Compares names, shapes, types and ties, and looks for tensors that need care.
  ///
  /// Ingredients are held against the layout that most of them have.
  public func headers(
    _ ingredients: [NamedTable], initialisation: NamedTable? = nil
  ) -> [Finding] {
    guard let reference = usual(ingredients) else { return [] }
    // Of two, neither is most.
    let others =
      ingredients.count > 2
      ? Others(subject: "most ingredients", object: "most", have: "have", lack: "lack")
      : Others(subject: reference.name, object: reference.name, have: "has", lack: "lacks")
    var findings: [Finding] = []
    for ingredient in ingredients + [initialisation].compactMap({ $0 }) {
      findings += layout(ingredient, reference, others)
    }
    return findings + buffers(reference)
  }

  /// What readings of these ingredients are best measured against: the initialisation, or the usual
  /// ingredient where that does not fit; nil without ingredients.
  public func reference(
    for ingredients: [NamedTable], initialisation: NamedTable?
  ) -> NamedTable? {
    guard let usual = usual(ingredients) else { return initialisation }
    guard let initialisation,
      (try? Alignment(usual, to: initialisation, exactly: false)) != nil
    else { return usual }
    return initialisation
  }

  /// The first ingredient with the most frequent names and shapes.
  func usual(_ ingredients: [NamedTable]) -> NamedTable? {
    var groups: [Int: (count: Int, first: Int)] = [:]
    for (index, ingredient) in ingredients.enumerated() {
      var sum = 0
      // Added up, so that the order of the tensors does not count.
      for tensor in ingredient.table.tensors {
        var hasher = Hasher()
        hasher.combine(tensor.name)
        hasher.combine(tensor.shape)
        sum &+= hasher.finalize()
      }
      groups[sum, default: (0, index)].count += 1
    }
    let largest = groups.values.max { ($0.count, -$0.first) < ($1.count, -$1.first) }
    return largest.map { ingredients[$0.first] }
  }

  /// What an ingredient is held against, in words.
  private struct Others {
    let subject: String
    let object: String
    let have: String
    let lack: String
  }

  private func layout(
    _ ingredient: NamedTable, _ reference: NamedTable, _ others: Others
  ) -> [Finding] {
    let comparison = LayoutComparison(ingredient.table, to: reference.table)
    let mend = "Leave it out, or check that it was trained from the same model"
    var findings: [Finding] = []
    func add(_ rule: Finding.Rule, _ names: [String], _ problem: String, mend: String?) {
      guard !names.isEmpty else { return }
      findings.append(finding(rule, ingredient.name, names, problem, mend: mend))
    }
    func many(_ names: [String]) -> String {
      names.count == 1 ? "1 tensor" : "\(names.count) tensors"
    }
    add(
      .missingTensors, comparison.missing,
      "lacks \(many(comparison.missing)) that \(others.subject) \(others.have)", mend: mend)
    add(
      .extraTensors, comparison.extra,
      "has \(many(comparison.extra)) that \(others.subject) \(others.lack)", mend: mend)
    add(
      .shapes, comparison.shapes,
      "gives \(many(comparison.shapes)) another shape than \(others.object)",
      mend: mend)
    add(
      .types, comparison.kinds,
      "gives \(many(comparison.kinds)) a type that cannot be averaged with that in \(others.object)",
      mend: mend)
    add(
      .mixedPrecision, comparison.dtypes,
      "stores \(many(comparison.dtypes)) in another precision than \(others.object)",
      mend: "Nothing is needed; the soup has the first ingredient's precision")
    let ties = Set(((ingredient.table as? Checkpoint)?.ties ?? []).map(Set.init))
    let usual = Set(((reference.table as? Checkpoint)?.ties ?? []).map(Set.init))
    let odd = ties.symmetricDifference(usual).flatMap { $0.sorted() }.sorted()
    add(
      .ties, odd, "ties other tensors to each other than \(others.subject)",
      mend: "Check that it was saved by the same code")
    return findings
  }

  private func buffers(_ reference: NamedTable) -> [Finding] {
    let tensors = reference.table.tensors
    var findings: [Finding] = []
    let statistics = tensors.map(\.name).filter { name in
      name.hasSuffix("running_mean") || name.hasSuffix("running_var")
    }
    if !statistics.isEmpty {
      findings.append(
        finding(
          .batchNorm, nil, statistics,
          "the model has BatchNorm statistics, whose average need not fit the soup",
          mend: "Compare the soup with statistics estimated anew on training data"))
    }
    let integers = tensors.filter { !$0.dtype.isFloatingPoint }.map(\.name)
    if !integers.isEmpty {
      findings.append(
        finding(
          .integers, nil, integers,
          "tensors of integers are not averaged; the soup has the first ingredient's"))
    }
    return findings
  }
}

extension Preflight {
  /// What an average that was taken tells of its terms: infinities and NaN, and ties that it broke.
  public func findings(in report: AverageReport) -> [Finding] {
    var byTerm: [(name: String, tensors: [String])] = []
    for found in report.nonFinite {
      for name in found.terms {
        if let place = byTerm.firstIndex(where: { $0.name == name }) {
          byTerm[place].tensors.append(found.tensor)
        } else {
          byTerm.append((name, [found.tensor]))
        }
      }
    }
    var findings = byTerm.map { nonFinite($0.name, $0.tensors) }
    let overflown = report.nonFinite.filter(\.terms.isEmpty).map(\.tensor)
    if !overflown.isEmpty {
      findings.append(
        finding(
          .nonFinite, nil, overflown, "sums are larger than the soup's element type can hold",
          mend: "Write it in another type, or look at the weights"))
    }
    return findings
      + report.brokenTies.map { group in
        finding(
          .ties, nil, group,
          "tensors that are tied in every ingredient are not treated alike, and differ in the soup",
          mend: "Have all of them averaged, or none")
      }
  }

  func nonFinite(_ name: String, _ tensors: [String]) -> Finding {
    finding(
      .nonFinite, name, tensors, "holds infinities or NaN, and so would every soup with it",
      mend: "Leave it out")
  }
}
