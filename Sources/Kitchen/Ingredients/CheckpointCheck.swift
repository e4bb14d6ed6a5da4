package import Averaging
package import Checkpoints
import Foundation

/// What is in one checkpoint: read from its header, and, when asked for, from its bytes.
package struct CheckpointCheck: Sendable {
  /// What a pass over the bytes tells.
  package struct Contents: Sendable {
    /// Of all files together, as provenance has it.
    package let sha256: String
    package let reading: IngredientReading
  }

  package let checkpoint: Checkpoint
  /// What the file says of the soup that it is; nil when it is none of ours.
  package let provenance: Provenance?
  package let findings: [Finding]
  /// Nil unless the bytes were read.
  package let contents: Contents?

  /// - Parameter deep: whether to read every byte: hashes, checksums, infinities and NaN.
  /// - Throws: `InputError` when it cannot be opened, or its bytes are damaged; `CancellationError`.
  package init(_ path: String, opened options: CheckpointOptions, deep: Bool) throws {
    checkpoint = try Checkpoint.open(path, options: options)
    provenance = Provenance(of: checkpoint)
    let preflight = Preflight()
    let named = NamedTable(checkpoint)
    var findings = preflight.headers([named])
    guard deep else {
      contents = nil
      self.findings = findings
      return
    }
    let hashes = try FileHashes([checkpoint])
    let reading = try preflight.read(named, reference: nil)
    findings += preflight.compare([reading], reference: nil)
    self.findings = findings
    contents = Contents(
      sha256: hashes.sha256(of: checkpoint, opened: options), reading: reading)
  }

  /// Elements of all tensors, those of tied ones once.
  package var parameters: Int { sum(\.count) }

  /// Bytes of all tensors, those of tied ones once.
  package var byteCount: Int { sum(\.byteCount) }

  private func sum(_ amount: KeyPath<TensorInfo, Int>) -> Int {
    checkpoint.distinctTensors.reduce(0) { $0 + $1[keyPath: amount] }
  }
}

extension Checkpoint {
  /// Its tensors, of tied ones only the first.
  var distinctTensors: [TensorInfo] {
    let repeated = Set(ties.flatMap { $0.dropFirst() })
    return tensors.filter { !repeated.contains($0.name) }
  }
}

extension Provenance {
  /// What a file says of the soup that it is; nil when it is none of ours.
  init?(of checkpoint: Checkpoint) {
    guard let text = checkpoint.metadata["stockpot"],
      let found = try? JSONDecoder().decode(Provenance.self, from: Data(text.utf8))
    else { return nil }
    self = found
  }
}
