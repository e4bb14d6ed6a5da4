import Checkpoints
import Evaluation

/// A `stockpot.toml` that says of a sweep what was understood of its folder.
package struct ManifestDraft: Sendable {
  /// The whole file.
  package let text: String
  /// What the ingredients' files are named by; empty when there are only results.
  package let patterns: [String]

  /// - Parameter sweep: one that was opened without a manifest.
  package init(_ sweep: Sweep) {
    patterns = IngredientPatterns(sweep).patterns
    text = [
      Self.head, Self.sweepTable(sweep, patterns), Self.evaluatorTable(sweep), Self.splits(sweep),
    ].joined(separator: "\n")
  }

  private static let head = """
    # What `stockpot init` understood of this folder. Paths are relative to it.
    # A key that is removed is looked for again when the sweep is opened.

    """

  private static func sweepTable(_ sweep: Sweep, _ patterns: [String]) -> String {
    var lines = ["[sweep]", "name = \(quoted(sweep.name))"]
    if patterns.isEmpty {
      lines.append("# ingredients = [\"runs/*.safetensors\"]   # no checkpoints were found")
    } else if patterns.count == 1 {
      let count = sweep.ingredients.count { $0.file != nil }
      lines.append("ingredients = [\(quoted(patterns[0]))]   # \(count) checkpoints")
    } else {
      lines.append("ingredients = [")
      lines += patterns.map { "  \(quoted($0))," }
      lines.append("]")
    }
    if let file = sweep.initialisation?.file {
      lines.append("initialisation = \(quoted(sweep.relative(file)))")
    } else {
      lines.append(
        "# initialisation = \"theta0.safetensors\"   # not found; for angles, WiSE-FT and planes")
    }
    if let results = sweep.results {
      let path = results == sweep.directory ? "." : sweep.relative(results)
      lines.append("results = \(quoted(path))")
    } else {
      lines.append(
        "# results = \"results.csv\"   # not found; JSON lines, JSON, CSV, a folder of runs")
    }
    let metrics = Metric.allCases.map(\.rawValue).joined(separator: ", ")
    lines.append("# metric = \"accuracy\"   # what recipes select by: \(metrics)")
    lines.append("# weights = \"ema\"   # in .pt files that hold averaged weights too")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func evaluatorTable(_ sweep: Sweep) -> String {
    guard let evaluator = sweep.evaluator else {
      return """
        # Nothing was found to evaluate soups with. Either the architecture in ONNX
        # (`stockpot init --onnx` writes the script that exports it), or two functions in
        # Python (`stockpot init --python`).
        # [evaluator]
        # model = "model.onnx"

        """
    }
    let key = evaluator.kind == .onnx ? "model" : "file"
    let options =
      evaluator.kind == .onnx
      ? "# batch = 64   # also: threads, workers, mean, std"
      : "# device = \"cuda\"   # also: batch, workers, python, timeout, arguments"
    return """
      [evaluator]
      kind = "\(evaluator.kind.rawValue)"
      \(key) = \(quoted(sweep.relative(evaluator.file)))
      \(options)

      """
  }

  private static func splits(_ sweep: Sweep) -> String {
    var tables: [String] = []
    for split in sweep.splits where split.isEvaluable {
      let name =
        split.role == .shift
        ? "shifts.\(key(shiftName(of: split.name) ?? split.name))" : split.role.rawValue
      var lines = ["[splits.\(name)]"]
      if !split.inputs.isEmpty {
        let named = split.inputs.map { input in
          let file = quoted(sweep.relative(input.file))
          return input.name.map { "\(key($0)) = \(file)" } ?? file
        }
        let isNamed = split.inputs[0].name != nil
        let inputs = named.joined(separator: ", ")
        lines.append("inputs = \(isNamed ? "{ \(inputs) }" : inputs)")
      }
      if let labels = split.labels {
        lines.append("labels = \(quoted(sweep.relative(labels)))")
      }
      tables.append(lines.joined(separator: "\n") + "\n")
    }
    let known = sweep.splits.filter { !$0.isEvaluable }.map(\.name)
    if !known.isEmpty {
      tables.append("# Known from the results alone: \(known.joined(separator: ", ")).\n")
    }
    if sweep.evaluator?.kind == .python, !sweep.splits.contains(where: { $0.role == .test }) {
      tables.append(
        """
        # What else data(split) knows, to be reported:
        # [splits.test]
        # [splits.shifts.NAME]

        """)
    }
    if !sweep.splits.contains(where: { $0.role == .val && $0.isEvaluable }) {
      tables.append(
        """
        # [splits.val]                    # what recipes select on
        # inputs = "data/val_x.npy"
        # labels = "data/val_y.npy"
        # [splits.test]                   # what is reported
        # [splits.shifts.NAME]            # what is reported, out of distribution

        """)
    }
    return tables.joined(separator: "\n")
  }

  /// A key as TOML has it: bare where it may be.
  private static func key(_ name: String) -> String {
    let isBare = name.utf8.allSatisfy { byte in
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "_")
        || byte == UInt8(ascii: "-")
    }
    return isBare && !name.isEmpty ? name : quoted(name)
  }

  /// A basic string of TOML.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
