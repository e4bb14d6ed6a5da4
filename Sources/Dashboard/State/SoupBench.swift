package import Averaging
package import Evaluation
package import Kitchen

/// What is known of the hand-picked soup, and of the soups it is held against.
package struct SoupBench: Sendable {
  /// One number on one split.
  package struct Key: Hashable, Sendable {
    package let subject: Reading.Subject
    package let split: String

    package init(_ subject: Reading.Subject, _ split: String) {
      self.subject = subject
      self.split = split
    }
  }

  /// Where the numbers of the current set stand.
  package enum Progress: Hashable, Sendable {
    /// Nothing is in the set.
    case empty
    /// Asked for; numbers of an earlier set may still be shown, marked stale.
    case pending
    case counting
    case measured
    case failed(String)
  }

  package private(set) var readings: [Key: Reading] = [:]
  package private(set) var progress = Progress.empty
  private var members: [String] = []
  private var weights: [Double]?
  /// Finished scores of every soup that was measured by hand, by split.
  private var known: [[String: Double]: [String: Score]] = [:]
  private let selectionSplit: String

  /// Names of soups to compare with, and their scores by split.
  package private(set) var references: [Reference] = []

  /// A soup or ensemble that the hand-picked one is held against.
  package struct Reference: Hashable, Sendable {
    package let name: String
    package var scores: [String: Score]

    /// Whether predictions are averaged, not weights; results files say so by the name alone.
    package var isEnsemble: Bool { name.lowercased().contains("ensemble") }
  }

  /// - Parameter selectionSplit: the split whose numbers come first and say how far measuring is.
  package init(selectionSplit: String) { self.selectionSplit = selectionSplit }

  /// The set has changed: what is known belongs to another set from now on.
  package mutating func setChanged(to members: [String], weights: [Double]? = nil) {
    self.members = members
    self.weights = weights
    progress = members.isEmpty ? .empty : .pending
    if members.isEmpty { readings = [:] }
  }

  /// Takes a reading in; one of another set is dropped.
  package mutating func take(_ reading: Reading) {
    guard !isStale(reading) else { return }
    if let score = reading.score, reading.subject == .soup {
      learn([reading.split: score], of: .of(members, weights: weights))
    }
    readings[Key(reading.subject, reading.split)] = reading
    if reading.subject == .soup, reading.split == selectionSplit {
      progress = reading.score == nil ? .counting : .measured
    }
  }

  package mutating func fail(_ members: [String], cause: String) {
    guard Set(members) == Set(self.members) else { return }
    progress = .failed(cause)
  }

  package func reading(_ subject: Reading.Subject, on split: String) -> Reading? {
    readings[Key(subject, split)]
  }

  /// Whether a reading belongs to an earlier set.
  package func isStale(_ reading: Reading) -> Bool {
    !HandPickedSet(reading.members, weights: reading.weights).isSame(
      as: HandPickedSet(members, weights: weights))
  }

  /// Takes in scores of a soup, whichever it is; one whose weights differ from tensor to tensor
  /// shares its means with others, and is not told apart from them here.
  package mutating func learn(_ scores: [String: Score], of blend: Blend) {
    guard blend.tensors == nil else { return }
    known[blend.shares, default: [:]].merge(scores) { _, new in new }
  }

  /// What is known of a soup, by split.
  package func scores(of blend: Blend) -> [String: Score] {
    blend.tensors == nil ? known[blend.shares] ?? [:] : [:]
  }

  /// Adds or renews a soup to compare with.
  package mutating func setReference(_ name: String, score: Score, on split: String) {
    if let place = references.firstIndex(where: { $0.name == name }) {
      references[place].scores[split] = score
    } else {
      references.append(Reference(name: name, scores: [split: score]))
    }
  }

  package func reference(_ name: String) -> Reference? {
    references.first { $0.name == name }
  }
}

extension Blend {
  /// Weights by ingredient, whatever their order; rounded so that the same soup is the same however
  /// its weights were come by.
  package var shares: [String: Double] {
    Dictionary(terms.map { ($0.ingredient, ($0.weight * 1e9).rounded()) }, uniquingKeysWith: +)
  }
}
