import Foundation

/// The same numbers every time: SplitMix64, and normal ones from it (Box and Muller 1958).
struct Noise: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func next() -> Double {
    let (u, v) = (
      Double.random(in: 1e-9...1, using: &self), Double.random(in: 0...1, using: &self)
    )
    return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
  }
}

/// Points of three arms of a spiral, which overlap, and the arm of each.
struct Examples: Sendable {
  let points: [SIMD2<Double>]
  let labels: [Int32]

  /// - Parameter mistakes: the share of labels that are wrong.
  init(_ count: Int, mistakes: Double, using noise: inout Noise) {
    var points: [SIMD2<Double>] = []
    var labels: [Int32] = []
    for _ in 0..<count {
      let arm = Int.random(in: 0..<3, using: &noise)
      let radius = Double.random(in: 0.2...2, using: &noise)
      let angle = 2 * .pi * Double(arm) / 3 + 1.2 * radius
      let blur = SIMD2<Double>(noise.next(), noise.next()) * 0.25
      points.append(SIMD2(radius * cos(angle), radius * sin(angle)) + blur)
      let isWrong = Double.random(in: 0..<1, using: &noise) < mistakes
      labels.append(Int32(isWrong ? Int.random(in: 0..<3, using: &noise) : arm))
    }
    self.points = points
    self.labels = labels
  }
}
