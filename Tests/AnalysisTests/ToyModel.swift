import Averaging
import Evaluation
import Glibc
import Synchronization

/// A model whose logits are known in closed form: `z = W x`, linear in the weights.
///
/// Soup and ensemble are the same here, so the gap is zero and its two terms must cancel. With
/// `bend`, `z = W x + bend · (W x)²` element by element, so that they differ.
final class ToyModel: LogitSource {
  let labels: [Int32]
  let classes: Int
  let width: Int
  let bend: Double
  let inputs: [[Double]]
  let weights: [String: [Double]]
  /// The blends that were asked for, without those asked before.
  let asked = Mutex<Set<Set<Blend.Term>>>([])

  init(
    seed: UInt64, names: [String], examples: Int = 200, classes: Int = 4, width: Int = 5,
    bend: Double = 0
  ) {
    var random = Gaussian(seed: seed)
    self.classes = classes
    self.width = width
    self.bend = bend
    inputs = (0..<examples).map { _ in (0..<width).map { _ in random.next() } }
    let centre = (0..<classes * width).map { _ in random.next() }
    weights = Dictionary(
      uniqueKeysWithValues: names.map { name in
        (name, centre.map { $0 + 0.5 * random.next() })
      })
    let truth = centre.map { $0 + 0.3 * random.next() }
    labels = inputs.map { input in
      let noisy = ToyModel.product(truth, input, classes).map { $0 + 1.2 * random.next() }
      return Int32(noisy.indices.max { noisy[$0] < noisy[$1] } ?? 0)
    }
  }

  func logits(of blend: Blend) async throws -> Logits {
    try Task.checkCancellation()
    asked.withLock { _ = $0.insert(Set(blend.terms)) }
    return Logits(
      rows: inputs.count, classes: classes, values: exact(blend).joined().map { Float($0) })
  }

  /// The logits in double precision, one row an example.
  func exact(_ blend: Blend) -> [[Double]] {
    var sum = Array(repeating: 0.0, count: classes * width)
    for term in blend.terms {
      for (place, value) in (weights[term.ingredient] ?? []).enumerated() {
        sum[place] += term.weight * value
      }
    }
    return inputs.map { ToyModel.product(sum, $0, classes).map { $0 + bend * $0 * $0 } }
  }

  /// Mean negative log-likelihood in double precision throughout.
  func exactLoss(_ blend: Blend, beta: Double) -> Double {
    ToyModel.loss(exact(blend), labels, beta: beta)
  }

  static func loss(_ rows: [[Double]], _ labels: [Int32], beta: Double) -> Double {
    zip(rows, labels).reduce(0) { sum, example in
      let scaled = example.0.map { beta * $0 }
      return sum + log(scaled.reduce(0) { $0 + exp($1) }) - scaled[Int(example.1)]
    } / Double(rows.count)
  }

  private static func product(_ weights: [Double], _ input: [Double], _ classes: Int) -> [Double] {
    (0..<classes).map { row in
      input.indices.reduce(0) { $0 + weights[row * input.count + $1] * input[$1] }
    }
  }
}

/// Normally distributed numbers from a seed (Box and Muller 1958).
struct Gaussian {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> Double {
    let (u, v) = (uniform(), uniform())
    return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
  }

  /// In (0, 1].
  mutating func uniform() -> Double {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return (Double(state >> 11) + 1) / 0x1p53
  }
}
