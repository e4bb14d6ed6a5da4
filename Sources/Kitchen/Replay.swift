import Averaging
import Checkpoints
import Foundation
import Ledger
import Recipes

extension Provenance {
  /// Reads a soup's sidecar.
  ///
  /// - Throws: `InputError` when it cannot be read, is none, or was written by a later version.
  package static func read(_ path: String) throws -> Provenance {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InputError(file: path, problem: "cannot be read", mend: "Check its name")
    }
    let provenance: Provenance
    do {
      provenance = try JSONDecoder().decode(Provenance.self, from: data)
    } catch {
      throw InputError(
        file: path, problem: "is not the origin of a soup",
        mend: "Name the .soup.json that was written beside a soup")
    }
    guard provenance.format <= currentFormat else {
      throw InputError(
        file: path, place: "format",
        problem: "is \(provenance.format), and this version knows \(currentFormat)",
        mend: "Use a newer version")
    }
    return provenance
  }

  /// The blend that made the soup.
  var blend: Blend {
    let names = ingredients.map(\.name)
    guard let tensors, !tensors.isEmpty else {
      return Blend(ingredients.map { Blend.Term($0.name, weight: $0.weight) })
    }
    return Blend(
      names, tensors: tensors.map { Blend.TensorWeights($0.name, weights: $0.weights) })
  }
}

extension Kitchen {
  /// Makes a soup again from its origin: the same bytes.
  ///
  /// - Parameters:
  ///   - path: of the sidecar, for messages.
  ///   - target: its ending says the format, as in `CheckpointOutput`.
  /// - Returns: the absolute paths written, the soup first.
  /// - Throws: `InputError` when an ingredient is missing or is not the file it was.
  package func replay(
    _ provenance: Provenance, from path: String, to target: String, overwrite: Bool
  ) throws -> [String] {
    guard !provenance.ingredients.isEmpty,
      provenance.tensors?.allSatisfy({ $0.weights.count == provenance.ingredients.count }) ?? true
    else {
      throw InputError(
        file: path, place: "ingredients", problem: "weights and ingredients do not fit together")
    }
    for member in provenance.ingredients {
      let address = try files.address(of: member.name)
      guard address.hex == member.sha256 else {
        throw InputError(
          file: try files.path(of: member.name), place: "ingredient \(member.name)",
          problem: "is not the file that went into the soup: SHA-256 \(address.short)…, not "
            + "\(member.sha256.prefix(12))…",
          mend: "Put back the file that \(path) names")
      }
    }
    return try write(
      provenance.blend, with: provenance, to: SoupFile(target), overwrite: overwrite)
  }
}
