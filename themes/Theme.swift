/// How one series of a chart looks.
package struct SeriesLook: Hashable, Sendable {
  /// The series itself.
  package let style: Style
  /// The same, faded towards the background: a series that is not in focus, or raw data under a
  /// smoothed line.
  package let faint: Style
  /// Fainter still: its foreground for the edges of a confidence band, its background for the area.
  package let band: Style
  /// Its points, so that series are told apart without colour.
  package let glyph: Character
}

/// A look for every part of the screen, fitted to a terminal's colours and characters.
package struct Theme: Sendable {
  /// The ground a theme is made for.
  package enum Appearance: String, CaseIterable, Codable, Sendable {
    case dark
    case light

    /// What suits a ground: light where black is read more easily on it than white.
    package init(of ground: RGB) {
      self = ground.luminance > 0.18 ? .light : .dark
    }
  }

  package let name: String
  package let appearance: Appearance
  /// The colours every style here is fitted to.
  package let depth: ColorDepth
  package let glyphs: Glyphs
  /// What contrast is measured against: the background, or where that is the terminal's own, what
  /// it is taken to be.
  package let canvas: RGB

  let styles: [Token: Style]
  let looks: [SeriesLook]
  let gradients: [String: [Color]]

  /// The look of a part of the screen, complete: colours it does not name are those of the text and
  /// the background.
  package subscript(_ token: Token) -> Style { styles[token] ?? .plain }

  /// How many series have a colour of their own; beyond, colours come again with other glyphs.
  package var seriesCount: Int { looks.count }

  /// The look of the series of number `index`, which may be any number.
  ///
  /// Glyphs shift by one each time the colours come round, so that a pair comes again as late as
  /// possible.
  package func series(_ index: Int) -> SeriesLook {
    let round = index.floorDivided(by: looks.count)
    let look = looks[index - round * looks.count]
    guard round != 0 else { return look }
    let glyph = looks[(index + round).floorRemainder(by: looks.count)].glyph
    return SeriesLook(style: look.style, faint: look.faint, band: look.band, glyph: glyph)
  }

  /// The names of the gradients.
  package var gradientNames: [String] { gradients.keys.sorted() }

  /// The colour at `position` 0–1 of a gradient, in at most 32 steps; the default colour where
  /// there are none.
  ///
  /// A name the theme does not know gives its `heat` gradient; NaN gives the default colour.
  package func gradient(_ name: String, at position: Double) -> Color {
    guard !position.isNaN, let steps = gradients[name] ?? gradients["heat"] else {
      return .default
    }
    let position = min(max(position, 0), 1)
    return steps[Int((position * Double(steps.count - 1)).rounded())]
  }
}

extension Int {
  func floorDivided(by divisor: Int) -> Int {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  func floorRemainder(by divisor: Int) -> Int { self - floorDivided(by: divisor) * divisor }
}

extension Theme {
  /// What a colour of this theme looks like: the terminal's own is black or white, against the
  /// canvas.
  package func seen(_ color: Color) -> RGB {
    switch color.kind {
    case .default: canvas.luminance > 0.4 ? RGB(0, 0, 0) : RGB(255, 255, 255)
    case .indexed(let index): TerminalPalette.color(index)
    case .rgb(let red, let green, let blue): RGB(red, green, blue)
    }
  }

  /// Black or white, whichever is read more easily on a ground; the default colour on the
  /// terminal's own.
  package func ink(on ground: Color) -> Color {
    guard ground != .default, depth != .none else { return .default }
    let isBright = seen(ground).contrast(with: RGB(0, 0, 0)) > 8
    switch depth {
    case .truecolor: return isBright ? .rgb(0x10, 0x12, 0x18) : .rgb(0xf4, 0xf5, 0xf9)
    case .indexed256: return .indexed(isBright ? 233 : 255)
    case .ansi16, .none: return .indexed(isBright ? 0 : 15)
    }
  }
}
