import Foundation

/// xterm's 256 colours: what an index looks like, and the index that looks most like a colour.
package enum TerminalPalette {
  /// The names of the first sixteen, as theme files write them.
  package static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "bright-black", "bright-red", "bright-green", "bright-yellow",
    "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
  ]

  /// What an index looks like; of 0–15, which terminals redefine, xterm's default.
  package static func color(_ index: UInt8) -> RGB { colors[Int(index)] }

  /// The entry of 16–255 that is nearest in OKLab.
  package static func nearest256(to color: RGB) -> UInt8 {
    let wanted = OKLab(color)
    var (best, least) = (16, Double.infinity)
    for index in 16...255 {
      let distance = labs[index].distance(to: wanted)
      if distance < least { (best, least) = (index, distance) }
    }
    return UInt8(best)
  }

  /// The entry of 0–15 that says most nearly the same.
  ///
  /// Colourful colours keep their hue, since the plain distance turns every pastel into grey; greys
  /// go by lightness.
  package static func nearest16(to color: RGB) -> UInt8 {
    let wanted = OKLab(color)
    guard wanted.chroma > 0.05 else {
      let greys: [UInt8] = [0, 8, 7, 15]
      return nearest(greys) { abs(labs[Int($0)].lightness - wanted.lightness) }
    }
    let hue = atan2(wanted.b, wanted.a)
    let plain: UInt8 = nearest([1, 2, 3, 4, 5, 6]) { index in
      let lab = labs[Int(index) + 8]
      let turn = abs(atan2(lab.b, lab.a) - hue)
      return min(turn, 2 * Double.pi - turn)
    }
    return wanted.lightness > 0.68 ? plain + 8 : plain
  }

  private static func nearest(_ indices: [UInt8], by distance: (UInt8) -> Double) -> UInt8 {
    var (best, least) = (indices[0], Double.infinity)
    for index in indices where distance(index) < least { (best, least) = (index, distance(index)) }
    return best
  }

  private static let colors: [RGB] = {
    let hex = [
      "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
      "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
    ]
    let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
    var colors = hex.compactMap { RGB(hex: $0) }
    for cube in 0..<216 {
      colors.append(RGB(levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6]))
    }
    for grey in 0..<24 {
      let level = UInt8(8 + 10 * grey)
      colors.append(RGB(level, level, level))
    }
    return colors
  }()

  private static let labs: [OKLab] = colors.map { OKLab($0) }
}
