/// Finds the state dict in what a training script saved.
///
/// A candidate is a dictionary with at least one tensor under a text key. Optimiser states and the
/// like are looked into only for an entry that was asked for, or for averages that nothing else has.
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
    /// How many of its tensors are no scalars.
    let arrays: Int
    /// Whether it lies in an optimiser's state or the like.
    let isHidden: Bool
    var entry: String { path.joined(separator: ".") }
    var isAveraged: Bool { path.contains(where: StateDictSearch.emaNames.contains) }
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
    let walk = walk()
    if let entry = options.entry {
      guard let chosen = walk.candidates.first(where: { $0.entry == entry }) else {
        let shown = walk.candidates.filter { !$0.isHidden || $0.isAveraged }
        throw InputError(
          file: file, problem: "has no state dict under '\(entry)'",
          mend: shown.isEmpty ? nil : "Choose one of \(list(shown))")
      }
      return try found(chosen, options.weights, among: walk.candidates)
    }
    let all = walk.candidates.filter { !$0.isHidden }
    let withArrays = all.filter { $0.arrays > 0 }
    guard !withArrays.isEmpty || (!all.isEmpty && !graph.hasArrays) else {
      throw nothing(all, unnamed: walk.unnamed)
    }
    let candidates = withArrays.isEmpty ? all : withArrays
    let hidden = walk.candidates.filter { $0.isHidden && $0.isAveraged && $0.arrays > 0 }
    return try choose(candidates, options.weights, hidden: hidden, unnamed: walk.unnamed)
  }

  private func choose(
    _ candidates: [Candidate], _ weights: CheckpointOptions.Weights, hidden: [Candidate],
    unnamed: [[String]]
  ) throws -> Found {
    let all = candidates + hidden
    guard weights == .ema else { return try found(try raw(candidates), .raw, among: all) }
    let averaged = candidates.filter(\.isAveraged)
    if let only = try single(averaged.isEmpty ? hidden : averaged) {
      return try found(only, .raw, among: all)
    }
    if let list = unnamed.first(where: { $0.last == Self.shadowName }) {
      throw withoutNames(list)
    }
    let main = try raw(candidates)
    guard try contents(of: main).hasFlatAverage else {
      throw InputError(
        file: file, problem: "has no averaged (EMA) weights",
        mend: "Choose the raw weights, or one of \(list(candidates))")
    }
    return try found(main, .ema, among: all)
  }

  /// The weights that the optimiser changes.
  private func raw(_ candidates: [Candidate]) throws -> Candidate {
    let raw = candidates.filter { !$0.isAveraged }
    let named = raw.filter { $0.path.last.map(Self.rawNames.contains) ?? false }
    if let chosen = try single(named) { return chosen }
    if let root = raw.first, root.path.isEmpty {
      // Weights may have a few tensors nested among them, but not the other way round.
      guard raw.dropFirst().allSatisfy({ $0.arrays < root.arrays }) else {
        throw ambiguous(candidates)
      }
      return root
    }
    if let chosen = try single(raw) ?? single(candidates.filter(\.isAveraged)) { return chosen }
    throw ambiguous(candidates)
  }

  /// The only one; nil for none.
  private func single(_ candidates: [Candidate]) throws -> Candidate? {
    guard candidates.count > 1 else { return candidates.first }
    throw ambiguous(candidates)
  }

  private func contents(of candidate: Candidate) throws -> StateDictContents {
    try StateDictContents(of: candidate.value, in: graph, file: file)
  }

  private func found(
    _ candidate: Candidate, _ weights: CheckpointOptions.Weights, among candidates: [Candidate]
  ) throws -> Found {
    var contents = try contents(of: candidate)
    var path = candidate.path
    if contents.hasFlatAverage {
      try contents.separateAverage(taking: weights)
      // The same keys lead to both: what was taken must show in the entry.
      if weights == .ema { path.append(StateDictContents.flatAverage) }
    }
    let averaged = candidates.filter { $0.path != candidate.path && $0.isAveraged }
    let notes =
      averaged.isEmpty ? [] : ["also has averaged (EMA) weights in \(list(averaged))"]
    return Found(
      entry: path.joined(separator: "."), tensors: contents.tensors,
      notes: notes + contents.notes + graph.notesOnUnknowns)
  }
}

// MARK: - Looking through the graph

extension StateDictSearch {
  private typealias Place = (path: [String], value: PickleValue)

  private struct Walk {
    var candidates: [Candidate] = []
    /// Paths of lists with tensors in them.
    var unnamed: [[String]] = []
    var seen: Set<PickleValue> = []
  }

  /// Breadth first, so that outer dictionaries come before inner ones, and hidden ones last.
  private func walk() -> Walk {
    var walk = Walk()
    let skipped = look(from: [([], graph.root)], hidden: false, &walk)
    _ = look(from: skipped, hidden: true, &walk)
    return walk
  }

  /// - Returns: what lies under keys that are skipped.
  private func look(from start: [Place], hidden isHidden: Bool, _ walk: inout Walk) -> [Place] {
    var skipped: [Place] = []
    var level = start
    while !level.isEmpty {
      var next: [Place] = []
      for (path, value) in level {
        guard let dictionary = graph.dictionary(value),
          walk.seen.insert(dictionary).inserted, let entries = graph.entries(dictionary)
        else { continue }
        // Numbers are names in the state dict of a list of modules, which is all of its file.
        let named = entries.filter { $0.text != nil || (path.isEmpty && $0.name != nil) }
        if named.contains(where: { graph.isTensor($0.value) }) {
          walk.candidates.append(
            Candidate(
              path: path, value: dictionary, arrays: named.count { graph.isArray($0.value) },
              isHidden: isHidden))
        }
        for entry in entries {
          guard let key = entry.text else { continue }
          if !isHidden, graph.items(entry.value)?.contains(where: graph.isTensor) == true {
            walk.unnamed.append(path + [key])
          }
          guard path.count < Self.depth, graph.dictionary(entry.value) != nil else { continue }
          if !isHidden, isSkipped(key) {
            skipped.append((path + [key], entry.value))
          } else {
            next.append((path + [key], entry.value))
          }
        }
      }
      level = next
    }
    return skipped
  }

  private func isSkipped(_ key: String) -> Bool {
    let key = key.lowercased()
    return Self.skipped.contains(key) || key.hasPrefix("optim") || key.hasSuffix("optimizer")
      || key.hasSuffix("scheduler") || key.hasPrefix("rng_state")
  }
}

// MARK: - What is wrong

extension StateDictSearch {
  /// Where torch-ema and diffusers keep their average: a list in the order of the parameters.
  private static let shadowName = "shadow_params"

  /// - Parameter scalars: candidates that are no weights, since larger tensors are elsewhere.
  private func nothing(_ scalars: [Candidate], unnamed: [[String]]) -> InputError {
    if let list = unnamed.first(where: { $0.last == Self.shadowName }) ?? unnamed.first {
      return withoutNames(list)
    }
    return InputError(
      file: file,
      problem: scalars.isEmpty
        ? "holds no state dict: \(description(graph.root))"
        : "holds no state dict: in \(list(scalars)) are scalars alone, and larger tensors elsewhere",
      mend: "Save one with torch.save(model.state_dict(), path)")
  }

  private func withoutNames(_ path: [String]) -> InputError {
    InputError(
      file: file,
      problem: "holds no state dict: the tensors in '\(path.joined(separator: "."))' have no names",
      mend: path.last == Self.shadowName
        ? "Copy them into the model with ema.copy_to(model.parameters()), then "
          + "torch.save(model.state_dict(), path)"
        : "Save one with torch.save(model.state_dict(), path)")
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

  private func description(_ value: PickleValue) -> String {
    guard let object = graph.object(value) else { return "a single value" }
    switch object.kind {
    case .tensor, .unsupportedTensor: return "a single tensor"
    case .list, .tuple, .set: return "a list of \(object.items.count.counting("value", "values"))"
    case .dictionary, .namespace: return "a dictionary without tensors"
    case .opaque(let name): return "an object of class \(name)"
    case .storage: return "a storage"
    }
  }
}

extension PickleGraph {
  /// What the unpickler passed over without knowing it.
  fileprivate var notesOnUnknowns: [String] {
    let unknown = globals.filter { $0.meaning == nil }
    guard !unknown.isEmpty else { return [] }
    return ["unknown classes and functions were passed over: \(unknown.map(\.path).listed)"]
  }
}
