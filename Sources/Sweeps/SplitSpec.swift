package import Evaluation

/// Where a split's examples are, before anything of them is read.
package struct SplitSpec: Identifiable, Hashable, Sendable {
  /// One named input: a file whose first axis is the example.
  package struct Input: Hashable, Sendable {
    /// The model's input name; nil for the only input.
    package let name: String?
    /// Absolute path.
    package let file: String

    package init(name: String?, file: String) {
      self.name = name
      self.file = file
    }
  }

  /// As the manifest, the data files or the results name it.
  package let name: String
  package let role: SplitRole
  /// Empty when the evaluator brings the data, or when the split is known from results alone.
  package let inputs: [Input]
  /// Absolute path; nil exactly when `inputs` is empty.
  package let labels: String?
  /// Whether the evaluator brings its data, whatever files there are.
  package let comesFromEvaluator: Bool

  package var id: String { name }

  package init(
    name: String, role: SplitRole, inputs: [Input] = [], labels: String? = nil,
    comesFromEvaluator: Bool = false
  ) {
    self.name = name
    self.role = role
    self.inputs = inputs
    self.labels = labels
    self.comesFromEvaluator = comesFromEvaluator
  }

  /// Whether weights can be evaluated on it.
  package var isEvaluable: Bool { hasData || comesFromEvaluator }

  /// Whether there are files to evaluate on.
  package var hasData: Bool { !inputs.isEmpty && labels != nil }
}

/// Which splits two names mean: spellings that the field uses for one thing are one.
///
/// `val`, `valid`, `validation`, `dev`, `eval`, `holdout` and `heldout` are one name, and `rotation`,
/// `shift_rotation` and `shifts/rotation` another; upper and lower case do not matter.
package func canonicalSplitName(_ name: String) -> String {
  let key = shiftName(of: name) ?? name.lowercased().replacing("-", with: "_")
  return valSpellings.contains(key) ? "val" : key
}

/// `rotation` for `shift_rotation`, `Shifts/rotation` and `ood-rotation`; nil for other names.
func shiftName(of name: String) -> String? {
  let key = name.lowercased().replacing("-", with: "_")
  for word in ["shifts", "shift", "ood"] where key.hasPrefix(word) {
    let rest = key.dropFirst(word.count)
    if let separator = rest.first, "_/.".contains(separator), rest.count > 1 {
      return String(rest.dropFirst())
    }
  }
  return nil
}

private let valSpellings: Set<String> = [
  "val", "valid", "validation", "dev", "eval", "holdout", "heldout", "held_out", "imagenet2p",
]
