import COnnxRuntime
import Checkpoints

/// A model made ready to run.
final class OnnxSession: Sendable {
  // Freed once, in `deinit`; ONNX Runtime lets several threads run one session.
  nonisolated(unsafe) private let session: OpaquePointer
  private let runtime: OnnxRuntime

  /// - Parameters:
  ///   - model: a serialised ModelProto.
  ///   - weights: values of external initializers, copied.
  init(
    _ runtime: OnnxRuntime, model: [UInt8], threads: Int, provider: String?,
    weights: OnnxWeights? = nil
  ) throws(OnnxFailure) {
    var session: OpaquePointer?
    let message: UnsafeMutablePointer<CChar>? = Self.withOptional(provider) { provider in
      let settings = onnx_settings(threads: Int32(clamping: threads), provider: provider)
      return model.withUnsafeBytes { model in
        guard let base = model.baseAddress else { return nil }
        let make = { (tensors: UnsafeBufferPointer<onnx_tensor>) in
          onnx_session_create(
            runtime.library, base, model.count, settings, tensors.baseAddress, tensors.count,
            &session)
        }
        guard let weights else { return make(UnsafeBufferPointer(start: nil, count: 0)) }
        return weights.withTensors(make)
      }
    }
    try OnnxFailure.check(message)
    guard let session else { throw OnnxFailure(message: "the model is empty") }
    self.session = session
    self.runtime = runtime
  }

  deinit { onnx_session_free(session) }

  /// A new binding; `output` is the name of the output that is wanted.
  func binding(output: String) throws(OnnxFailure) -> OnnxBinding {
    var binding: OpaquePointer?
    try OnnxFailure.check(onnx_binding_create(session, output, &binding))
    guard let binding else { throw OnnxFailure(message: "no binding was made") }
    return OnnxBinding(binding, of: self)
  }

  private static func withOptional<Result>(
    _ text: String?, _ body: (UnsafePointer<CChar>?) -> Result
  ) -> Result {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
  }
}

/// Inputs and output of runs of one session: belongs to one thread.
final class OnnxBinding {
  private let binding: OpaquePointer
  // Keeps what the binding reads alive.
  private let session: OnnxSession
  private var weights: OnnxWeights?

  fileprivate init(_ binding: OpaquePointer, of session: OnnxSession) {
    self.binding = binding
    self.session = session
  }

  deinit { onnx_binding_free(binding) }

  /// Binds all of `weights` as inputs.
  func bind(_ weights: OnnxWeights) throws(OnnxFailure) {
    self.weights = weights
    var message: UnsafeMutablePointer<CChar>?
    weights.withTensors { tensors in
      for tensor in tensors where message == nil { message = onnx_binding_set(binding, tensor) }
    }
    try OnnxFailure.check(message)
  }

  /// Runs once on `inputs`, which are only read during the call, and lends the output.
  func run<Result>(
    _ inputs: [OnnxInputBuffer], stopper: OnnxStopper,
    _ body: (onnx_output) throws -> Result
  ) throws -> Result {
    for input in inputs {
      let message = input.name.withCString { name in
        input.shape.map(Int64.init).withUnsafeBufferPointer { shape in
          onnx_binding_set(
            binding,
            onnx_tensor(
              name: name, type: input.dtype.onnxNumber, shape: shape.baseAddress,
              rank: shape.count, data: input.bytes.baseAddress, bytes: input.byteCount))
        }
      }
      try OnnxFailure.check(message)
    }
    var output = onnx_output()
    try OnnxFailure.check(onnx_binding_run(binding, stopper.stopper, &output))
    return try body(output)
  }
}

/// Stops runs from another thread.
final class OnnxStopper: Sendable {
  // Freed once, in `deinit`; stopping is allowed from any thread.
  nonisolated(unsafe) let stopper: OpaquePointer
  private let runtime: OnnxRuntime

  init(_ runtime: OnnxRuntime) throws(OnnxFailure) {
    var stopper: OpaquePointer?
    try OnnxFailure.check(onnx_stopper_create(runtime.library, &stopper))
    guard let stopper else { throw OnnxFailure(message: "no run options were made") }
    self.stopper = stopper
    self.runtime = runtime
  }

  deinit { onnx_stopper_free(stopper) }

  func stop() { onnx_stopper_stop(stopper) }
}
