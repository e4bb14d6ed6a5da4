package import Averaging
package import Checkpoints
package import Evaluation
package import Foundation
import Ledger
import Sweeps

/// What there is to know of one ingredient: what its file holds and what was measured of it.
package struct IngredientDetails: Sendable {
  /// A file that its tensors come from.
  package struct File: Hashable, Sendable {
    package let path: String
    package let byteCount: Int
    package let modified: Date?

    package init(path: String, byteCount: Int, modified: Date?) {
      self.path = path
      self.byteCount = byteCount
      self.modified = modified
    }
  }

  /// Tensors of one element type.
  package struct Share: Hashable, Sendable {
    package let dtype: DType
    package let tensors: Int
    package let parameters: Int

    package init(dtype: DType, tensors: Int, parameters: Int) {
      self.dtype = dtype
      self.tensors = tensors
      self.parameters = parameters
    }
  }

  /// One evaluation of it alone.
  package struct Evaluated: Hashable, Sendable {
    /// Name of the split; nil for examples that the sweep does not name any more.
    package let split: String?
    package let score: Score
    package let seconds: Double
    package let date: Date
    /// Further metrics by name.
    package let metrics: [String: Double]
    /// Whether the evaluator was the sweep's, as it is now.
    package let isCurrent: Bool

    package init(
      split: String?, score: Score, seconds: Double, date: Date, metrics: [String: Double] = [:],
      isCurrent: Bool
    ) {
      self.split = split
      self.score = score
      self.seconds = seconds
      self.date = date
      self.metrics = metrics
      self.isCurrent = isCurrent
    }
  }

  package let name: String
  package let files: [File]
  /// As in `CheckpointFormat.name`.
  package let format: String
  package let tensors: [TensorInfo]
  /// Groups of tied names.
  package let ties: [[String]]
  /// Elements of all tensors, those of tied ones once.
  package let parameters: Int
  /// The most common element type first.
  package let shares: [Share]
  /// Words the file carries about itself, by key; Stockpot's own are `provenance`.
  package let metadata: [(key: String, value: String)]
  package let provenance: Provenance?
  /// What else the file has and was left out.
  package let notes: [String]
  /// What a pass over its bytes told; nil before there was one.
  package let reading: IngredientReading?
  /// SHA-256 and evaluations; nil until they are known, for large files take a while to hash.
  package var history: History?

  /// What the ledger has of it.
  package struct History: Sendable {
    /// In hexadecimal.
    package let sha256: String
    /// The newest first.
    package let evaluations: [Evaluated]

    package init(sha256: String, evaluations: [Evaluated]) {
      self.sha256 = sha256
      self.evaluations = evaluations
    }
  }

  package init(
    name: String, files: [File], checkpoint: Checkpoint, reading: IngredientReading? = nil,
    history: History? = nil
  ) {
    self.name = name
    self.files = files
    self.reading = reading
    self.history = history
    format = checkpoint.format
    tensors = checkpoint.tensors
    ties = checkpoint.ties
    notes = checkpoint.notes
    parameters = checkpoint.distinctTensors.reduce(0) { $0 + $1.count }
    shares = Dictionary(grouping: checkpoint.distinctTensors, by: \.dtype)
      .map { dtype, tensors in
        Share(
          dtype: dtype, tensors: tensors.count,
          parameters: tensors.reduce(0) { $0 + $1.count })
      }
      .sorted { ($1.parameters, $0.dtype.rawValue) < ($0.parameters, $1.dtype.rawValue) }
    metadata = checkpoint.metadata.filter { $0.key != "stockpot" }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    provenance = Provenance(of: checkpoint)
  }
}

extension Kitchen {
  /// What the headers of an ingredient's files say, and what is known of its bytes.
  /// - Throws: `InputError` when it has no file, or cannot be opened.
  package func details(of name: String) throws -> IngredientDetails {
    let checkpoint = try files.table(of: name)
    return IngredientDetails(
      name: name,
      files: checkpoint.files.map { path in
        // Of what a link leads to: caches of models are full of them.
        let stamp = FileStamp(path: path)
        return IngredientDetails.File(
          path: path, byteCount: stamp.map { Int($0.size) } ?? 0,
          modified: stamp.map { Date(timeIntervalSince1970: Double($0.modified) / 1e9) })
      }, checkpoint: checkpoint, reading: check.readings.first { $0.name == name })
  }

  /// Every evaluation of an ingredient alone that the ledger has, the newest first.
  ///
  /// Hashes its files, unless that was done before.
  /// - Throws: `InputError` when they cannot be read.
  package func history(of name: String) throws -> IngredientDetails.History {
    let address = try files.address(of: name)
    var names: [ContentAddress: String] = [:]
    for split in evaluableSplits {
      if let known = try? self.address(of: self.split(named: split)) { names[known] = split }
    }
    let current = try? evaluatorAtWork().address
    let records = try ledger.evaluations(of: address)
    let evaluations = records.map { key, record in
      IngredientDetails.Evaluated(
        split: names[key.split], score: record.score, seconds: record.seconds, date: record.date,
        metrics: record.metrics, isCurrent: key.evaluator == current)
    }
    return IngredientDetails.History(
      sha256: address.hex, evaluations: evaluations.sorted { $0.date > $1.date })
  }
}
