/// Which evaluator a sweep asks for, before it is started.
package struct EvaluatorSpec: Hashable, Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case onnx
    case python
  }

  /// The value of an option.
  package enum Option: Hashable, Sendable, CustomStringConvertible {
    case integer(Int)
    case number(Double)
    case text(String)
    case bool(Bool)
    case numbers([Double])

    /// As it is written in a manifest.
    package var description: String {
      switch self {
      case .integer(let value): "\(value)"
      case .number(let value): "\(value)"
      case .text(let value): "\"\(value)\""
      case .bool(let value): "\(value)"
      case .numbers(let values): "[\(values.map { "\($0)" }.joined(separator: ", "))]"
      }
    }
  }

  package let kind: Kind
  /// Absolute path of the model (`onnx`) or of the user's file (`python`).
  package let file: String
  /// Besides `kind` and the file; the keys are those of `optionKeys`.
  package let options: [String: Option]

  package init(kind: Kind, file: String, options: [String: Option] = [:]) {
    self.kind = kind
    self.file = file
    self.options = options
  }

  /// What a manifest may say besides `kind` and the file, with the type of each.
  package static func optionKeys(of kind: Kind) -> [String: OptionType] {
    switch kind {
    case .onnx:
      [
        "batch": .integer, "threads": .integer, "workers": .integer, "provider": .text,
        "mean": .numbers, "std": .numbers,
      ]
    case .python:
      [
        "batch": .integer, "threads": .integer, "workers": .integer, "device": .text,
        "python": .text, "timeout": .number, "arguments": .text,
      ]
    }
  }

  /// What an option must be.
  package enum OptionType: String, Sendable {
    case integer = "a whole number"
    case number = "a number"
    case text = "a text in quotes"
    case numbers = "a list of numbers"
  }
}
