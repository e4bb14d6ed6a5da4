import Checkpoints
import Evaluation
import Sweeps

/// Makes the evaluator that a sweep asks for.
enum EvaluatorFactory {
  /// - Throws: `InputError` when the sweep names no evaluator, or it cannot be started.
  static func make(for sweep: Sweep) throws -> any Evaluator {
    guard let spec = sweep.evaluator else {
      throw InputError(
        file: sweep.manifest ?? sweep.directory, place: "evaluator",
        problem: "nothing says how to evaluate this sweep",
        mend: "Export the model to model.onnx beside the ingredients, or name one in stockpot.toml")
    }
    switch spec.kind {
    case .onnx:
      return try OnnxEvaluator(model: spec.file, options: onnxOptions(spec))
    case .python:
      throw InputError(
        file: sweep.manifest ?? sweep.directory, place: "evaluator.kind",
        problem: "the python evaluator is not part of this version",
        mend: "Export the model to ONNX and say kind = \"onnx\"")
    }
  }

  private static func onnxOptions(_ spec: EvaluatorSpec) -> OnnxOptions {
    func integer(_ key: String) -> Int? {
      if case .integer(let value) = spec.options[key] { value } else { nil }
    }
    var options = OnnxOptions(parallelBatches: integer("workers"), batch: integer("batch"))
    if let threads = integer("threads") { options.threadsPerBatch = threads }
    if case .text(let provider) = spec.options["provider"] { options.provider = provider }
    return options
  }
}
