import Averaging
import Checkpoints
package import Evaluation
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
    try check(provenance, from: path)
    return try write(
      provenance.blend, with: provenance, to: SoupFile(target), overwrite: overwrite)
  }

  /// Measures a soup again from its origin, without writing it: every split that the origin tells of
  /// and this sweep has, val first.
  ///
  /// - Throws: as `replay`, and as `measure`.
  package func verify(
    _ provenance: Provenance, from path: String, lane: Lane
  ) async throws -> [Remeasurement] {
    try check(provenance, from: path)
    var found: [Remeasurement] = []
    for split in evaluableSplits {
      guard let recorded = provenance.metrics[split] else { continue }
      let measured = try await measure(provenance.blend, on: split, lane: lane)
      found.append(Remeasurement(split: split, recorded: recorded, measured: measured.score))
    }
    guard !found.isEmpty else {
      throw InputError(
        file: path, place: "metrics", problem: "tells of no split that this sweep can evaluate",
        mend: "Write the soup with -o, or name its sweep")
    }
    return found
  }

  /// The ingredients are there, and are the files that went into the soup.
  private func check(_ provenance: Provenance, from path: String) throws {
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
  }
}

/// What a soup's origin tells of a split, beside what it measures now.
package struct Remeasurement: Sendable {
  package let split: String
  package let recorded: Score
  package let measured: Score

  /// Whether as many are right of as many.
  package var agrees: Bool { recorded.correct == measured.correct && recorded.n == measured.n }
}
