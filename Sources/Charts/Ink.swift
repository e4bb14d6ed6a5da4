import Themes

/// The characters a chart is drawn with, for one marker.
struct Ink {
  let isASCII: Bool
  let upright, level, corner, tickLeft, tickDown, grid, crosshair: Unicode.Scalar
  let ellipsis: Character
  let dashed, dotted: DotCanvas.Dashes
  private let shades: [Unicode.Scalar]

  init(_ marker: PlotMarker) {
    isASCII = marker == .ascii
    if isASCII {
      (upright, level, corner, tickLeft, tickDown) = ("|", "-", "+", "+", "+")
      (grid, crosshair, ellipsis) = (" ", ":", "~")
      shades = Array(".:-=+*#%".unicodeScalars)
      (dashed, dotted) = (.init(on: 2, off: 1), .init(on: 1, off: 1))
    } else {
      (upright, level, corner, tickLeft, tickDown) = ("│", "─", "└", "┤", "┬")
      (grid, crosshair, ellipsis) = ("┈", "│", "…")
      shades = Array("░▒▓█".unicodeScalars)
      (dashed, dotted) = (.init(on: 3, off: 3), .init(on: 1, off: 3))
    }
  }

  /// A point's character, or its stand-in where only ASCII is shown.
  func point(_ glyph: Unicode.Scalar) -> Unicode.Scalar {
    isASCII && !glyph.isASCII ? "*" : glyph
  }

  /// A cell of two shades, one over the other; without colours the ground stays and the glyph tells the shade.
  func shaded(_ upper: Double?, _ lower: Double?) -> ChartCell? {
    guard let shade = upper ?? lower else { return nil }
    if isASCII {
      let mean = ((upper ?? shade) + (lower ?? shade)) / 2
      let step = min(shades.count - 1, max(0, Int(mean * Double(shades.count))))
      return ChartCell(shades[step], .shade(mean))
    }
    guard let upper, let lower else {
      return ChartCell(upper == nil ? "▄" : "▀", .shade(shade))
    }
    return ChartCell("▀", .shade(upper), on: .shade(lower))
  }
}
