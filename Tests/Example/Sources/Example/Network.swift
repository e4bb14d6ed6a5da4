import Averaging
import Checkpoints
import Foundation

/// One hidden layer: two numbers in, three classes out.
struct Network: Sendable {
  static let width = 8
  static let classes = 3
  static let tensors = [
    TensorInfo(name: "hidden.weight", dtype: .f32, shape: [width, 2]),
    TensorInfo(name: "hidden.bias", dtype: .f32, shape: [width]),
    TensorInfo(name: "out.weight", dtype: .f32, shape: [classes, width]),
    TensorInfo(name: "out.bias", dtype: .f32, shape: [classes]),
  ]

  /// One array a tensor, row-major.
  private var parameters: [[Double]]

  init(using noise: inout Noise) {
    parameters = Self.tensors.map { tensor in
      (0..<tensor.count).map { _ in 0.6 * noise.next() }
    }
  }

  init(_ table: any TensorTable) throws {
    parameters = try Self.tensors.map { tensor in
      guard let index = table.index(of: tensor.name), table.tensors[index].shape == tensor.shape
      else {
        throw InputError(file: "weights", place: tensor.name, problem: "do not fit the model")
      }
      return try table.values(ofTensorAt: index)
    }
  }

  func write(to path: String) throws {
    let weights = try Weights(Self.tensors) { room in
      for (index, values) in parameters.enumerated() {
        values.map(Float.init).withUnsafeBytes { room[index].copyMemory(from: $0) }
      }
    }
    try CheckpointOutput(path: path).writer(for: Self.tensors, overwrite: true)
      .write(allOf: weights)
  }

  func logits(_ point: SIMD2<Double>) -> [Double] { layers(point).logits }

  private func layers(_ point: SIMD2<Double>) -> (hidden: [Double], logits: [Double]) {
    let hidden = (0..<Self.width).map { unit in
      tanh(
        parameters[0][2 * unit] * point.x + parameters[0][2 * unit + 1] * point.y
          + parameters[1][unit])
    }
    let logits = (0..<Self.classes).map { label in
      (0..<Self.width).reduce(parameters[3][label]) {
        $0 + parameters[2][label * Self.width + $1] * hidden[$1]
      }
    }
    return (hidden, logits)
  }

  /// Stochastic gradient descent on the cross-entropy, one example a step.
  func trained(on examples: Examples, rate: Double, steps: Int, using noise: inout Noise) -> Network
  {
    var result = self
    for _ in 0..<steps {
      let index = Int.random(in: 0..<examples.points.count, using: &noise)
      result.step(examples.points[index], Int(examples.labels[index]), rate: rate)
    }
    return result
  }

  private mutating func step(_ point: SIMD2<Double>, _ label: Int, rate: Double) {
    let (hidden, logits) = layers(point)
    let powers = logits.map(exp)
    let sum = powers.reduce(0, +)
    var back = [Double](repeating: 0, count: Self.width)
    for output in 0..<Self.classes {
      let error = powers[output] / sum - (output == label ? 1 : 0)
      parameters[3][output] -= rate * error
      for unit in 0..<Self.width {
        let place = output * Self.width + unit
        back[unit] += error * parameters[2][place]
        parameters[2][place] -= rate * error * hidden[unit]
      }
    }
    for unit in 0..<Self.width {
      let slope = back[unit] * (1 - hidden[unit] * hidden[unit])
      parameters[0][2 * unit] -= rate * slope * point.x
      parameters[0][2 * unit + 1] -= rate * slope * point.y
      parameters[1][unit] -= rate * slope
    }
  }
}
