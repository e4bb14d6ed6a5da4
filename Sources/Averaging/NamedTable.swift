public import Checkpoints

/// Tensors, and the name that errors and findings use for them: a path or an ingredient's name.
public struct NamedTable: Sendable {
  /// As errors and findings say it.
  public let name: String
  /// Its tensors.
  public let table: any TensorTable

  /// Tensors under a name.
  public init(_ name: String, _ table: any TensorTable) {
    self.name = name
    self.table = table
  }

  /// A checkpoint, named by its path.
  public init(_ checkpoint: Checkpoint) { self.init(checkpoint.path, checkpoint) }
}
