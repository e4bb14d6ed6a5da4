/// How gradients are followed.
package struct LearningSettings: Hashable, Sendable {
  package var learningRate: Double
  package var epochs: Int
  /// Examples a step; nil: 256, as the paper's code, or fewer where an epoch would otherwise have
  /// fewer than five steps.
  package var batch: Int?
  package var weightDecay = 0.0
  /// Of the order of examples.
  package var seed: UInt64 = 0

  package init(learningRate: Double, epochs: Int) {
    self.learningRate = learningRate
    self.epochs = epochs
  }

  /// Of the learned soup, as in the paper's appendix I.
  package static let learned = LearningSettings(learningRate: 0.1, epochs: 3)
  /// Of the soup learned by layer (the published `learned_bylayer.py`).
  package static let byLayer = LearningSettings(learningRate: 0.05, epochs: 5)

  func batchSize(examples: Int) -> Int {
    max(1, min(examples, batch ?? min(256, max(16, (examples + 4) / 5))))
  }
}

/// Which tensors share a row of mixing weights.
public enum LayerGrouping: String, Codable, CaseIterable, Hashable, Sendable {
  /// Each parameter tensor by itself, as the published code.
  case tensor
  /// The tensors of one module: those whose names differ in the last part alone.
  case module

  /// The rows for tensors of these names, in the order of their first tensors.
  package func rows(_ names: [String]) -> [[String]] {
    switch self {
    case .tensor: return names.map { [$0] }
    case .module:
      var places: [Substring: Int] = [:]
      var rows: [[String]] = []
      for name in names {
        let module = name.lastIndex(of: ".").map { name[..<$0] } ?? Substring(name)
        if let place = places[module] {
          rows[place].append(name)
        } else {
          places[module] = rows.count
          rows.append([name])
        }
      }
      return rows
    }
  }
}
