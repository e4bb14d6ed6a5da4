import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps
import Synchronization

/// A sweep of five tiny networks and their initialisation, which a toy evaluates in microseconds.
struct ToySweep {
  static let classes = 4
  static let inputs = 5
  static let hidden = 6
  static let tensors = [
    TensorInfo(name: "body.weight", dtype: .f32, shape: [hidden, inputs]),
    TensorInfo(name: "body.bias", dtype: .f32, shape: [hidden]),
    TensorInfo(name: "head.weight", dtype: .f32, shape: [classes, hidden]),
  ]

  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Self.write(to: folder.path)
  }

  /// The same files, whoever writes them.
  static func write(to path: String) throws {
    for folder in ["ingredients", "data"] {
      try FileManager.default.createDirectory(
        atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
    }
    var generator = SeededGenerator(seed: 20)
    let teacher = numbers(tensors.map(\.count).reduce(0, +), &generator)
    let start = zip(teacher, numbers(teacher.count, &generator)).map { $0 + 0.9 * $1 }
    try save(start, to: "\(path)/theta0.safetensors")
    for place in 0..<5 {
      let away = numbers(teacher.count, &generator)
      let weights = teacher.indices.map {
        0.35 * start[$0] + 0.65 * teacher[$0] + (0.2 + 0.08 * Float(place)) * away[$0]
      }
      try save(weights, to: "\(path)/ingredients/m\(place).safetensors")
    }
    try Data("[sweep]\ninitialisation = \"theta0.safetensors\"\n".utf8)
      .write(to: URL(fileURLWithPath: "\(path)/stockpot.toml"))
    for split in ["val", "test"] {
      let points = ToyEvaluator.points(of: split)
      let labels = points.map { point in
        let logits = ToyEvaluator.logits(teacher, point)
        return Int64(logits.indices.max { logits[$0] < logits[$1] } ?? 0)
      }
      try saveArray(
        points.flatMap(\.self), "<f4", [points.count, inputs], "\(path)/data/\(split)_x.npy")
      try saveArray(labels, "<i8", [labels.count], "\(path)/data/\(split)_y.npy")
    }
  }

  /// A kitchen on the folder, as a program that is started anew would open it.
  static func kitchen(
    at path: String, evaluator: ToyEvaluator = ToyEvaluator(),
    observer: @escaping @Sendable (KitchenEvent) -> Void = { _ in }
  ) throws -> Kitchen {
    try Kitchen(
      sweep: try Sweep.open(path), ledgerDirectory: path + "/.stockpot",
      evaluator: { _ in evaluator.at(path) }, observer: observer)
  }

  static func numbers(_ count: Int, _ generator: inout SeededGenerator) -> [Float] {
    (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
  }

  private static func save(_ values: [Float], to path: String) throws {
    let weights = try Weights(tensors) { room in
      var start = 0
      for (index, tensor) in tensors.enumerated() {
        values[start..<start + tensor.count].withUnsafeBytes { room[index].copyMemory(from: $0) }
        start += tensor.count
      }
    }
    try CheckpointOutput(path: path).writer(for: tensors).write(allOf: weights)
  }

  private static func saveArray<Value>(
    _ values: [Value], _ type: String, _ shape: [Int], _ path: String
  ) throws {
    let sizes = shape.map { "\($0)," }.joined()
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var data = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, 118, 0]) + Data(header.utf8)
    values.withUnsafeBytes { data.append(contentsOf: $0) }
    try data.write(to: URL(fileURLWithPath: path))
  }
}

/// Evaluates and differentiates the networks of `ToySweep`.
final class ToyEvaluator: Evaluator, BlendDifferentiating {
  /// Called before every evaluation and every gradient with its number, counted from 1, and in an
  /// evaluation once more half-way.
  typealias Hook = @Sendable (Int) throws -> Void

  private let hook: Hook
  private let folder: String
  private let calls: Counter

  final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    fileprivate func next() -> Int {
      count.withLock { count in
        count += 1
        return count
      }
    }
  }

  init(hook: @escaping Hook = { _ in }) {
    self.hook = hook
    folder = ""
    calls = Counter()
  }

  private init(_ other: ToyEvaluator, folder: String) {
    hook = other.hook
    calls = other.calls
    self.folder = folder
  }

  func at(_ folder: String) -> ToyEvaluator { ToyEvaluator(self, folder: folder) }

  /// Evaluations and gradients that were begun.
  var begun: Int { calls.value }

  var identity: EvaluatorIdentity {
    EvaluatorIdentity(kind: "toy", files: [folder + "/stockpot.toml"])
  }

  static func points(of split: String) -> [[Float]] {
    var generator = SeededGenerator(seed: split == "val" ? 5 : 6)
    return (0..<64).map { _ in ToySweep.numbers(ToySweep.inputs, &generator) }
  }

  func evaluate(
    _ weights: any TensorTable, on split: Split, order: [Int]?, batch: BatchSize?,
    receive: @escaping @Sendable (LogitBatch) -> Flow
  ) async throws {
    let values = try Self.values(of: weights)
    let points = Self.points(of: split.name)
    let order = order ?? Array(points.indices)
    let number = calls.next()
    try hook(number)
    for start in stride(from: 0, to: order.count, by: 16) {
      try Task.checkCancellation()
      let examples = order[start..<min(start + 16, order.count)]
      let logits = examples.flatMap { Self.logits(values, points[$0]) }
      if receive(LogitBatch(examples: examples, classes: ToySweep.classes, logits: logits)) == .stop
      {
        return
      }
      if start == 16 { try hook(number) }
    }
    try Task.checkCancellation()
  }

  static func logits(_ values: [Float], _ point: [Float]) -> [Float] {
    forward(values, point).logits
  }

  private static func forward(
    _ values: [Float], _ point: [Float]
  ) -> (units: [Float], logits: [Float]) {
    let (bias, head) = (ToySweep.tensors[0].count, ToySweep.tensors[0].count + ToySweep.hidden)
    let units = (0..<ToySweep.hidden).map { unit in
      tanh(
        (0..<ToySweep.inputs).reduce(values[bias + unit]) {
          $0 + 2 * values[unit * ToySweep.inputs + $1] * point[$1]
        })
    }
    let logits = (0..<ToySweep.classes).map { label in
      (0..<ToySweep.hidden).reduce(Float(0)) {
        $0 + 2 * values[head + label * ToySweep.hidden + $1] * units[$1]
      }
    }
    return (units, logits)
  }

  private static func values(of table: any TensorTable) throws -> [Float] {
    try ToySweep.tensors.flatMap { tensor in
      guard let index = table.index(of: tensor.name) else { throw CocoaError(.fileReadCorruptFile) }
      return try table.withBytes(ofTensorAt: index) { bytes in
        (0..<tensor.count).map {
          bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self)
        }
      }
    }
  }

  func gradients(
    on split: Split, ingredient: @escaping @Sendable (String) throws -> any TensorTable
  ) -> any BlendGradientSource {
    Gradients(evaluator: self, split: split, ingredient: ingredient)
  }

  /// Differences of the loss along each ingredient, tensor group by tensor group.
  private struct Gradients: BlendGradientSource {
    let evaluator: ToyEvaluator
    let split: Split
    let ingredient: @Sendable (String) throws -> any TensorTable

    var examples: Int { split.count }

    func gradient(
      ingredients: [String], weights: [[Double]], tensors: TensorGrouping, beta: Double,
      examples: [Int]
    ) async throws -> BlendGradient {
      try Task.checkCancellation()
      try evaluator.hook(evaluator.calls.next())
      let tables = try ingredients.map { try ToyEvaluator.values(of: ingredient($0)) }
      let rows = try rowOfEachValue(tensors)
      func loss(_ weights: [[Double]], _ beta: Double) -> Double {
        let mixed = rows.indices.map { place in
          Float(
            tables.indices.reduce(0.0) {
              $0 + weights[rows[place]][$1] * Double(tables[$1][place])
            })
        }
        let points = ToyEvaluator.points(of: split.name)
        let logits = Logits(
          rows: examples.count, classes: ToySweep.classes,
          values: examples.flatMap { ToyEvaluator.logits(mixed, points[$0]) })
        return logits.nll(examples.map { split.labels[$0] }, beta: beta)
      }
      let centre = loss(weights, beta)
      let slopes = weights.indices.map { row in
        weights[row].indices.map { column in
          var moved = weights
          moved[row][column] += 1e-3
          return (loss(moved, beta) - centre) / 1e-3
        }
      }
      return BlendGradient(
        loss: centre, weights: slopes, beta: (loss(weights, beta + 1e-3) - centre) / 1e-3)
    }

    private func rowOfEachValue(_ grouping: TensorGrouping) throws -> [Int] {
      let groups: [[String]] =
        switch grouping {
        case .all: [ToySweep.tensors.map(\.name)]
        case .byTensor(let names): names.map { [$0] }
        case .groups(let groups): groups
        }
      return ToySweep.tensors.flatMap { tensor in
        let row = groups.firstIndex { $0.contains(tensor.name) } ?? 0
        return Array(repeating: row, count: tensor.count)
      }
    }
  }
}
