import Checkpoints
package import Evaluation
import Ledger
import Sweeps

extension Kitchen {
  /// The scores of ingredients alone that the ledger has, by ingredient and split.
  ///
  /// Files that were never read are hashed for it; nothing is started and nothing evaluated. Splits
  /// whose data the evaluator brings are those that it described last.
  /// - Throws: `InputError` when the sweep's evaluator or the ledger cannot be read;
  ///   `CancellationError`.
  package func knownScores() throws -> [String: [String: Score]] {
    try knownScores { try ledger.address(ofFile: $0) }
  }

  /// As many of them as can be told at once.
  ///
  /// Files are read only where that takes no more than a moment; none when the evaluator's cannot be.
  package func scoresKnownAtOnce() -> [String: [String: Score]] {
    var addresses = AddressesAtOnce(ledger: ledger)
    return (try? knownScores { try addresses.address(ofFile: $0) }) ?? [:]
  }

  private func knownScores(
    hash: (String) throws -> ContentAddress
  ) throws -> [String: [String: Score]] {
    let evaluator = try evaluatorAddress(hash: hash)
    var weights: [(name: String, address: ContentAddress)]?
    var scores: [String: [String: Score]] = [:]
    for split in evaluableSplits {
      try Task.checkCancellation()
      // Labels may be missing for one split and there for the others.
      guard let examples = try? address(ofSplit: split, by: evaluator, hash: hash) else { continue }
      let measured = try ledger.evaluations(on: examples, by: evaluator)
      // Before anything was measured no file is looked at.
      guard !measured.isEmpty else { continue }
      let all = try weights ?? addresses(hash: hash)
      weights = all
      for (name, address) in all {
        if let record = measured[address] { scores[name, default: [:]][split] = record.score }
      }
    }
    return scores
  }

  /// Of the ingredients whose files can be read.
  private func addresses(
    hash: (String) throws -> ContentAddress
  ) throws -> [(name: String, address: ContentAddress)] {
    try sweep.ingredients.filter { $0.file != nil }.compactMap { ingredient in
      try Task.checkCancellation()
      return (try? files.address(of: ingredient.name, hash: hash)).map { (ingredient.name, $0) }
    }
  }

  private func address(
    ofSplit name: String, by evaluator: ContentAddress, hash: (String) throws -> ContentAddress
  ) throws -> ContentAddress? {
    guard try spec(ofSplit: name).comesFromEvaluator else {
      return try contentAddress(of: split(named: name), hash: hash)
    }
    return try ledger.describedSplit(named: name, by: evaluator)
  }
}

/// Addresses of files as far as they are there at once.
private struct AddressesAtOnce {
  /// Of a file that would have to be read.
  struct NotReadYet: Error {}

  let ledger: Ledger
  /// Bytes that are read all the same: a file that was evaluated as soon as it was written has no
  /// address that could be relied on.
  private var allowance: Int64 = 64 << 20

  init(ledger: Ledger) { self.ledger = ledger }

  mutating func address(ofFile path: String) throws -> ContentAddress {
    if let known = try ledger.knownAddress(ofFile: path) { return known }
    guard let size = FileStamp(path: path)?.size, size <= allowance else { throw NotReadYet() }
    allowance -= size
    return try ledger.address(ofFile: path)
  }
}
