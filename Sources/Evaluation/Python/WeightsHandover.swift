import Checkpoints
import Synchronization

/// The weights that workers are to load, as a safetensors file in shared memory.
///
/// The memory is kept between evaluations, and its header as long as names, types and shapes do not
/// change: fresh pages cost more than copying into them.
final class WeightsHandover: Sendable {
  /// What workers have to know of weights that were handed over.
  struct Ticket: Hashable, Sendable {
    /// Counts the weights.
    let generation: Int
    /// Counts changes of names, types and shapes.
    let layout: Int
    /// Bytes of the file.
    let size: Int
  }

  let descriptor: Int32
  private struct State: ~Copyable {
    let memory: SharedMemory
    var tensors: [TensorInfo] = []
    var layout = SafetensorsLayout([])
    /// Counts layouts; 0 for none.
    var layoutNumber = 0
    var ticket = Ticket(generation: 0, layout: 0, size: 0)
  }
  private let state: Mutex<State>

  init() throws {
    let memory = try SharedMemory()
    descriptor = memory.descriptor
    state = Mutex(State(memory: memory))
  }

  /// Hands over all of `weights`.
  ///
  /// - Throws: `InputError` when memory is short or a tensor cannot be read.
  func write(_ weights: any TensorTable) throws -> Ticket {
    try state.withLock { state in
      if state.tensors != weights.tensors || state.layoutNumber == 0 {
        let layout = SafetensorsLayout(weights.tensors)
        try state.memory.grow(to: layout.byteCount)
        layout.header.withUnsafeBytes { state.memory.write($0, at: 0) }
        state.layout = layout
        state.tensors = weights.tensors
        state.layoutNumber += 1
      }
      for (index, offset) in state.layout.offsets.enumerated() {
        try weights.withBytes(ofTensorAt: index) { state.memory.write($0, at: offset) }
      }
      state.ticket = Ticket(
        generation: state.ticket.generation + 1, layout: state.layoutNumber,
        size: state.layout.byteCount)
      return state.ticket
    }
  }
}
