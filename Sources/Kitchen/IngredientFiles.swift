package import Averaging
package import Checkpoints
package import Ledger
package import Sweeps
import Synchronization

/// The checkpoints of a sweep, opened when first asked for and kept open.
///
/// An opened checkpoint is a memory map: keeping it costs address space, not memory.
package final class IngredientFiles: Sendable {
  private let sweep: Sweep
  private let ledger: Ledger
  private let opened = Mutex<[String: Checkpoint]>([:])

  package init(sweep: Sweep, ledger: Ledger) {
    self.sweep = sweep
    self.ledger = ledger
  }

  /// The file of an ingredient, or of the initialisation.
  /// - Throws: `InputError` when the sweep has no such ingredient, or only its results.
  package func path(of name: String) throws -> String {
    guard let ingredient = sweep.ingredient(named: name) else {
      throw InputError(
        file: sweep.directory, problem: "no ingredient is named '\(name)'",
        mend: "`stockpot list` shows the names")
    }
    guard let file = ingredient.file else {
      throw InputError(
        file: sweep.directory, place: "ingredient \(name)",
        problem: "only its results are known, there are no weights to mix",
        mend: "Put its checkpoint into the sweep's folder")
    }
    return file
  }

  /// The opened checkpoint of an ingredient.
  /// - Throws: `InputError` when it cannot be read.
  package func table(of name: String) throws -> Checkpoint {
    if let table = opened.withLock({ $0[name] }) { return table }
    let table = try Checkpoint.open(path(of: name))
    opened.withLock { $0[name] = table }
    return table
  }

  /// SHA-256 of the ingredient's file; fast when the file has not changed since it was last hashed.
  package func address(of name: String) throws -> ContentAddress {
    try ledger.address(ofFile: path(of: name))
  }

  /// The address of the weights that a blend makes.
  func address(of blend: Blend, precision: SumPrecision) throws -> ContentAddress {
    let members = try blend.terms.map { try address(of: $0.ingredient) }
    // Where the ingredients are in single precision already, both give the same numbers.
    let isSource = try precision == .source || isInSinglePrecision(blend)
    let spelling = isSource ? ContentAddress.sourcePrecision : "f32"
    guard let tensors = blend.tensors else {
      return .ofBlend(Array(zip(members, blend.terms.map(\.weight))), precision: spelling)
    }
    return .ofBlend(
      byTensor: tensors.map { ($0.name, Array(zip(members, $0.weights))) }, precision: spelling)
  }

  private func isInSinglePrecision(_ blend: Blend) throws -> Bool {
    try blend.terms.allSatisfy { term in
      try table(of: term.ingredient).tensors.allSatisfy {
        !$0.dtype.isFloatingPoint || $0.dtype == .f32
      }
    }
  }

  /// The terms of a blend with their opened checkpoints, in its order.
  package func terms(of blend: Blend) throws -> [AverageTerm] {
    try blend.terms.map {
      AverageTerm($0.ingredient, try table(of: $0.ingredient), weight: $0.weight)
    }
  }
}
