package import Averaging
package import Kitchen

/// The ingredients chosen by hand with their weights, and the soups kept beside them, with a history
/// that can be walked back and forth.
///
/// Members are kept by name and in the order they were put in, whatever the table shows or sorts.
package struct SoupSet: Sendable {
  /// How many steps can be undone.
  package static let historyLimit = 200

  /// What a step changes, and undoing it brings back.
  package struct Contents: Hashable, Sendable {
    package fileprivate(set) var members: [String] = []
    /// One a member, with a sum of 1; nil: equal.
    package fileprivate(set) var weights: [Double]?
    /// The earliest first.
    package fileprivate(set) var kept: [KeptSoup] = []
  }

  package private(set) var contents = Contents() {
    didSet {
      if contents.members != oldValue.members { memberSet = Set(contents.members) }
    }
  }
  private var memberSet: Set<String> = []
  private var past: [Contents] = []
  private var future: [Contents] = []
  /// Whose weight the newest step changed; more of the same belongs to that step.
  private var weighing: String?

  package init() {}

  package var members: [String] { contents.members }
  package var weights: [Double]? { contents.weights }
  package var kept: [KeptSoup] { contents.kept }
  package var blend: Blend { .of(members, weights: weights) }
  package var handPicked: HandPickedSet { HandPickedSet(members, weights: weights) }
  package var membership: Set<String> { memberSet }

  package func contains(_ name: String) -> Bool { memberSet.contains(name) }
  package func kept(named name: String) -> KeptSoup? { kept.first { $0.name == name } }
  package var canUndo: Bool { !past.isEmpty }

  /// Weight of a member; nil for what is not in the soup.
  package func weight(of name: String) -> Double? {
    guard let place = members.firstIndex(of: name) else { return nil }
    return weights?[place] ?? 1 / Double(members.count)
  }

  // MARK: Members

  /// Puts `name` in, or takes it out.
  package mutating func toggle(_ name: String) {
    if contains(name) { remove([name]) } else { add([name]) }
  }

  /// Puts all of `names` in as one step; those already in stay where they are.
  ///
  /// Beside weighted members each gets an equal share of the whole.
  package mutating func add(_ names: [String]) {
    let added = names.filter { !memberSet.contains($0) }
    var next = contents
    next.members += added
    if let weights, !added.isEmpty {
      let total = Double(next.members.count)
      next.weights =
        weights.map { $0 * Double(weights.count) / total }
        + added.map { _ in 1 / total }
    }
    step(to: next)
  }

  /// Takes all of `names` out as one step; the others keep their proportions.
  package mutating func remove(_ names: [String]) {
    let leaving = Set(names)
    var next = contents
    let staying = members.indices.filter { !leaving.contains(members[$0]) }
    next.members = staying.map { members[$0] }
    next.weights = weights.flatMap { weights in Self.normal(staying.map { weights[$0] }) }
    step(to: next)
  }

  /// Another set, as one step; nothing happens when it is the same.
  package mutating func replace(with names: [String], weights: [Double]? = nil) {
    var next = contents
    next.members = names
    next.weights = weights.flatMap { $0.count == names.count ? Self.normal($0) : nil }
    step(to: next)
  }

  // MARK: Weights

  /// Gives a member a weight from 0 to 1; the others share the rest in their proportions.
  ///
  /// Steps on the same member without another between them are undone as one.
  package mutating func setWeight(of name: String, to weight: Double) {
    guard let place = members.firstIndex(of: name), members.count > 1, weight.isFinite else {
      return
    }
    let old = weights ?? Array(repeating: 1 / Double(members.count), count: members.count)
    let new = min(max(weight, 0), 1)
    let others = 1 - old[place]
    var next = contents
    next.weights = Self.normal(
      old.indices.map { index in
        if index == place { return new }
        return others > 1e-9
          ? old[index] / others * (1 - new) : (1 - new) / Double(members.count - 1)
      })
    step(to: next, weighing: name)
  }

  /// The same weight for all.
  package mutating func setEqualWeights() {
    var next = contents
    next.weights = nil
    step(to: next)
  }

  /// Weights with a sum of 1; nil when they are all the same, or nothing is left.
  private static func normal(_ weights: [Double]) -> [Double]? {
    let sum = weights.reduce(0, +)
    guard sum > 1e-12, let first = weights.first else { return nil }
    if weights.allSatisfy({ abs($0 - first) < 1e-12 }) { return nil }
    // Dividing by a sum that is 1 but for rounding would only spoil round numbers.
    return abs(sum - 1) < 1e-9 ? weights : weights.map { $0 / sum }
  }

  // MARK: Kept soups

  /// Keeps a soup, in place of one of the same name.
  package mutating func keep(_ soup: KeptSoup) {
    var next = contents
    if let place = kept.firstIndex(where: { $0.name == soup.name }) {
      next.kept[place] = soup
    } else {
      next.kept.append(soup)
    }
    step(to: next)
  }

  /// Lets go of a kept soup.
  package mutating func drop(_ name: String) {
    var next = contents
    next.kept.removeAll { $0.name == name }
    step(to: next)
  }

  /// Gives a kept soup another name; one that had it gives way.
  package mutating func rename(_ name: String, to other: String) {
    guard name != other, let soup = kept(named: name) else { return }
    var next = contents
    next.kept.removeAll { $0.name == other }
    guard let place = next.kept.firstIndex(where: { $0.name == name }) else { return }
    next.kept[place] = KeptSoup(
      name: other, blend: soup.blend, origin: soup.origin, scores: soup.scores, date: soup.date)
    step(to: next)
  }

  /// What was kept the last time; no step, for there is nothing to go back to.
  package mutating func load(_ kept: [KeptSoup]) { contents.kept = kept }

  /// What was at hand the last time; no step either.
  package mutating func recall(_ pick: HandPickedSet) {
    contents.members = pick.members
    contents.weights = pick.weights.flatMap(Self.normal)
  }

  // MARK: History

  private mutating func step(to next: Contents, weighing name: String? = nil) {
    guard next != contents else { return }
    if name == nil || name != weighing {
      past.append(contents)
      if past.count > Self.historyLimit { past.removeFirst() }
    }
    future = []
    weighing = name
    contents = next
  }

  /// Back to what was before the last step.
  package mutating func undo() {
    guard let previous = past.popLast() else { return }
    future.append(contents)
    weighing = nil
    contents = previous
  }

  /// Forward again after an undo.
  package mutating func redo() {
    guard let next = future.popLast() else { return }
    past.append(contents)
    weighing = nil
    contents = next
  }
}
