import Evaluation

/// A small sweep: one model that was trained shortly, and fine-tunes of it at many learning rates.
struct Sweep {
  let initialisation: String
  let ingredients: [String]
  let val: Split
  let test: Split
  let evaluator: NetworkEvaluator

  /// Trains everything and writes the checkpoints into a folder.
  init(in folder: String, seed: UInt64 = 7) throws {
    var noise = Noise(seed: seed)
    let early = Examples(60, mistakes: 0, using: &noise)
    let late = Examples(200, mistakes: 0.3, using: &noise)
    let base = Network(using: &noise)
      .trained(on: early, rate: 0.05, steps: 3000, using: &noise)
    initialisation = "\(folder)/theta0.safetensors"
    try base.write(to: initialisation)
    ingredients = (0..<8).map { "\(folder)/ft_\($0).safetensors" }
    for (index, path) in ingredients.enumerated() {
      try base.trained(on: late, rate: 0.02 * Double(index + 1), steps: 800, using: &noise)
        .write(to: path)
    }
    let selecting = Examples(300, mistakes: 0, using: &noise)
    let reporting = Examples(600, mistakes: 0, using: &noise)
    val = Split(name: "val", role: .val, inputs: [], labelsFile: "", labels: selecting.labels)
    test = Split(name: "test", role: .test, inputs: [], labelsFile: "", labels: reporting.labels)
    evaluator = NetworkEvaluator(points: ["val": selecting.points, "test": reporting.points])
  }
}
