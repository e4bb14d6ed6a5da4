import TOMLText

/// A theme file as it is written: read and checked, not yet joined to the theme it extends.
struct ThemeDocument: Sendable {
  /// A colour as written: each depth may have its own.
  struct ColorValue: Hashable, Sendable {
    var rgb: RGB?
    /// An entry of the 256; `ansi` is one of the first sixteen.
    var c256, ansi: UInt8?
  }

  /// A colour, or the name of one that this theme or one it extends defines.
  enum ColorReference: Hashable, Sendable {
    case `default`
    case value(ColorValue)
    case named(String, TOMLPlaces.Place?)
  }

  /// One entry of `[gradient]`.
  struct Gradient: Hashable, Sendable {
    /// Mixed in OKLab.
    var stops: [ColorReference]
    /// The steps where there are 256 colours, since the nearest ones of the cube do not rise evenly.
    var c256: [UInt8]?
  }

  /// One entry of `[ui]`.
  struct Look: Hashable, Sendable {
    var foreground, background: ColorReference?
    var attributes: Attributes = []
    /// The attributes where there are no colours; `attributes` if nil.
    var monochrome: Attributes?
  }

  /// A character and its stand-in where only ASCII is shown.
  struct GlyphPair: Hashable, Sendable {
    var glyph: Character?
    var ascii: Character?
  }

  var file: String
  var name: String
  var appearance: Theme.Appearance?
  var extends: String?
  /// The ground that contrast is measured against when the background is the terminal's own.
  var canvas: RGB?
  var palette: [String: ColorReference] = [:]
  var looks: [Token: Look] = [:]
  var seriesColors: [ColorReference]?
  var seriesGlyphs: [Character]?
  var seriesASCII: [Character]?
  var gradients: [String: Gradient] = [:]
  var plot: PlotMarker?
  var border, borderFocus: BorderGlyphs?
  var glyphs: [String: GlyphPair] = [:]
  var spinner: [Character]?

  /// This theme with what it does not say taken from the one it extends.
  ///
  /// Palettes merge by name before any name is looked up, so that a theme may only recolour its
  /// parent.
  func over(_ parent: ThemeDocument) -> ThemeDocument {
    var joined = parent
    joined.file = file
    joined.name = name
    joined.appearance = appearance ?? parent.appearance
    joined.extends = nil
    joined.canvas = canvas ?? parent.canvas
    joined.palette.merge(palette) { $1 }
    joined.looks.merge(looks) { $1 }
    joined.seriesColors = seriesColors ?? parent.seriesColors
    joined.seriesGlyphs = seriesGlyphs ?? parent.seriesGlyphs
    joined.seriesASCII = seriesASCII ?? parent.seriesASCII
    joined.gradients.merge(gradients) { $1 }
    joined.plot = plot ?? parent.plot
    joined.border = border ?? parent.border
    joined.borderFocus = borderFocus ?? border ?? parent.borderFocus
    joined.glyphs.merge(glyphs) { $1 }
    joined.spinner = spinner ?? parent.spinner
    return joined
  }
}
