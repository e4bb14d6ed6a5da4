/// A kind of colour vision.
package enum ColorVision: String, CaseIterable, Sendable {
  case common
  case protanopia
  case deuteranopia
  case tritanopia

  /// What a colour looks like to this vision.
  ///
  /// Machado, Oliveira and Fernandes 2009, "A physiologically-based model for simulation of color
  /// vision deficiency", severity 1.0, applied to linear light.
  package func seen(_ color: RGB) -> RGB {
    guard let rows = matrix else { return color }
    let light = color.linear
    return RGB(
      linear: SIMD3((rows.0 * light).sum(), (rows.1 * light).sum(), (rows.2 * light).sum()))
  }

  private var matrix: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)? {
    switch self {
    case .common: nil
    case .protanopia:
      (
        SIMD3(0.152286, 1.052583, -0.204868), SIMD3(0.114503, 0.786281, 0.099216),
        SIMD3(-0.003882, -0.048116, 1.051998)
      )
    case .deuteranopia:
      (
        SIMD3(0.367322, 0.860646, -0.227968), SIMD3(0.280085, 0.672501, 0.047413),
        SIMD3(-0.011820, 0.042940, 0.968881)
      )
    case .tritanopia:
      (
        SIMD3(1.255528, -0.076749, -0.178779), SIMD3(-0.078411, 0.930809, 0.147602),
        SIMD3(0.004733, 0.691367, 0.303900)
      )
    }
  }
}
