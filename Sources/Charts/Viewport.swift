import Foundation

/// The part of an axis that a person looks at: the whole, a window of their own, or the tail as it
/// grows.
package struct Viewport: Hashable, Sendable {
  /// What is seen.
  package enum Mode: Hashable, Sendable {
    case whole
    /// Kept as it is while data grow.
    case window(ClosedRange<Double>)
    /// The last values, so many of the axis's units wide.
    case tail(width: Double)
  }

  package private(set) var mode: Mode

  package init(_ mode: Mode = .whole) { self.mode = mode }

  /// Whether something else than the whole is seen.
  package var isZoomed: Bool { mode != .whole }

  package var followsTail: Bool {
    if case .tail = mode { true } else { false }
  }

  /// The window on an axis that reaches over `full`.
  package func visible(in full: ClosedRange<Double>) -> ClosedRange<Double> {
    switch mode {
    case .whole: full
    case .window(let window): window
    case .tail(let width):
      max(full.lowerBound, full.upperBound - width)...full.upperBound
    }
  }

  /// What to give an axis as its range: `.auto` while the whole is seen.
  package func reach(in full: ClosedRange<Double>) -> Axis.Reach {
    mode == .whole ? .auto : .fixed(visible(in: full))
  }

  /// Shows `factor` times as much about a value that stays where it is; below 1 zooms in.
  ///
  /// Seeing all there is becomes `.whole`. A tail keeps its end. The least width is a millionth of
  /// the whole.
  package mutating func zoom(
    by factor: Double, about value: Double, in full: ClosedRange<Double>
  ) {
    guard factor > 0, factor.isFinite, full.width > 0, value.isFinite else { return }
    let now = visible(in: full)
    let width = max(now.width * factor, full.width * 1e-6)
    // Halving and doubling again may end a rounding short of the whole.
    guard width < full.width * (1 - 1e-9) else {
      mode = .whole
      return
    }
    if followsTail {
      mode = .tail(width: width)
      return
    }
    let value = min(max(value, now.lowerBound), now.upperBound)
    let share = now.width > 0 ? (value - now.lowerBound) / now.width : 0.5
    show(value - share * width, width: width, in: full)
  }

  /// Moves by a share of what is seen, right for positive ones; stops at the ends, and lets go of
  /// the tail.
  package mutating func pan(by share: Double, in full: ClosedRange<Double>) {
    guard isZoomed, share.isFinite else { return }
    let now = visible(in: full)
    show(now.lowerBound + share * now.width, width: now.width, in: full)
  }

  /// Shows the whole.
  package mutating func reset() { mode = .whole }

  /// Sees the last values from now on, as wide as what is seen now; or lets go of them.
  package mutating func toggleTail(in full: ClosedRange<Double>) {
    let now = visible(in: full)
    mode = followsTail ? .window(now) : .tail(width: now.width)
  }

  private mutating func show(_ start: Double, width: Double, in full: ClosedRange<Double>) {
    let last = max(full.lowerBound, full.upperBound - width)
    let start = min(max(start, full.lowerBound), last)
    mode = .window(start...start + width)
  }
}

extension ClosedRange<Double> {
  var width: Double { upperBound - lowerBound }
}
