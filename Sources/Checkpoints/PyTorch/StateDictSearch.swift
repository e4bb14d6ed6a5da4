/// Finds the state dict in what a training script saved.
///
/// A candidate is a dictionary with at least one tensor under a text key. Optimiser states and the
/// like are not looked into.
struct StateDictSearch {
  let graph: PickleGraph
  let file: String

  struct Found {
    let entry: String
    /// Names, and indices into `graph.views`.
    let tensors: [(name: String, view: Int)]
    let notes: [String]
  }

  private struct Candidate {
    let path: [String]
    let value: PickleValue
    /// How many of its tensors are no scalars: scalars may be metrics and steps.
    let arrays: Int
    var entry: String { path.joined(separator: ".") }
  }

  /// How deep wrappers are looked into; three is the deepest seen in the wild.
  private static let depth = 3
  private static let rawNames: Set<String> = [
    "state_dict", "model", "model_state_dict", "module", "network", "net", "params", "weights",
    "model_state", "model_weights", "state_dict_model",
  ]
  private static let emaNames: Set<String> = [
    "model_ema", "ema_state_dict", "state_dict_ema", "ema", "ema_model", "params_ema",
    "model_ema_state_dict", "ema_weights", "ema_params", "network_ema", "net_ema", "module_ema",
    "averaged_model", "model_averaged",
  ]
  private static let skipped: Set<String> = [
    "optimizer", "optim", "lr_scheduler", "scheduler", "scaler", "grad_scaler", "amp", "loops",
    "callbacks", "hyper_parameters", "rng_state", "param_groups", "criterion", "args", "config",
    "cfg",
  ]

  /// The state dict at the entry asked for, or the one there can be.
  ///
  /// - Throws: `InputError` when there is none, or several with nothing to choose by; it names
  ///   them.
  func find(_ options: CheckpointOptions) throws -> Found {
    let candidates = candidates()
    if let entry = options.entry {
      guard let chosen = candidates.first(where: { $0.entry == entry }) else {
        throw InputError(
          file: file, problem: "has no state dict under '\(entry)'",
          mend: candidates.isEmpty ? nil : "Choose one of \(list(candidates))")
      }
      return try found(chosen, among: candidates)
    }
    guard !candidates.isEmpty else {
      throw InputError(
        file: file, problem: "holds no state dict: \(description(graph.root))",
        mend: "Save one with torch.save(model.state_dict(), path)")
    }
    return try found(try choose(candidates, options.weights), among: candidates)
  }

  private func choose(_ candidates: [Candidate], _ weights: CheckpointOptions.Weights) throws
    -> Candidate
  {
    let averaged = candidates.filter { $0.path.contains(where: Self.emaNames.contains) }
    if weights == .ema {
      guard let only = try single(averaged) else {
        throw InputError(
          file: file, problem: "has no averaged (EMA) weights",
          mend: "Choose the raw weights, or one of \(list(candidates))")
      }
      return only
    }
    let raw = candidates.filter { !$0.path.contains(where: Self.emaNames.contains) }
    let named = raw.filter { $0.path.last.map(Self.rawNames.contains) ?? false }
    if let chosen = try single(named) { return chosen }
    if let root = raw.first, root.path.isEmpty {
      // Weights may have a few tensors nested among them, but not the other way round.
      guard raw.dropFirst().allSatisfy({ $0.arrays < root.arrays }) else {
        throw ambiguous(candidates)
      }
      return root
    }
    if let chosen = try single(raw) ?? single(averaged) { return chosen }
    throw ambiguous(candidates)
  }

  /// The only one; nil for none.
  private func single(_ candidates: [Candidate]) throws -> Candidate? {
    guard candidates.count > 1 else { return candidates.first }
    throw ambiguous(candidates)
  }

  private func ambiguous(_ candidates: [Candidate]) -> InputError {
    InputError(
      file: file, problem: "holds several state dicts: \(list(candidates))",
      mend: "Name one of them as the entry to use")
  }

  private func list(_ candidates: [Candidate]) -> String {
    let names = candidates.prefix(8).map { $0.path.isEmpty ? "the top level" : "'\($0.entry)'" }
    return names.joined(separator: ", ") + (candidates.count > 8 ? ", …" : "")
  }

  /// Breadth first, so that outer dictionaries come before inner ones.
  private func candidates() -> [Candidate] {
    var found: [Candidate] = []
    var seen: Set<PickleValue> = []
    var level: [(path: [String], value: PickleValue)] = [([], graph.root)]
    for _ in 0...Self.depth {
      var next: [(path: [String], value: PickleValue)] = []
      for (path, value) in level {
        guard let dictionary = graph.dictionary(value), seen.insert(dictionary).inserted,
          let entries = graph.entries(dictionary)
        else { continue }
        if entries.contains(where: { isTensor($0.value) }) {
          let arrays = entries.count { isArray($0.value) }
          found.append(Candidate(path: path, value: dictionary, arrays: arrays))
        }
        for (key, inner) in entries where !isSkipped(key) && graph.dictionary(inner) != nil {
          next.append((path + [key], inner))
        }
      }
      level = next
    }
    let withArrays = found.filter { $0.arrays > 0 }
    return withArrays.isEmpty ? found : withArrays
  }

  private func isSkipped(_ key: String) -> Bool {
    let key = key.lowercased()
    return Self.skipped.contains(key) || key.hasPrefix("optim") || key.hasSuffix("optimizer")
      || key.hasSuffix("scheduler") || key.hasPrefix("rng_state")
  }

  private func isTensor(_ value: PickleValue) -> Bool {
    switch graph.object(value)?.kind {
    case .tensor, .unsupportedTensor: true
    default: false
    }
  }

  private func isArray(_ value: PickleValue) -> Bool {
    switch graph.object(value)?.kind {
    case .tensor(let index): !graph.views[index].shape.isEmpty
    case .unsupportedTensor: true
    default: false
    }
  }

  private func found(_ candidate: Candidate, among candidates: [Candidate]) throws -> Found {
    var tensors: [(name: String, view: Int)] = []
    var others: [String] = []
    for (name, value) in graph.entries(candidate.value) ?? [] {
      switch graph.object(value)?.kind {
      case .tensor(let index): tensors.append((name, index))
      case .unsupportedTensor(let reason):
        throw InputError(
          file: file, place: "tensor \(name)", problem: reason + ", of which no average is taken")
      default: others.append(name)
      }
    }
    var notes: [String] = []
    let averaged = candidates.filter {
      $0.path != candidate.path && $0.path.contains(where: Self.emaNames.contains)
    }
    if !averaged.isEmpty { notes.append("also has averaged (EMA) weights in \(list(averaged))") }
    if !others.isEmpty {
      let shown = others.prefix(4).joined(separator: ", ") + (others.count > 4 ? ", …" : "")
      notes.append("left out \(others.count) entries that are no tensors: \(shown)")
    }
    return Found(entry: candidate.entry, tensors: tensors, notes: notes)
  }

  private func description(_ value: PickleValue) -> String {
    guard let object = graph.object(value) else { return "a single value" }
    switch object.kind {
    case .tensor, .unsupportedTensor: return "a single tensor"
    case .list, .tuple, .set: return "a list of \(object.items.count) values"
    case .dictionary, .namespace: return "a dictionary without tensors"
    case .opaque(let name): return "an object of class \(name)"
    case .storage: return "a storage"
    }
  }
}
