/// Something to know about a sweep before its ingredients are averaged.
public struct Finding: Hashable, Sendable {
  /// What was looked at.
  public enum Rule: String, CaseIterable, Hashable, Sendable {
    case unreadable
    case missingTensors = "missing-tensors"
    case extraTensors = "extra-tensors"
    case shapes
    case types
    case mixedPrecision = "mixed-precision"
    case ties
    case integers
    case batchNorm = "batch-norm"
    case nonFinite = "non-finite"
    case identical
    case untouched
    case distance
    case initialisation = "same-initialisation"
  }

  /// What follows from it.
  public enum Severity: String, CaseIterable, Comparable, Hashable, Sendable {
    /// Good to know.
    case note
    /// To be looked at before trusting a soup.
    case warn
    /// The ingredient is left out.
    case refuse

    /// By how much follows from it.
    public static func < (left: Severity, right: Severity) -> Bool {
      left.rank < right.rank
    }

    private var rank: Int {
      switch self {
      case .note: 0
      case .warn: 1
      case .refuse: 2
      }
    }
  }

  /// What was looked at.
  public let rule: Rule
  /// What follows, by the rules it was looked at with.
  public let severity: Severity
  /// The ingredient's name; nil when it concerns the whole sweep.
  public let subject: String?
  /// Names of the tensors it is about; empty when it is about all.
  public let tensors: [String]
  /// What was found, as a clause without a full stop.
  public let problem: String
  /// What to do about it, as a sentence without a full stop; nil when nothing needs to be done.
  public let mend: String?

  package init(
    rule: Rule, severity: Severity, subject: String?, tensors: [String], problem: String,
    mend: String?
  ) {
    self.rule = rule
    self.severity = severity
    self.subject = subject
    self.tensors = tensors
    self.problem = problem
    self.mend = mend
  }
}

extension Finding.Rule {
  /// What a finding of this rule means unless someone says otherwise.
  public var standardSeverity: Finding.Severity {
    switch self {
    case .unreadable, .missingTensors, .extraTensors, .shapes, .types, .nonFinite: .refuse
    case .ties, .batchNorm, .identical, .distance, .initialisation: .warn
    case .mixedPrecision, .integers, .untouched: .note
    }
  }

  /// Whether a person may have it mean something else: what cannot be averaged stays refused.
  public var isChoosable: Bool {
    switch self {
    case .unreadable, .missingTensors, .extraTensors, .shapes, .types: false
    default: true
    }
  }
}
