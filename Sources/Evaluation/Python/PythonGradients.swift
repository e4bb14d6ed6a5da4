package import Checkpoints
import Foundation
import Synchronization

extension PythonEvaluator: BlendDifferentiating {
  package func gradients(
    on split: Split, ingredient: @escaping @Sendable (String) throws -> any TensorTable
  ) -> any BlendGradientSource {
    PythonGradients(evaluator: self, split: split, ingredient: ingredient)
  }
}

/// Gradients on one split; workers read the ingredients' files themselves.
private struct PythonGradients: BlendGradientSource {
  let evaluator: PythonEvaluator
  let split: Split
  let ingredient: @Sendable (String) throws -> any TensorTable

  var examples: Int { split.count }

  func gradient(
    ingredients: [String], weights: [[Double]], tensors: TensorGrouping, beta: Double,
    examples: [Int]
  ) async throws -> BlendGradient {
    precondition(
      weights.count == tensors.rows && weights.allSatisfy { $0.count == ingredients.count },
      "one row of weights a group, one column an ingredient")
    precondition(!ingredients.isEmpty && !examples.isEmpty, "nothing to differentiate")
    var request = WorkerRequest(.gradient)
    request.split = split.name
    request.ingredients = ingredients
    request.rows = weights
    request.beta = beta
    request.batch = evaluator.options.batch
    request.total = examples.count
    switch tensors {
    case .all: request.groups = nil
    case .byTensor(let names): request.groups = names.map { [$0] }
    case .groups(let groups): request.groups = groups
    }
    let asked = request
    return try await evaluator.turn.run {
      try await evaluator.leavingNobodyStuck {
        try await shared(asked, among: ingredients, examples)
      }
    }
  }

  /// Each worker does a part of the examples.
  private func shared(
    _ request: WorkerRequest, among ingredients: [String], _ examples: [Int]
  ) async throws -> BlendGradient {
    let slots = evaluator.slots.prefix(examples.count)
    let parts = try await withThrowingTaskGroup(of: BlendGradient.self) { group in
      for (number, slot) in slots.enumerated() {
        let part = examples[
          examples.count * number / slots.count..<examples.count * (number + 1) / slots.count]
        group.addTask {
          try await slot.use { ready in
            try await show(ingredients, to: ready.worker)
            // The model holds the blend afterwards, not the weights that were handed over.
            ready.worker.holdings.withLock { $0.weights = nil }
            let (answer, _) = try await ready.worker.call(
              request, payload: PythonWorker.bytes(part))
            return try gradient(answer)
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    return BlendGradient(
      loss: parts.map(\.loss).reduce(0, +),
      weights: request.rows.map { rows in
        rows.indices.map { row in
          rows[row].indices.map { column in parts.map { $0.weights[row][column] }.reduce(0, +) }
        }
      } ?? [],
      beta: parts.map(\.beta).reduce(0, +))
  }

  private func gradient(_ answer: WorkerAnswer) throws -> BlendGradient {
    guard let loss = answer.loss, let beta = answer.beta, let weights = answer.weights,
      weights.allSatisfy({ $0.allSatisfy { $0 != nil } })
    else {
      throw InputError(
        file: evaluator.file, place: "split \(split.name)",
        problem: "the loss or its gradient is not finite",
        mend: "Take smaller steps, or leave out ingredients whose logits are not finite")
    }
    return BlendGradient(
      loss: loss, weights: weights.map { $0.compactMap { $0 } }, beta: beta)
  }

  /// Tells a worker where the ingredients' tensors lie: each ingredient once, unless its files change.
  private func show(_ names: [String], to worker: PythonWorker) async throws {
    let known = worker.holdings.withLock { $0.ingredients }
    for name in Set(names).sorted() {
      var table = try ingredient(name)
      let stamps = FileStamps(files(of: table))
      if known[name] == stamps { continue }
      var copy: String?
      defer { if let copy { unlink(copy) } }
      if table.tensors.indices.contains(where: { table.place(ofTensorAt: $0) == nil }) {
        // Compressed or strided in its file; the worker maps a copy, which needs no name after that.
        let path = NSTemporaryDirectory() + "/stockpot-\(getpid())-\(UUID().uuidString).safetensors"
        try SafetensorsWriter.write(table, to: path)
        copy = path
        table = try SafetensorsFile(path: path)
      }
      _ = try await worker.call(request(showing: table, as: name))
      worker.holdings.withLock { $0.ingredients[name] = stamps }
    }
  }

  private func files(of table: any TensorTable) -> [String] {
    (table as? Checkpoint)?.files
      ?? Set(table.tensors.indices.compactMap { table.place(ofTensorAt: $0)?.file }).sorted()
  }

  private func request(showing table: any TensorTable, as name: String) -> WorkerRequest {
    var files: [String] = []
    var tensors: [WorkerRequest.PlacedTensor] = []
    for (index, info) in table.tensors.enumerated() {
      guard let place = table.place(ofTensorAt: index) else { continue }
      let path = URL(fileURLWithPath: place.file).path
      let file = files.lastIndex(of: path) ?? files.count
      if file == files.count { files.append(path) }
      tensors.append(
        WorkerRequest.PlacedTensor(
          name: info.name, dtype: info.dtype.rawValue, shape: info.shape, file: file,
          offset: place.offset))
    }
    var request = WorkerRequest(.ingredient)
    request.name = name
    request.files = files
    request.tensors = tensors
    return request
  }
}
