/// The ingredients chosen by hand, with a history that can be walked back and forth.
///
/// Members are kept by name and in the order they were put in, whatever the table shows or sorts.
package struct SoupSet: Hashable, Sendable {
  /// How many steps can be undone.
  package static let historyLimit = 200

  package private(set) var members: [String] = []
  private var past: [[String]] = []
  private var future: [[String]] = []

  package init() {}

  package func contains(_ name: String) -> Bool { members.contains(name) }
  package var canUndo: Bool { !past.isEmpty }
  package var canRedo: Bool { !future.isEmpty }

  /// Puts `name` in, or takes it out.
  package mutating func toggle(_ name: String) {
    replace(with: contains(name) ? members.filter { $0 != name } : members + [name])
  }

  /// Puts all of `names` in as one step; those already in stay where they are.
  package mutating func add(_ names: [String]) {
    let present = Set(members)
    replace(with: members + names.filter { !present.contains($0) })
  }

  /// Takes all of `names` out as one step.
  package mutating func remove(_ names: [String]) {
    let leaving = Set(names)
    replace(with: members.filter { !leaving.contains($0) })
  }

  /// Another set, as one step; nothing happens when it is the same.
  package mutating func replace(with names: [String]) {
    guard names != members else { return }
    past.append(members)
    if past.count > Self.historyLimit { past.removeFirst() }
    future = []
    members = names
  }

  /// Back to the set before the last step.
  package mutating func undo() {
    guard let previous = past.popLast() else { return }
    future.append(members)
    members = previous
  }

  /// Forward again after an undo.
  package mutating func redo() {
    guard let next = future.popLast() else { return }
    past.append(members)
    members = next
  }
}
