import Averaging
package import Checkpoints
import Evaluation
import Foundation
import Ledger
import Recipes
import Sweeps

extension Kitchen {
  /// Averages a soup once more, exactly, into a checkpoint with its provenance, and writes the sidecar.
  ///
  /// - Parameters:
  ///   - path: its ending says the format, as in `CheckpointOutput`.
  ///   - dtype: element type of what is written; nil keeps that of the first ingredient.
  ///   - shardSize: bytes of tensors that a file in a folder may hold; nil for the standard.
  ///   - overwrite: whether a file that is there may be replaced; a folder never is.
  ///   - progress: hears of bytes done and bytes in all, often and on any thread.
  /// - Returns: the absolute paths written, the soup first.
  /// - Throws: as `SoupFile.write`; nothing is left then.
  @discardableResult
  package func export(
    _ result: SoupResult, to path: String, dtype: DType? = nil, shardSize: Int? = nil,
    overwrite: Bool, progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws -> [String] {
    let file = try SoupFile(path, shardSize: shardSize)
    guard result.kind == .soup else {
      throw InputError(
        file: file.output.path, problem: "an ensemble has no single set of weights to write",
        mend: "Run a recipe that makes a soup")
    }
    return try write(
      result.blend, with: provenance(of: result, dtype: dtype), to: file, overwrite: overwrite,
      progress: progress)
  }

  /// Averages a blend as its provenance says into a file, and writes the sidecar.
  func write(
    _ blend: Blend, with provenance: Provenance, to file: SoupFile, overwrite: Bool,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws -> [String] {
    let terms = try files.terms(of: blend)
    guard let first = terms.first else { throw RecipeError.noCandidates }
    try checkAreThose(of: provenance, blend)
    var options = try AverageOptions(blend: blend, first: first.table)
    provenance.options?.apply(to: &options)
    options.progress = progress
    let written = try files.namingFiles {
      try file.write(terms, options, provenance: provenance, overwrite: overwrite)
    }
    for finding in Preflight(severities: sweep.severities).findings(in: written.report)
    where finding.severity >= .warn {
      let subject = finding.subject.map { "\($0) " } ?? ""
      observer(.notice("\(subject)\(finding.problem): \(finding.tensors.joined(separator: ", "))"))
    }
    return written.paths
  }

  /// Asked once all are opened: what is averaged is what provenance names, even where a file was
  /// replaced meanwhile.
  private func checkAreThose(of provenance: Provenance, _ blend: Blend) throws {
    for (term, member) in zip(blend.terms, provenance.ingredients) {
      let address = try files.address(of: term.ingredient)
      guard address.hex == member.sha256 else {
        throw InputError(
          file: try files.path(of: term.ingredient), problem: "was replaced while it was in use",
          mend: "Try again when it is written")
      }
    }
  }

  /// Where a result came from, as it is kept with its file and in the ledger.
  func provenance(of result: SoupResult, dtype: DType? = nil) throws -> Provenance {
    Provenance(
      sweep: sweep.name, recipe: result.spec,
      options: BlendOptions(dtype: dtype, opened: sweep.checkpointOptions),
      ingredients: try result.blend.terms.map { term in
        Provenance.Member(
          name: term.ingredient, file: sweep.relative(try files.path(of: term.ingredient)),
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
          n: $0.judgement.score.n, atMost: $0.judgement.mostCorrect, accepted: $0.isAccepted)
      })
  }
}

/// The program itself.
package enum Stockpot {
  package static let version = "0.1.0"
}
