import Checkpoints
import Evaluation
import Sweeps

/// Makes the evaluator that a sweep asks for.
enum EvaluatorFactory {
  /// - Throws: `InputError` when the sweep names no evaluator, or it cannot be started.
  /// - Parameter logFolder: where a Python evaluator's output is kept.
  static func make(for sweep: Sweep, logFolder: String) throws -> any Evaluator {
    let spec = try spec(of: sweep)
    switch spec.kind {
    case .onnx:
      return try OnnxEvaluator(model: spec.file, options: onnxOptions(spec))
    case .python:
      var options = pythonOptions(spec)
      options.folder = sweep.directory
      options.logFolder = logFolder
      return try PythonEvaluator(file: spec.file, options: options)
    }
  }

  /// What the logits of that evaluator depend on, told without starting it.
  /// - Throws: `InputError` when the sweep names no evaluator, or its files cannot be read.
  static func identity(for sweep: Sweep) throws -> EvaluatorIdentity {
    let spec = try spec(of: sweep)
    return switch spec.kind {
    case .onnx: try OnnxEvaluator.identity(model: spec.file, options: onnxOptions(spec))
    case .python: try PythonEvaluator.identity(file: spec.file, options: pythonOptions(spec))
    }
  }

  private static func spec(of sweep: Sweep) throws -> EvaluatorSpec {
    guard let spec = sweep.evaluator else {
      throw InputError(
        file: sweep.manifest ?? sweep.directory, place: "evaluator",
        problem: "nothing says how to evaluate this sweep",
        mend: "Export the model to model.onnx beside the ingredients, or name one in stockpot.toml")
    }
    return spec
  }

  private static func onnxOptions(_ spec: EvaluatorSpec) -> OnnxOptions {
    var options = OnnxOptions(
      parallelBatches: spec.integer("workers"), batch: spec.integer("batch"))
    if let threads = spec.integer("threads") { options.threadsPerBatch = threads }
    options.provider = spec.text("provider") ?? options.provider
    return options
  }

  private static func pythonOptions(_ spec: EvaluatorSpec) -> PythonOptions {
    var options = PythonOptions()
    options.python = spec.text("python")
    options.device = spec.text("device")
    options.workers = spec.integer("workers") ?? options.workers
    options.threads = spec.integer("threads")
    options.batch = spec.integer("batch") ?? options.batch
    options.arguments = spec.text("arguments") ?? options.arguments
    if case .number(let timeout) = spec.options["timeout"] { options.timeout = timeout }
    return options
  }
}

extension EvaluatorSpec {
  fileprivate func integer(_ key: String) -> Int? {
    if case .integer(let value) = options[key] { value } else { nil }
  }

  fileprivate func text(_ key: String) -> String? {
    if case .text(let value) = options[key] { value } else { nil }
  }
}
