package import Averaging
package import Checkpoints
import Foundation
package import Ledger
import Synchronization

/// A soup on disk: a checkpoint of any format that is written, and `.soup.json` beside it.
package struct SoupFile: Sendable {
  /// Under an absolute path.
  package private(set) var output: CheckpointOutput
  /// Absolute path of the provenance beside the checkpoint: `soup.soup.json` for `soup.pt`, and
  /// `soup.pt.soup.json` where the former is another soup's.
  package let sidecar: String

  /// - Parameters:
  ///   - path: as a person writes it; its ending says the format.
  ///   - shardSize: bytes of tensors that a file in a folder may hold; nil for the standard.
  /// - Throws: `InputError` for a name that does not say which format to write.
  package init(_ path: String, shardSize: Int? = nil) throws {
    let expanded = path.hasPrefix("~") ? (path as NSString).expandingTildeInPath : path
    let format = try CheckpointOutput(path: path).format
    let target = URL(fileURLWithPath: expanded).path
    output = try CheckpointOutput(path: target, format: format)
    if let shardSize { output.shardSize = shardSize }
    sidecar = Self.sidecar(of: target, isFolder: format == .folder)
  }

  private static let ending = ".soup.json"

  private static func sidecar(of target: String, isFolder: Bool) -> String {
    let stem = isFolder ? target : (target as NSString).deletingPathExtension
    let own = (isFolder ? target + ".folder" : target) + ending
    let isTaken =
      FileManager.default.fileExists(atPath: own)
      || tellsOfAnother(stem + ending, than: target, stem: stem)
    return isTaken ? own : stem + ending
  }

  /// Whether a sidecar has the origin of another soup of that stem, as that soup itself has it.
  private static func tellsOfAnother(
    _ sidecar: String, than target: String, stem: String
  ) -> Bool {
    guard let told = try? Provenance.read(sidecar).json(pretty: false) else { return false }
    let endings = ["", ".safetensors", ".pt", ".pth", ".bin", ".ckpt"]
    let owners = endings.map { stem + $0 }.filter { path in
      guard let soup = try? Checkpoint.open(path) else { return false }
      return (try? Provenance(of: soup)?.json(pretty: false)) == told
    }
    return !owners.isEmpty && !owners.contains(target)
  }

  /// A file's path from the folder that the soup is in.
  package func relative(_ file: String) -> String {
    let folder = URL(fileURLWithPath: sidecar).deletingLastPathComponent().pathComponents
    let place = URL(fileURLWithPath: file).standardizedFileURL.pathComponents
    let shared = zip(folder, place).prefix { $0 == $1 }.count
    let up = Array(repeating: "..", count: folder.count - shared)
    return (up + place[shared...]).joined(separator: "/")
  }

  /// Asked before the work: a soup that replaces an ingredient takes away what it is made of.
  ///
  /// - Throws: `InputError` naming the ingredient.
  package func checkIsNone(of terms: [AverageTerm]) throws {
    func place(_ path: String) -> String {
      URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }
    let target = place(output.path)
    for case let checkpoint as Checkpoint in terms.map(\.table)
    where checkpoint.files.contains(where: { place($0) == target }) {
      throw InputError(
        file: checkpoint.path, problem: "is an ingredient, and the soup would replace it",
        mend: "Choose another name for the soup")
    }
  }

  /// Averages `terms` into the checkpoint and writes the sidecar.
  ///
  /// What all terms say of themselves alike is said in the result too. A folder gets the
  /// configuration and tokenizer that lie with the first term's weights, and a model card.
  /// - Parameter overwrite: whether the checkpoint and the sidecar may be replaced; a folder never is.
  /// - Returns: the absolute paths written, the checkpoint first.
  /// - Throws: `InputError` when a name is taken or cannot be written; nothing new is left then.
  package func write(
    _ terms: [AverageTerm], _ options: AverageOptions, provenance: Provenance, overwrite: Bool
  ) throws -> (paths: [String], report: AverageReport) {
    try checkIsNone(of: terms)
    var metadata = Self.sharedMetadata(of: terms)
    metadata["stockpot"] = try provenance.json(pretty: false)
    if output.format != .pytorch { metadata["format"] = "pt" }
    var output = output
    if output.companions == nil, let first = terms.first?.table as? Checkpoint {
      output.companions = ModelFolder.folder(ofWeightsAt: first.path)
    }
    if output.format == .folder {
      let name = (output.path as NSString).lastPathComponent
      output.texts["README.md"] =
        ModelCard(provenance, name: name, sidecar: (sidecar as NSString).lastPathComponent).text
    }
    // Whole and durable before the work begins: after it only the name is left to be given.
    let origin = try AtomicFile(path: sidecar, overwrite: overwrite)
    let json = try provenance.json(pretty: true) + "\n"
    try Array(json.utf8).withUnsafeBytes { try origin.write($0, at: 0) }
    try origin.flush()
    let isNew = access(output.path, F_OK) != 0
    let report = try Averager.average(
      terms, options, to: output, metadata: metadata, overwrite: overwrite)
    do {
      try origin.commit()
    } catch {
      if isNew { try? FileManager.default.removeItem(atPath: output.path) }
      throw error
    }
    return ([output.path, sidecar], report)
  }

  /// The words on which all terms agree: those about one ingredient alone would be wrong of a soup.
  private static func sharedMetadata(of terms: [AverageTerm]) -> [String: String] {
    let all = terms.map { ($0.table as? Checkpoint)?.metadata ?? [:] }
    guard var shared = all.first else { return [:] }
    for metadata in all.dropFirst() { shared = shared.filter { metadata[$0.key] == $0.value } }
    shared["stockpot"] = nil
    return shared
  }
}

extension ContentAddress {
  /// The weights that an opened checkpoint gives: those of all its files, and of the state dict in
  /// them that was asked for.
  ///
  /// - Parameter hash: the address of one file.
  package static func of(
    _ checkpoint: Checkpoint, opened options: CheckpointOptions,
    hash: (String) throws -> ContentAddress
  ) rethrows -> ContentAddress {
    let isChosen = options.entry != nil || options.weights != .raw
    return .ofCheckpoint(
      try checkpoint.files.map { (($0 as NSString).lastPathComponent, try hash($0)) },
      entry: isChosen ? checkpoint.entry : nil)
  }
}
