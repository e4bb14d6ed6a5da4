import Checkpoints

extension SweepReader {
  /// The manifest's, else `model.onnx`, the only `.onnx` file in the folder, or `evaluator.py`.
  mutating func findEvaluator() throws -> EvaluatorSpec? {
    if let said = manifest?.evaluator {
      let what = said.kind == .onnx ? "the model" : "the Python file"
      return EvaluatorSpec(
        kind: said.kind, file: try existing(said.file, what: what), options: said.options)
    }
    let models = entries(of: directory).filter { fileExtension(of: $0) == "onnx" }
    if models.contains("model.onnx") {
      return EvaluatorSpec(kind: .onnx, file: "\(directory)/model.onnx")
    }
    if models.count == 1 {
      return EvaluatorSpec(kind: .onnx, file: "\(directory)/\(models[0])")
    }
    if models.count > 1 {
      notes.append(
        Note(
          .warning, file: directory, "which model to evaluate with is unclear: \(listed(models))",
          mend: "Name it in stockpot.toml: [evaluator] with model = \"\(models[0])\""))
    } else if isThere("\(directory)/evaluator.py") {
      return EvaluatorSpec(kind: .python, file: "\(directory)/evaluator.py")
    }
    return nil
  }
}
