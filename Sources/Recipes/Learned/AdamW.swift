import Foundation

/// AdamW (Loshchilov and Hutter 2019) with a constant learning rate.
struct AdamW {
  let learningRate: Double
  let weightDecay: Double
  let decays = (first: 0.9, second: 0.999)
  let epsilon = 1e-8
  private var first: [Double]
  private var second: [Double]
  private var steps = 0

  init(count: Int, learningRate: Double, weightDecay: Double) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    first = Array(repeating: 0, count: count)
    second = first
  }

  /// Moves `parameters` one step against `gradient`.
  mutating func step(_ parameters: inout [Double], against gradient: [Double]) {
    steps += 1
    let firstBias = 1 - pow(decays.first, Double(steps))
    let secondBias = 1 - pow(decays.second, Double(steps))
    for index in parameters.indices {
      let slope = gradient[index]
      first[index] = decays.first * first[index] + (1 - decays.first) * slope
      second[index] = decays.second * second[index] + (1 - decays.second) * slope * slope
      parameters[index] *= 1 - learningRate * weightDecay
      parameters[index] -=
        learningRate * (first[index] / firstBias)
        / ((second[index] / secondBias).squareRoot() + epsilon)
    }
  }
}

/// The weights that a row of unconstrained numbers stands for: positive, of sum one.
enum Softmax {
  static func of(_ raw: [Double]) -> [Double] {
    let largest = raw.max() ?? 0
    let powers = raw.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// The gradient by the raw numbers, from that by the weights.
  static func pullBack(_ gradient: [Double], at weights: [Double]) -> [Double] {
    let mean = zip(gradient, weights).reduce(0) { $0 + $1.0 * $1.1 }
    return zip(gradient, weights).map { $1 * ($0 - mean) }
  }
}
