import Themes

/// Says a colour in the numbers of one terminal.
///
/// Themes hand over colours already fitted to the depth in use; what a terminal still cannot show
/// becomes the nearest that it can, so that a wrong guess of the depth costs beauty only.
struct TerminalPalette {
  /// How colours are numbered.
  enum Numbering: Equatable {
    /// There are no colours.
    case none
    /// Entries of a palette: 8, 16 or 256.
    case palette(Int)
    /// Red, green and blue in 24 bits; `TruecolorEntry` says how palette entries fit in.
    case direct
  }

  /// How colours are numbered.
  let numbering: Numbering
  /// Whether −1 may be asked for.
  let hasDefaults: Bool

  /// A colour as curses is told it.
  struct Code: Equatable {
    /// The number, −1 for the terminal's own.
    var number: Int32
    /// Whether the colour is the bright one of a terminal that shows brightness as bold.
    var isBright = false
  }

  /// The number of a foreground.
  func foreground(_ color: Color) -> Code { code(of: color, fallback: 7) }

  /// The number of a background, which has no bright form on terminals of eight colours.
  func background(_ color: Color) -> Code { code(of: color, fallback: 0) }

  private func code(of color: Color, fallback: Int32) -> Code {
    let plain = Code(number: hasDefaults ? -1 : fallback)
    switch (numbering, color.kind) {
    case (.none, _): return Code(number: -1)
    case (_, .default): return plain
    case (.direct, .indexed(let index)):
      return Code(number: TruecolorEntry.number(ofIndex: index))
    case (.direct, .rgb(let red, let green, let blue)):
      return Code(number: TruecolorEntry.number(red: red, green: green, blue: blue))
    case (.palette(let count), .indexed(let index)):
      if Int(index) < count { return Code(number: Int32(index)) }
      let (red, green, blue) = Self.channels(ofIndex: index)
      return index < 16 ? reduced(Int(index), to: count) : nearest(red, green, blue, in: count)
    case (.palette(let count), .rgb(let red, let green, let blue)):
      return nearest(Int(red), Int(green), Int(blue), in: count)
    }
  }

  private func reduced(_ index: Int, to count: Int) -> Code {
    index < count ? Code(number: Int32(index)) : Code(number: Int32(index & 7), isBright: true)
  }

  private func nearest(_ red: Int, _ green: Int, _ blue: Int, in count: Int) -> Code {
    let candidates = count >= 256 ? 16..<256 : 0..<16
    var best = candidates.lowerBound
    var bestDistance = Int.max
    for index in candidates {
      let (r, g, b) = Self.channels(ofIndex: UInt8(index))
      let distance =
        2 * (r - red) * (r - red) + 4 * (g - green) * (g - green) + 3 * (b - blue) * (b - blue)
      if distance < bestDistance {
        best = index
        bestDistance = distance
      }
    }
    return reduced(best, to: count)
  }

  /// The colour of a palette entry as xterm has it.
  static func channels(ofIndex index: UInt8) -> (red: Int, green: Int, blue: Int) {
    switch index {
    case 0..<16:
      let bright = index >= 8
      let on = bright ? 255 : 205
      if index == 7 { return (229, 229, 229) }
      if index == 8 { return (127, 127, 127) }
      return (index & 1 != 0 ? on : 0, index & 2 != 0 ? on : 0, index & 4 != 0 ? on : 0)
    case 16..<232:
      let levels = [0, 95, 135, 175, 215, 255]
      let cube = Int(index) - 16
      return (levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
    default:
      let grey = 8 + 10 * (Int(index) - 232)
      return (grey, grey, grey)
    }
  }
}
