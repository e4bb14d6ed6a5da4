import Averaging
package import Checkpoints
import Synchronization

extension PythonEvaluator: BatchNormEstimating {
  package func batchNormStatistics(
    of weights: any TensorTable, from split: Split
  ) async throws -> any TensorTable {
    try await turn.run {
      let ticket = try handover.write(weights)
      let (answer, payload) = try await slots[0].use { ready in
        try await ready.worker.load(ticket)
        var request = WorkerRequest(.reestimate)
        request.split = split.name
        request.batch = options.batch
        // The model's own buffers are overwritten.
        ready.worker.holdings.withLock { $0.weights = nil }
        return try await ready.worker.call(request)
      }
      let infos = (answer.tensors ?? []).compactMap { tensor in
        DType(rawValue: tensor.dtype).map {
          TensorInfo(name: tensor.name, dtype: $0, shape: tensor.shape)
        }
      }
      return try Weights(infos) { room in
        var start = 0
        payload.withUnsafeBytes { bytes in
          for (index, info) in infos.enumerated() {
            let part = bytes[start..<start + info.byteCount]
            room[index].copyMemory(from: UnsafeRawBufferPointer(rebasing: part))
            start += info.byteCount
          }
        }
      }
    }
  }
}
