/// The tensors of one dictionary, and what of it was left out.
struct StateDictContents {
  /// Names, and indices into the graph's views.
  private(set) var tensors: [(name: String, view: Int)] = []
  private(set) var notes: [String] = []
  private let graph: PickleGraph
  private let file: String

  /// - Throws: `InputError` for a tensor of a kind that has no place in a table.
  init(of value: PickleValue, in graph: PickleGraph, file: String) throws {
    self.graph = graph
    self.file = file
    var others: [PickleEntry] = []
    for entry in graph.entries(value) ?? [] {
      switch (graph.object(entry.value)?.kind, entry.name) {
      case (.tensor(let index), let name?): tensors.append((name, index))
      case (.unsupportedTensor(let reason), let name?):
        throw InputError(
          file: file, place: "tensor \(name.excerpt)",
          problem: reason + ", of which no average is taken",
          mend: "Save it as an ordinary, dense tensor of numbers")
      default: others.append(entry)
      }
    }
    leaveOut(others)
    leaveOutCounter()
  }

  private mutating func leaveOut(_ entries: [PickleEntry]) {
    guard !entries.isEmpty else { return }
    let withTensors = graph.tensorsAndTheirHolders()
    let unnamed = entries.count { $0.name == nil && withTensors.contains($0.value) }
    if unnamed > 0 {
      notes.append(
        "left out \(unnamed.counting("entry", "entries")) with tensors under keys that are no names"
      )
    }
    func leaveOut(_ entries: [PickleEntry], _ one: String, _ many: String) {
      let names = entries.compactMap(\.name)
      guard !names.isEmpty else { return }
      notes.append("left out \(names.count.counting(one, many)): \(names.listed)")
    }
    leaveOut(
      entries.filter { withTensors.contains($0.value) }, "entry in which there are tensors",
      "entries in which there are tensors")
    leaveOut(
      entries.filter { !withTensors.contains($0.value) }, "entry that is no tensor",
      "entries that are no tensors")
  }

  /// `torch.optim.swa_utils.AveragedModel` counts the models it has averaged.
  private mutating func leaveOutCounter() {
    let counter = "n_averaged"
    let rest = tensors.filter { $0.name != counter }
    guard rest.count == tensors.count - 1, !rest.isEmpty,
      rest.allSatisfy({ $0.name.hasPrefix("module.") })
    else { return }
    tensors = rest
    notes.append("left out \(counter), the counter of AveragedModel")
  }
}

// MARK: - An average beside the weights

extension StateDictContents {
  /// The submodule in which latent diffusion models keep an average of `model`, without the dots in
  /// its names.
  static let flatAverage = "model_ema"
  /// What its buffers count.
  private static let counters: Set<String> = ["decay", "num_updates"]

  /// Whether it has weights, and an average of them among them.
  var hasFlatAverage: Bool {
    tensors.contains { isAverage($0.name) } && !tensors.allSatisfy { isAverage($0.name) }
  }

  private func isAverage(_ name: String) -> Bool { name.hasPrefix(Self.flatAverage + ".") }

  /// Leaves the average out, or puts it in the place of the weights that it is of.
  ///
  /// - Throws: `InputError` when it is not known which those are.
  mutating func separateAverage(taking weights: CheckpointOptions.Weights) throws {
    let averages = tensors.filter { isAverage($0.name) }
    tensors = tensors.filter { !isAverage($0.name) }
    guard weights == .ema else {
      notes.append(
        "also has averaged (EMA) weights in '\(Self.flatAverage)', which were left out")
      return
    }
    let places = Dictionary(
      tensors.enumerated().map { (Self.squeezed($1.name.dropPrefix("model.")), $0) }
    ) { _, last in last }
    var taken = 0
    for average in averages {
      let name = average.name.dropPrefix(Self.flatAverage + ".")
      if Self.counters.contains(name) { continue }
      guard let place = places[Self.squeezed(name)],
        graph.views[tensors[place].view].shape == graph.views[average.view].shape
      else {
        throw InputError(
          file: file, place: "tensor \(average.name.excerpt)",
          problem: "is an average (EMA) of none of the weights", mend: "Choose the raw weights")
      }
      tensors[place].view = average.view
      taken += 1
    }
    notes.append(
      "\(taken) of \(tensors.count.counting("tensor", "tensors")) are averaged (EMA), "
        + "of the others no average is kept")
  }

  private static func squeezed(_ name: String) -> String { name.filter { $0 != "." } }
}

extension String {
  fileprivate func dropPrefix(_ prefix: String) -> String {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }
}
