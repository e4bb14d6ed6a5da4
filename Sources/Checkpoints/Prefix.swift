/// Prefixes that wrappers of models put before every tensor's name.
///
/// `module.` (DataParallel, DDP) and `_orig_mod.` (torch.compile) never belong to a model's own
/// names. `model.` (Lightning) may: many Hugging Face models have it.
package enum Prefix {
  private static let wrappers = ["module.", "_orig_mod."]
  private static let ambiguous = "model."

  /// The wrappers' prefixes that all of `names` carry, outermost first, as one string.
  package static func common(of names: [String]) -> String {
    guard !names.isEmpty else { return "" }
    var prefix = ""
    while let next = wrappers.first(where: { carry(prefix + $0, names) }) { prefix += next }
    return prefix
  }

  /// What to strip from each checkpoint so that they name their tensors alike.
  ///
  /// Wrappers' prefixes go when, without them, no checkpoint still has a name that starts with one.
  /// `model.` goes only where it has to: when some of the checkpoints (or `reference`) carry it on
  /// every name and the others on none.
  /// - Parameters:
  ///   - tables: the names of each checkpoint.
  ///   - reference: names to agree with, such as those of the model that is going to be evaluated.
  /// - Returns: one prefix a checkpoint; all empty when they do not agree.
  package static func agreed(
    among tables: [[String]], reference: [String]? = nil
  ) -> [String] {
    let none = tables.map { _ in "" }
    if let reference, !common(of: reference).isEmpty { return none }
    var prefixes = tables.map(common)
    let disagrees = zip(tables, prefixes).contains { names, prefix in
      names.contains { name in
        wrappers.contains { name.dropFirst(prefix.count).hasPrefix($0) }
      }
    }
    if disagrees { return none }
    let carrying = zip(tables, prefixes).map { carry($1 + ambiguous, $0) }
    let free = zip(tables, prefixes).map { names, prefix in
      !names.contains { $0.hasPrefix(prefix + ambiguous) }
    }
    let referenceIsFree = reference.map { !$0.contains { $0.hasPrefix(ambiguous) } }
    let isMixed = zip(carrying, free).allSatisfy { $0 || $1 }
    if isMixed, carrying.contains(true), referenceIsFree ?? free.contains(true) {
      for index in prefixes.indices where carrying[index] { prefixes[index] += ambiguous }
    }
    return prefixes
  }

  private static func carry(_ prefix: String, _ names: [String]) -> Bool {
    !names.isEmpty && names.allSatisfy { $0.hasPrefix(prefix) && $0.utf8.count > prefix.utf8.count }
  }
}

extension Checkpoint {
  /// Opens checkpoints that are to be averaged, under names that they agree on: prefixes that only
  /// wrappers put there (`module.`, `_orig_mod.`, `model.`) are stripped.
  ///
  /// - Throws: `InputError` for the first that cannot be opened.
  public static func open(
    all paths: [String], options: CheckpointOptions = CheckpointOptions()
  ) throws -> [Checkpoint] {
    let opened = try paths.map { try open($0, options: options) }
    let prefixes = Prefix.agreed(among: opened.map { $0.tensors.map(\.name) })
    return zip(opened, prefixes).map { $0.stripping($1) }
  }
}

/// A table whose names are without a prefix.
package struct Renamed: TensorTable {
  /// What was stripped.
  package let prefix: String
  package let tensors: [TensorInfo]
  private let table: any TensorTable

  /// - Precondition: every name of `table` starts with `prefix`, as `Prefix` has found it.
  package init(_ table: any TensorTable, stripping prefix: String) {
    precondition(table.tensors.allSatisfy { $0.name.hasPrefix(prefix) }, "a name lacks the prefix")
    self.prefix = prefix
    self.table = table
    tensors = table.tensors.map {
      TensorInfo(name: String($0.name.dropFirst(prefix.count)), dtype: $0.dtype, shape: $0.shape)
    }
  }

  package func index(of name: String) -> Int? { table.index(of: prefix + name) }

  package func withBytes<Result>(
    ofTensorAt index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try table.withBytes(ofTensorAt: index, body)
  }

  package func withElements<Result>(
    ofTensorAt index: Int, _ body: (TensorElements) throws -> Result
  ) throws -> Result {
    try table.withElements(ofTensorAt: index, body)
  }

  package func place(ofTensorAt index: Int) -> TensorPlace? { table.place(ofTensorAt: index) }
}

extension Renamed: ChecksummedTable {
  func verify() throws { try (table as? any ChecksummedTable)?.verify() }
}
