/// Measures both ways of swapping weights on a few examples of a split.
struct OnnxSwapTrial {
  let engine: OnnxEngine
  let weights: OnnxWeights
  let inputs: OnnxInputs
  let stopper: OnnxStopper

  /// Few, so that the trial is short; enough that a batch is more than its overhead.
  private static let examples = 16

  /// - Parameter expected: examples that a session evaluates with one set of weights.
  func measure(expected: Int) throws -> OnnxEvaluator.SwapMeasurement {
    let fused = try time(.initializers)
    guard let plain = try timeWithInputs() else {
      return OnnxEvaluator.SwapMeasurement(
        session: fused.swap, exampleWithInitializers: fused.example, bind: nil,
        exampleWithInputs: nil, choice: .initializers)
    }
    let count = Double(expected)
    let choice: OnnxSwap =
      fused.swap + count * fused.example < plain.swap + count * plain.example
      ? .initializers : .inputs
    return OnnxEvaluator.SwapMeasurement(
      session: fused.swap, exampleWithInitializers: fused.example, bind: plain.swap,
      exampleWithInputs: plain.example, choice: choice)
  }

  /// Nil when the model cannot take its weights as inputs: some operators want constants.
  private func timeWithInputs() throws -> (swap: Double, example: Double)? {
    do {
      // The first use makes the session that is kept from then on.
      _ = try time(.inputs)
      return try time(.inputs)
    } catch is OnnxFailure {
      return nil
    }
  }

  /// Seconds to swap, and for one example: the better of two after a first run.
  private func time(_ swap: OnnxSwap) throws -> (swap: Double, example: Double) {
    let rows = inputs.fixedBatch ?? min(Self.examples, inputs.exampleCount)
    let examples = Array(0..<min(rows, inputs.exampleCount))[...]
    let buffers = inputs.buffers(rows: rows)
    let clock = ContinuousClock()
    let start = clock.now
    let binding = try engine.load(weights, by: swap).binding()
    let swapped = start.duration(to: clock.now)
    var best = Duration.seconds(1_000_000)
    for run in 0..<3 {
      let time = try clock.measure {
        _ = try engine.logits(
          of: examples, from: inputs, in: buffers, with: binding, stopper: stopper)
      }
      if run > 0 { best = min(best, time) }
    }
    return (swapped / .seconds(1), best / .seconds(1) / Double(examples.count))
  }
}
