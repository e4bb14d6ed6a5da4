package import Averaging
package import Checkpoints
import Evaluation
package import Ledger
package import Sweeps
import Synchronization

/// The checkpoints of a sweep, opened when first asked for and kept open while their files are what
/// they were.
///
/// An opened checkpoint is a memory map: keeping it costs address space, not memory. Their tensors go
/// by the names that the model has, without the prefixes that wrappers put before them.
package final class IngredientFiles: Sendable {
  private let sweep: Sweep
  private let ledger: Ledger
  private let opened = Mutex<[String: Opened]>([:])
  private let naming = Mutex<Naming?>(nil)

  /// A checkpoint and the files that it maps, as they stood before it was opened.
  private struct Opened: Sendable {
    let table: Checkpoint
    let stamps: FileStamps
    /// Nil until a blend asks.
    var traits: Traits?
  }

  /// What of an ingredient decides how an average is rounded, and what it takes from its first term.
  private struct Traits: Hashable {
    let isInSinglePrecision: Bool
    /// Of names and element types, within this process.
    let types: Int
    /// Of all integers, likewise.
    let integers: Int

    init(_ table: Checkpoint) throws {
      var (types, integers) = (Set<[String]>(), Hasher())
      isInSinglePrecision = table.tensors.allSatisfy {
        !$0.dtype.isFloatingPoint || $0.dtype == .f32
      }
      let byName = table.tensors.enumerated().sorted { $0.element.name < $1.element.name }
      for (place, info) in byName {
        if info.dtype.isFloatingPoint {
          types.insert([info.name, info.dtype.rawValue])
          // PyTorch counts batches, in which all runs differ and on which no prediction depends.
        } else if !info.name.hasSuffix("num_batches_tracked") {
          integers.combine(info.name)
          try table.withBytes(ofTensorAt: place) { integers.combine(bytes: $0) }
        }
      }
      self.types = types.hashValue
      self.integers = integers.finalize()
    }
  }

  /// What decides which of a wrapper's names are taken out of an ingredient's.
  private enum Naming {
    /// The names that the evaluator's model has.
    case model([String])
    /// What the ingredients and the initialisation agree on, by name.
    case agreed([String: Wrapping])
  }

  package init(sweep: Sweep, ledger: Ledger) {
    self.sweep = sweep
    self.ledger = ledger
  }

  /// The file of an ingredient, or of the initialisation.
  /// - Throws: `InputError` when the sweep has no such ingredient, or only its results.
  package func path(of name: String) throws -> String {
    guard let ingredient = sweep.ingredient(named: name) else {
      throw InputError(
        file: sweep.directory, problem: "no ingredient is named '\(name)'",
        mend: "`stockpot list` shows the names")
    }
    guard let file = ingredient.file else {
      throw InputError(
        file: sweep.directory, place: "ingredient \(name)",
        problem: "only its results are known, there are no weights to mix",
        mend: "Put its checkpoint into the sweep's folder")
    }
    return file
  }

  /// The opened checkpoint of an ingredient, under the model's names; opened anew when its files have
  /// changed, as those of a run that saves its best model do.
  /// - Throws: `InputError` when it cannot be read.
  package func table(of name: String) throws -> Checkpoint {
    if let known = opened.withLock({ $0[name] }), known.stamps.areCurrent { return known.table }
    var stamps = FileStamps([try path(of: name)])
    var plain = try open(name)
    // What it consists of is known only now.
    while plain.files != stamps.files {
      stamps = FileStamps(plain.files)
      plain = try open(name)
    }
    let table = plain.unwrapping(try wrapping(of: plain, named: name))
    let current = Opened(table: table, stamps: stamps)
    opened.withLock { $0[name] = current }
    return table
  }

  /// What names the ingredient's weights wherever they are kept: SHA-256 of its files.
  ///
  /// Fast when no file has changed since it was last hashed.
  /// - Throws: `InputError` when one cannot be read, or does not match its own checksums.
  package func address(of name: String) throws -> ContentAddress {
    try address(of: name) { try ledger.address(ofFile: $0) }
  }

  /// - Parameter hash: gives the addresses of files.
  func address(of name: String, hash: (String) throws -> ContentAddress) throws -> ContentAddress {
    let path = try path(of: name)
    let options = options(for: name)
    if options == CheckpointOptions(), !path.hasSuffix(".index.json") { return try hash(path) }
    return try .of(try table(of: name), opened: options, hash: hash)
  }

  /// The address of the weights that a blend makes.
  func address(of blend: Blend, precision: SumPrecision) throws -> ContentAddress {
    let members = try blend.terms.map { try address(of: $0.ingredient) }
    // Where nothing is added up, or all is in single precision already, both give the same numbers.
    let added =
      blend.singleIngredient == nil ? try blend.terms.map { try traits(of: $0.ingredient) } : []
    let isSource = precision == .source || added.allSatisfy(\.isInSinglePrecision)
    let spelling = isSource ? ContentAddress.sourcePrecision : "f32"
    let first = Self.dependsOnOrder(added, isSource: isSource) ? members.first : nil
    guard let tensors = blend.tensors else {
      return .ofBlend(
        Array(zip(members, blend.terms.map(\.weight))), precision: spelling, first: first)
    }
    return .ofBlend(
      byTensor: tensors.map { ($0.name, Array(zip(members, $0.weights))) }, precision: spelling,
      first: first)
  }

  /// Whether another order of the terms would make another soup: types and integers are the first's.
  private static func dependsOnOrder(_ members: [Traits], isSource: Bool) -> Bool {
    guard let first = members.first else { return false }
    return members.dropFirst().contains {
      isSource && $0.types != first.types || $0.integers != first.integers
    }
  }

  private func traits(of name: String) throws -> Traits {
    let table = try table(of: name)
    let known = opened.withLock { $0[name] }
    if let traits = known?.traits { return traits }
    let traits = try Traits(table)
    opened.withLock { opened in
      if opened[name]?.stamps == known?.stamps { opened[name]?.traits = traits }
    }
    return traits
  }

  /// The terms of a blend with their opened checkpoints, in its order.
  package func terms(of blend: Blend) throws -> [AverageTerm] {
    try blend.averageTerms { try table(of: $0) }
  }

  /// Runs `body`, whose errors name ingredients, with errors that name their files.
  func namingFiles<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as InputError {
      guard let path = try? path(of: error.file) else { throw error }
      throw InputError(
        file: path, place: error.place, problem: error.problem, mend: error.mend)
    }
  }

  // MARK: Opening

  /// The initialisation need not be wrapped as the fine-tuned checkpoints are.
  private func options(for name: String) -> CheckpointOptions {
    sweep.initialisation?.name == name
      ? CheckpointOptions(inert: sweep.checkpointOptions.inert) : sweep.checkpointOptions
  }

  private func open(_ name: String) throws -> Checkpoint {
    try Checkpoint.open(try path(of: name), options: options(for: name))
  }

  // MARK: Names

  private func wrapping(of checkpoint: Checkpoint, named name: String) throws -> Wrapping {
    let names = checkpoint.tensors.map(\.name)
    switch naming.withLock({ $0 }) ?? makeNaming() {
    case .model(let reference):
      return Wrapping.agreed(among: [names], reference: reference)[0]
    case .agreed(let wrappings):
      return wrappings[name] ?? .none
    }
  }

  private func makeNaming() -> Naming {
    let made = modelNames.map { Naming.model($0) } ?? agreedNaming()
    naming.withLock { $0 = made }
    return made
  }

  /// Names of the exported model's weights; constants that the exporter named are left out.
  private var modelNames: [String]? {
    guard let evaluator = sweep.evaluator, evaluator.kind == .onnx,
      let graph = try? OnnxGraph(path: evaluator.file)
    else { return nil }
    let names = graph.tensors.filter { $0.count > 1 && !$0.name.contains("::") }.map(\.name)
    return names.isEmpty ? nil : names
  }

  /// Opens every header; what cannot be read has no say.
  private func agreedNaming() -> Naming {
    let ingredients = sweep.ingredients + [sweep.initialisation].compactMap { $0 }
    let names = ingredients.filter { $0.file != nil }.map(\.name)
    let tables = names.compactMap { name in
      (try? open(name)).map { (name: name, tensors: $0.tensors.map(\.name)) }
    }
    let wrappings = Wrapping.agreed(among: tables.map(\.tensors))
    return .agreed(
      Dictionary(zip(tables.map(\.name), wrappings)) { first, _ in first })
  }
}
