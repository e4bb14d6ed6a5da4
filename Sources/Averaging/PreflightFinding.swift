/// Something to know about a sweep before its ingredients are averaged.
package struct Finding: Hashable, Sendable {
  /// What was looked at.
  package enum Rule: String, CaseIterable, Hashable, Sendable {
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
    case initialisation
  }

  /// What follows from it.
  package enum Severity: Int, Comparable, Hashable, Sendable {
    case note
    case warn
    case refuse

    package static func < (left: Severity, right: Severity) -> Bool {
      left.rawValue < right.rawValue
    }
  }

  package let rule: Rule
  package let severity: Severity
  /// The ingredient's name; nil when it concerns the whole sweep.
  package let subject: String?
  /// Names of the tensors it is about; empty when it is about all.
  package let tensors: [String]
  /// What was found, as a clause without a full stop.
  package let problem: String
  /// What to do about it, as a sentence without a full stop; nil when nothing needs to be done.
  package let mend: String?
}

extension Finding.Rule {
  /// What a finding of this rule means unless someone says otherwise.
  package var standardSeverity: Finding.Severity {
    switch self {
    case .missingTensors, .extraTensors, .shapes, .types, .nonFinite: .refuse
    case .ties, .batchNorm, .identical, .distance, .initialisation: .warn
    case .mixedPrecision, .integers, .untouched: .note
    }
  }
}
