package import Checkpoints

/// Tensors, and the name that errors and findings use for them: a path or an ingredient's name.
package struct NamedTable: Sendable {
  package let name: String
  package let table: any TensorTable

  package init(_ name: String, _ table: any TensorTable) {
    self.name = name
    self.table = table
  }

  /// A checkpoint, named by its path.
  package init(_ checkpoint: Checkpoint) { self.init(checkpoint.path, checkpoint) }
}
