package import Crypto
import Foundation

/// The SHA-256 of some content: what it is called wherever it is stored.
///
/// Addresses made of other addresses are hashes of a canonical text that starts with what kind of
/// thing it describes, so that a blend can never be taken for a split.
package struct ContentAddress: Hashable, Sendable {
  /// 64 hexadecimal digits in lower case.
  package let hex: String

  /// - Returns: nil when `hex` is not 64 digits in lower case.
  package init?(hex: String) {
    guard hex.utf8.count == 64,
      hex.utf8.allSatisfy({ 48...57 ~= $0 || 97...102 ~= $0 })
    else { return nil }
    self.hex = hex
  }

  package init(_ digest: SHA256.Digest) {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    hex = String(decoding: text, as: UTF8.self)
  }

  /// The address of `text`'s UTF-8.
  package init(hashing text: String) {
    self.init(SHA256.hash(data: Array(text.utf8)))
  }

  /// The first twelve digits, for people.
  package var short: String { String(hex.prefix(12)) }
}

extension ContentAddress: Comparable, CustomStringConvertible {
  package static func < (left: ContentAddress, right: ContentAddress) -> Bool {
    left.hex < right.hex
  }

  package var description: String { hex }
}

extension ContentAddress: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let address = ContentAddress(hex: text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "not 64 hexadecimal digits: \(text)")
    }
    self = address
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }
}

// MARK: - Addresses made of addresses

extension ContentAddress {
  /// The precision of a blend whose tensors are rounded to the type that the ingredients have.
  package static let sourcePrecision = "source"

  /// The weights that averaging `terms` gives.
  ///
  /// Independent of the order of the terms, `first` aside; weights of one ingredient given twice are added, and
  /// terms of weight zero do not matter. With `sourcePrecision`, an ingredient alone at weight one has
  /// its own address, so that it is not evaluated again as a soup of one.
  /// - Parameters:
  ///   - precision: how sums are rounded, when it is not `sourcePrecision`.
  ///   - first: whose element types and integers the average has, where the terms differ in them.
  package static func ofBlend(
    _ terms: [(ContentAddress, Double)], precision: String = sourcePrecision,
    first: ContentAddress? = nil
  ) -> ContentAddress {
    let canonical = canonicalTerms(terms)
    if precision == sourcePrecision, let only = canonical.first, canonical.count == 1, only.1 == 1 {
      return only.0
    }
    return ContentAddress(
      hashing: "blend 1\n\(quoted(precision))\n" + text(first: first) + text(of: canonical))
  }

  /// The weights of a blend that differs from tensor to tensor.
  ///
  /// Independent of the order of tensors and of terms. When every tensor has the same terms, this is
  /// the address of that one blend only if the caller says so by calling the other function: the
  /// tensors named here need not be all there are.
  /// - Parameters:
  ///   - tensors: each tensor's name and its terms.
  ///   - precision: as for one blend of all tensors.
  ///   - first: likewise.
  package static func ofBlend(
    byTensor tensors: [(name: String, terms: [(ContentAddress, Double)])],
    precision: String = sourcePrecision, first: ContentAddress? = nil
  ) -> ContentAddress {
    let lines = tensors.sorted { $0.name < $1.name }.map {
      "\(quoted($0.name))\n" + text(of: canonicalTerms($0.terms))
    }
    return ContentAddress(
      hashing: "blend by tensor 1\n\(quoted(precision))\n" + text(first: first) + lines.joined())
  }

  /// A checkpoint in several files: a shard index and its shards, by their names in the folder.
  ///
  /// One file alone has its own address.
  /// - Parameter entry: which of several state dicts was chosen; nil where there was no choice.
  package static func ofCheckpoint(
    _ files: [(name: String, address: ContentAddress)], entry: String? = nil
  ) -> ContentAddress {
    if entry == nil, files.count == 1 { return files[0].address }
    let lines = files.sorted { $0.name < $1.name }.map { "\(quoted($0.name)) \($0.address)\n" }
    let choice = entry.map { "entry \(quoted($0))\n" } ?? ""
    return ContentAddress(hashing: "checkpoint 1\n" + choice + lines.joined())
  }

  /// Labelled examples: independent of the split's name and of the order of its inputs.
  /// - Parameters:
  ///   - inputs: each input's name, nil for the only one, and its file's address.
  ///   - normalisation: how bytes become numbers, in a canonical spelling; nil where they do not.
  package static func ofSplit(
    inputs: [(name: String?, address: ContentAddress)], labels: ContentAddress,
    normalisation: String? = nil
  ) -> ContentAddress {
    let lines = inputs.map { "\($0.name.map(quoted) ?? "-") \($0.address)\n" }.sorted()
    let numbers = normalisation.map { "normalisation \(quoted($0))\n" } ?? ""
    return ContentAddress(hashing: "split 1\n\(lines.joined())labels \(labels)\n\(numbers)")
  }

  /// Labelled examples that an evaluator makes itself.
  /// - Parameters:
  ///   - source: the file that makes them.
  ///   - labels: the true class of each, in order; empty when the evaluator keeps them to itself.
  package static func ofSplit(
    named name: String, from source: ContentAddress, labels: [Int32]
  ) -> ContentAddress {
    let bytes = SHA256.hash(data: labels.map(\.littleEndian).withUnsafeBytes { Array($0) })
    return ContentAddress(
      hashing: "described split 1\n\(quoted(name))\n\(source)\nlabels \(ContentAddress(bytes))\n")
  }

  /// The gradient of the loss on some examples by mixing weights and inverse temperature.
  /// - Parameters:
  ///   - weights: one row for each of `groups`, one number an ingredient.
  ///   - groups: names of the tensors of each row; empty where one row is for all tensors.
  package static func ofGradient(
    split: ContentAddress, evaluator: ContentAddress, ingredients: [ContentAddress],
    weights: [[Double]], groups: [[String]], beta: Double, examples: [Int]
  ) -> ContentAddress {
    var hash = SHA256()
    func add(_ text: String) { hash.update(data: Array(text.utf8)) }
    add("gradient 1\n\(split)\n\(evaluator)\n")
    for ingredient in ingredients { add("\(ingredient)\n") }
    for group in groups { add("group \(group.map(quoted).joined())\n") }
    // Bit patterns: no two different numbers have one spelling.
    for row in weights {
      add("row \(row.count)\n")
      row.map(\.bitPattern.littleEndian).withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    add("beta \(String(beta.bitPattern, radix: 16))\nexamples \(examples.count)\n")
    examples.map { Int64($0).littleEndian }.withUnsafeBytes { hash.update(bufferPointer: $0) }
    return ContentAddress(hash.finalize())
  }

  /// Everything besides weights and split that logits depend on.
  /// - Parameters:
  ///   - kind: `onnx` or `python`.
  ///   - files: in an order that the kind fixes.
  ///   - options: those that change logits, in a canonical spelling.
  package static func ofEvaluator(
    kind: String, files: [ContentAddress], options: String
  ) -> ContentAddress {
    let lines = files.map { "\($0)\n" }.joined()
    return ContentAddress(
      hashing: "evaluator 1\n\(quoted(kind))\n\(quoted(options))\n\(lines)")
  }

  private static func text(first: ContentAddress?) -> String { first.map { "first \($0)\n" } ?? "" }

  /// Sorted by address, one term an ingredient, none of weight zero.
  private static func canonicalTerms(
    _ terms: [(ContentAddress, Double)]
  ) -> [(ContentAddress, Double)] {
    Dictionary(grouping: terms, by: \.0)
      // Sorted before they are added: floating-point sums depend on the order.
      .map { ($0.key, $0.value.map(\.1).sorted().reduce(0, +)) }
      .filter { $0.1 != 0 }
      .sorted { $0.0 < $1.0 }
  }

  /// Weights as bit patterns: no two different numbers have one spelling.
  private static func text(of terms: [(ContentAddress, Double)]) -> String {
    terms.map { "\($0.0) \(String($0.1.bitPattern, radix: 16))\n" }.joined()
  }

  /// With its length before it, so that no text can run into what follows.
  private static func quoted(_ text: String) -> String { "\(text.utf8.count):\(text)" }
}
