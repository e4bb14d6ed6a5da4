package import Evaluation

/// How far the measuring of a set of ingredients has come on one split.
package struct Reading: Hashable, Sendable {
  /// What is measured of the set.
  package enum Subject: String, Hashable, Sendable {
    /// The averaged weights.
    case soup
    /// The averaged logits.
    case ensemble
  }

  package let members: [String]
  /// One a member; nil: equal.
  package let weights: [Double]?
  package let subject: Subject
  package let split: String
  package let correct: Int
  /// Examples seen so far.
  package let seen: Int
  /// Examples in the split.
  package let n: Int
  /// Nil until every example was seen.
  package let score: Score?

  package init(
    members: [String], weights: [Double]? = nil, subject: Subject, split: String, correct: Int,
    seen: Int, n: Int, score: Score? = nil
  ) {
    self.members = members
    self.weights = weights
    self.subject = subject
    self.split = split
    self.correct = correct
    self.seen = seen
    self.n = n
    self.score = score
  }

  /// A finished reading.
  package init(
    members: [String], weights: [Double]? = nil, subject: Subject, split: String, score: Score
  ) {
    self.init(
      members: members, weights: weights, subject: subject, split: split, correct: score.correct,
      seen: score.n, n: score.n, score: score)
  }
}
