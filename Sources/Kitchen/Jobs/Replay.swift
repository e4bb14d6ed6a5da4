import Averaging
import Checkpoints
package import Evaluation
import Foundation
import Ledger
import Recipes
import Sweeps

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

  /// The blend that made the soup, of ingredients that go by `names` now.
  fileprivate func blend(of names: [String]) -> Blend {
    guard let tensors, !tensors.isEmpty else {
      return Blend(zip(names, ingredients).map { Blend.Term($0, weight: $1.weight) })
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
  ///   - shardSize: bytes of tensors that a file in a folder may hold; nil for the standard.
  /// - Returns: the absolute paths written, the soup first.
  /// - Throws: `InputError` when an ingredient is missing or is not the file it was.
  package func replay(
    _ provenance: Provenance, from path: String, to target: String, shardSize: Int? = nil,
    overwrite: Bool
  ) throws -> [String] {
    try write(
      blend(of: provenance, from: path), with: provenance,
      to: SoupFile(target, shardSize: shardSize), overwrite: overwrite)
  }

  /// Measures a soup again from its origin, without writing it: every split that the origin tells of
  /// and this sweep has, val first.
  ///
  /// - Throws: as `replay`, and as `measure`.
  package func verify(
    _ provenance: Provenance, from path: String, lane: Lane
  ) async throws -> [Remeasurement] {
    let blend = try blend(of: provenance, from: path)
    var found: [Remeasurement] = []
    for split in evaluableSplits {
      guard let recorded = provenance.metrics[split] else { continue }
      let measured = try await measure(blend, on: split, lane: lane)
      found.append(Remeasurement(split: split, recorded: recorded, measured: measured.score))
    }
    guard !found.isEmpty else {
      throw InputError(
        file: path, place: "metrics", problem: "tells of no split that this sweep can evaluate",
        mend: "Write the soup with -o, or name its sweep")
    }
    return found
  }

  /// The blend of the ingredients that went into the soup.
  func blend(of provenance: Provenance, from path: String) throws -> Blend {
    guard !provenance.ingredients.isEmpty,
      provenance.tensors?.allSatisfy({ $0.weights.count == provenance.ingredients.count }) ?? true
    else {
      throw InputError(
        file: path, place: "ingredients", problem: "weights and ingredients do not fit together")
    }
    return provenance.blend(
      of: try provenance.ingredients.map { try ingredient(for: $0, from: path) })
  }

  /// The name here of a soup's ingredient: that of its file or, where files were moved, its own, or
  /// that of any file with its content.
  private func ingredient(for member: Provenance.Member, from path: String) throws -> String {
    let all = (sweep.ingredients + [sweep.initialisation].compactMap(\.self))
      .filter { $0.file != nil }
    let beside = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let folders = [sweep.directory, beside, FileManager.default.currentDirectoryPath]
    let places = folders.map { folder in
      URL(fileURLWithPath: member.file, relativeTo: URL(fileURLWithPath: folder + "/"))
        .standardizedFileURL.path
    }
    let likely =
      all.filter { $0.file.map(places.contains) ?? false } + all.filter { $0.name == member.name }
    for ingredient in likely.isEmpty ? all : likely
    where try files.address(of: ingredient.name).hex == member.sha256 {
      return ingredient.name
    }
    let name = likely.first?.name ?? member.name
    throw InputError(
      file: try files.path(of: name), place: "ingredient \(name)",
      problem: "is not the file that went into the soup: SHA-256 "
        + "\(try files.address(of: name).short)…, not \(member.sha256.prefix(12))…",
      mend: "Put back the file that \(path) names")
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
