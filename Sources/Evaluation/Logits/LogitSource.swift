public import Averaging

/// Logits of blends on one split, evaluated when they are not known yet.
///
/// The kitchen is one; tests use small models of their own. Every call may suspend for long, and
/// throws `CancellationError` when its task is cancelled.
public protocol LogitSource: Sendable {
  /// The true class of each example, in the order of the rows.
  var labels: [Int32] { get }

  /// Logits of the model whose weights are `blend`, summed in single precision whatever the
  /// ingredients' element type: small steps along a line would drown in the rounding of a half.
  func logits(of blend: Blend) async throws -> Logits
}
