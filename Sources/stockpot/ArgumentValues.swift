public import ArgumentParser
public import Averaging
public import Checkpoints
public import Evaluation
public import Recipes

// The engine's words as they are written on the command line. The types are public, and so, by the
// rules of Swift, is how they are read.

extension IntegerRule: ExpressibleByArgument {}
extension LayerGrouping: ExpressibleByArgument {}
extension Metric: ExpressibleByArgument {}
extension RecipeSpec.Method: ExpressibleByArgument {}
extension RecipeSpec.Name: ExpressibleByArgument {}
extension RecipeSpec.Order: ExpressibleByArgument {}
extension RecipeSpec.Tie: ExpressibleByArgument {}

extension Finding.Rule: ExpressibleByArgument {
  /// Whether files may be averaged although this rule refuses them: of an evaluator's model all
  /// ingredients must be, but a blend can do without what its first file lacks.
  var isAllowable: Bool { isChoosable || self == .extraTensors }

  /// The rule of that name, if files may be averaged all the same.
  public init?(argument: String) {
    guard let rule = Finding.Rule(rawValue: argument), rule.isAllowable else { return nil }
    self = rule
  }

  /// What help and completions offer.
  public static var allValueStrings: [String] {
    allCases.filter { $0.isAllowable && $0.standardSeverity > .note }.map(\.rawValue)
  }
}

extension DType: ExpressibleByArgument {
  /// The types that a soup can be written in, in the spelling of the command line.
  static let writable: [DType] = [.f32, .f16, .bf16, .f64]

  /// The type of that name in small or capital letters; nil for types that soups are not written in.
  public init?(argument: String) {
    guard let dtype = DType(rawValue: argument.uppercased()), Self.writable.contains(dtype) else {
      return nil
    }
    self = dtype
  }

  /// What help and completions offer.
  public static var allValueStrings: [String] { writable.map { $0.rawValue.lowercased() } }
}
