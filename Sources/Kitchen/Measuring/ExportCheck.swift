import Checkpoints
import Evaluation
import Ledger
import Sweeps
import Synchronization

extension Kitchen {
  /// Compares an exported model with the sweep's checkpoints, once for each export: an exporter that
  /// folds one weight into another may keep names and shapes.
  ///
  /// A model that was exported from none of them is used as it is, which is told.
  /// - Throws: `InputError` naming the weights that were changed on the way.
  func checkExport() throws {
    let atWork = try evaluatorAtWork()
    guard let evaluator = atWork.evaluator as? OnnxEvaluator else { return }
    try isExportChecked.withLock { isChecked in
      guard !isChecked else { return }
      if try ledger.reading(of: atWork.address, against: nil) == nil {
        let names = ([sweep.initialisation].compactMap(\.self) + sweep.ingredients)
          .filter { $0.file != nil }.map(\.name)
        let origin = try evaluator.graph.origin(among: names) { try files.table(of: $0) }
        if origin == nil {
          observer(
            .notice(
              "\(sweep.evaluator?.file ?? "the model") was exported from none of these checkpoints: "
                + "whether the exporter changed weights cannot be checked"))
        }
        try ledger.keepReading(origin ?? "", of: atWork.address, against: nil)
      }
      isChecked = true
    }
  }
}
