import Themes

/// The characters a chart is drawn with, for one marker.
struct Ink {
  let isASCII: Bool
  let upright, level, corner, tickLeft, tickDown, grid, crosshair: Unicode.Scalar
  let ellipsis: Character
  let dashed, dotted: DotCanvas.Dashes
  private let shades, blocks: [Unicode.Scalar]

  init(_ marker: PlotMarker) {
    isASCII = marker == .ascii
    if isASCII {
      (upright, level, corner, tickLeft, tickDown) = ("|", "-", "+", "+", "+")
      (grid, crosshair, ellipsis) = (" ", ":", "~")
      blocks = Array("_.-=#".unicodeScalars)
      shades = Array(" .:-=+*#%@".unicodeScalars)
      (dashed, dotted) = (.init(on: 2, off: 1), .init(on: 1, off: 1))
    } else {
      (upright, level, corner, tickLeft, tickDown) = ("│", "─", "└", "┤", "┬")
      (grid, crosshair, ellipsis) = ("┈", "│", "…")
      blocks = Array("▁▂▃▄▅▆▇█".unicodeScalars)
      shades = Array(" ░▒▓█".unicodeScalars)
      (dashed, dotted) = (.init(on: 3, off: 3), .init(on: 1, off: 3))
    }
  }

  /// A point's character, or its stand-in where only ASCII is shown.
  func point(_ glyph: Unicode.Scalar) -> Unicode.Scalar {
    guard isASCII, !glyph.isASCII else { return glyph }
    return Self.standIns[glyph] ?? "*"
  }

  private static let standIns: [Unicode.Scalar: Unicode.Scalar] = [
    "◆": "@", "▲": "%", "■": "=", "●": "*", "✚": "+", "▼": "v", "○": "o", "★": "#",
    "✓": "+", "✗": "x", "·": ".", "─": "-", "▇": "#", "△": "^", "▽": "v", "◇": "&", "◎": "O",
  ]

  /// A cell filled from below to a height of 0–1, or nil for next to nothing.
  func block(_ height: Double) -> Unicode.Scalar? {
    let step = Int((min(max(height, 0), 1) * Double(blocks.count)).rounded())
    return step > 0 ? blocks[step - 1] : nil
  }

  /// The block that covers its cell, so that its colour may as well be the ground of something else.
  var fullBlock: Unicode.Scalar? { isASCII ? nil : blocks.last }

  /// A cell of two shades 0–1, one over the other; nil where neither was measured.
  ///
  /// Shades go in 32 steps, so that a terminal needs few pairs of colours.
  func shaded(_ upper: Double?, _ lower: Double?, _ shading: HeatMap.Shading) -> ChartCell? {
    guard let shade = upper ?? lower else { return nil }
    if isASCII || shading == .glyphs {
      let mean = ((upper ?? shade) + (lower ?? shade)) / 2
      let step = min(shades.count - 1, max(0, Int(mean * Double(shades.count))))
      return ChartCell(shades[step], .shade(Self.step(mean)))
    }
    guard let upper, let lower else {
      return ChartCell(upper == nil ? "▄" : "▀", .shade(Self.step(shade)))
    }
    return ChartCell("▀", .shade(Self.step(upper)), on: .shade(Self.step(lower)))
  }

  private static func step(_ shade: Double) -> Double {
    (min(max(shade, 0), 1) * 31).rounded() / 31
  }
}
