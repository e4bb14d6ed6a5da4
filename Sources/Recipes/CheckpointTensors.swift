public import Averaging
public import Checkpoints

/// Tensors of checkpoints as recipes see them.
public struct CheckpointTensors: TensorSource {
  /// Name of θ0; nil when there is none.
  public let initialisation: String?
  private let table: @Sendable (String) throws -> any TensorTable

  /// - Parameters:
  ///   - initialisation: the name of θ0.
  ///   - table: the tensors of the ingredient, or of θ0, of that name; it may open them only now.
  public init(
    initialisation: String?, table: @escaping @Sendable (String) throws -> any TensorTable
  ) {
    self.initialisation = initialisation
    self.table = table
  }

  /// The floating-point tensors of an ingredient, in its order.
  public func tensorNames(of ingredient: String) throws -> [String] {
    try table(ingredient).tensors.filter(\.dtype.isFloatingPoint).map(\.name)
  }

  /// Inner products of the ingredients' differences from `origin`, tensor by tensor.
  ///
  /// - Throws: `InputError` when tensors do not fit together; `CancellationError`.
  public func grams(of ingredients: [String], minus origin: String) throws -> [Geometry.Group] {
    try Geometry.gram(
      of: ingredients.map { NamedTable($0, try table($0)) },
      minus: NamedTable(origin, table(origin)), group: \.name
    ).groups
  }
}
