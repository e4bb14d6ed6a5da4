import Averaging
import Checkpoints
import Evaluation
import Foundation
import Ledger
import Recipes
import Sweeps

extension Kitchen {
  /// Averages a soup once more, exactly, into a file with its provenance, and writes the sidecar.
  ///
  /// - Parameters:
  ///   - path: a `.safetensors` file.
  ///   - overwrite: whether a file that is there may be replaced.
  /// - Returns: the absolute paths written, the soup first.
  /// - Throws: `InputError` when the file is there already or cannot be written; nothing is left then.
  @discardableResult
  package func export(_ result: SoupResult, to path: String, overwrite: Bool) throws -> [String] {
    let target = URL(fileURLWithPath: (path as NSString).expandingTildeInPath).path
    guard result.kind == .soup else {
      throw InputError(
        file: target, problem: "an ensemble has no single set of weights to write",
        mend: "Run a recipe that makes a soup")
    }
    return try write(result.blend, with: provenance(of: result), to: target, overwrite: overwrite)
  }

  /// Averages a blend into a file with its provenance, and writes the sidecar.
  func write(
    _ blend: Blend, with provenance: Provenance, to target: String, overwrite: Bool
  ) throws -> [String] {
    let sidecar = (target as NSString).deletingPathExtension + ".soup.json"
    let terms = try files.terms(of: blend)
    guard let first = terms.first else { throw RecipeError.noCandidates }
    _ = try Averager.average(
      terms, AverageOptions(blend: blend, first: first.table), to: target,
      metadata: ["format": "pt", "stockpot": try provenance.json(pretty: false)],
      overwrite: overwrite)
    let text = try provenance.json(pretty: true) + "\n"
    let file = try AtomicFile(path: sidecar, overwrite: true)
    try Array(text.utf8).withUnsafeBytes { try file.write($0, at: 0) }
    try file.commit()
    return [target, sidecar]
  }

  /// Where a result came from, as it is kept with its file and in the ledger.
  func provenance(of result: SoupResult) throws -> Provenance {
    Provenance(
      sweep: sweep.name, recipe: result.spec,
      ingredients: try result.blend.terms.map { term in
        Provenance.Member(
          name: term.ingredient, file: relative(try files.path(of: term.ingredient)),
          sha256: try files.address(of: term.ingredient).hex, weight: term.weight)
      },
      tensors: result.blend.tensors?.map {
        Provenance.TensorWeights(name: $0.name, weights: $0.weights)
      },
      metrics: Dictionary(
        result.metrics.map { ($0.split, $0.score) }, uniquingKeysWith: { first, _ in first }),
      beta: result.calibrations.first?.value.beta,
      decisions: result.decisions.map {
        Provenance.RecordedDecision(
          candidate: $0.candidate, correct: $0.judgement.score.correct,
          n: $0.judgement.score.n, accepted: $0.isAccepted)
      },
      writtenBy: "stockpot \(Stockpot.version)", date: Date().ISO8601Format())
  }

  private func relative(_ path: String) -> String {
    let folder = sweep.directory.hasSuffix("/") ? sweep.directory : sweep.directory + "/"
    return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
  }
}

/// The program itself.
package enum Stockpot {
  package static let version = "0.1.0"
}
