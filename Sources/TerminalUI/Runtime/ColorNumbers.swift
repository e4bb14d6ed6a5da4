import Themes

/// Says a colour in the numbers of one terminal.
///
/// Themes hand over colours already fitted to the depth in use; what a terminal still cannot show
/// becomes the nearest that it can, so that a wrong guess of the depth costs beauty only.
struct ColorNumbers {
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
      return index < 16
        ? reduced(index, to: count) : nearest(TerminalPalette.color(index), in: count)
    case (.palette(let count), .rgb(let red, let green, let blue)):
      return nearest(RGB(red, green, blue), in: count)
    }
  }

  private func reduced(_ index: UInt8, to count: Int) -> Code {
    Int(index) < count
      ? Code(number: Int32(index)) : Code(number: Int32(index & 7), isBright: true)
  }

  private func nearest(_ color: RGB, in count: Int) -> Code {
    count >= 256
      ? Code(number: Int32(TerminalPalette.nearest256(to: color)))
      : reduced(TerminalPalette.nearest16(to: color), to: count)
  }
}
