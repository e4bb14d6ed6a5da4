/// Where in a graph tensors are.
extension PickleGraph {
  func isTensor(_ value: PickleValue) -> Bool {
    switch object(value)?.kind {
    case .tensor, .unsupportedTensor: true
    default: false
    }
  }

  /// Whether it is a tensor and no scalar: scalars may be metrics and steps.
  func isArray(_ value: PickleValue) -> Bool {
    switch object(value)?.kind {
    case .tensor(let index): !views[index].shape.isEmpty
    case .unsupportedTensor: true
    default: false
    }
  }

  /// Whether there is a tensor that is no scalar anywhere.
  var hasArrays: Bool { objects.indices.contains { isArray(.object($0)) } }

  /// All tensors and what holds them, however deep; in linear time.
  func tensorsAndTheirHolders() -> Set<PickleValue> {
    var holders: [[Int]] = Array(repeating: [], count: objects.count)
    for (index, object) in objects.enumerated() {
      for case .object(let item) in object.items { holders[item].append(index) }
    }
    var found: Set<PickleValue> = []
    var open = objects.indices.filter { isTensor(.object($0)) }
    while let index = open.popLast() {
      if found.insert(.object(index)).inserted { open += holders[index] }
    }
    return found
  }
}
