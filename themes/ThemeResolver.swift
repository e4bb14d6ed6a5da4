import TOMLText

/// Fits a complete `ThemeDocument` to a terminal.
struct ThemeResolver {
  private let document: ThemeDocument
  private let depth: ColorDepth
  private let unicode: Bool
  private let transparent: Bool
  private let ground: ThemeDocument.ColorValue?
  private let canvas: RGB

  /// Fits a document, which must not extend another any more, to a terminal.
  ///
  /// - Throws: `ThemeError` where a colour's name is not defined.
  static func theme(
    _ document: ThemeDocument, depth: ColorDepth, unicode: Bool, transparent: Bool
  ) throws -> Theme {
    try ThemeResolver(
      document, depth: depth, unicode: unicode, transparent: transparent
    ).theme()
  }

  private init(
    _ document: ThemeDocument, depth: ColorDepth, unicode: Bool, transparent: Bool
  ) throws {
    self.document = document
    self.depth = depth
    self.unicode = unicode
    self.transparent = transparent
    let background = document.looks[.background]?.background ?? .default
    ground = try Self.value(of: background, in: document)
    canvas =
      ground.flatMap(Self.seen) ?? document.canvas
      ?? (document.appearance == .light ? RGB(255, 255, 255) : RGB(0, 0, 0))
  }

  private func theme() throws -> Theme {
    var styles: [Token: Style] = [:]
    for token in Token.allCases { styles[token] = try style(of: token) }
    return Theme(
      name: document.name, appearance: document.appearance ?? .dark, depth: depth,
      glyphs: glyphs(), canvas: canvas, styles: styles, looks: try series(),
      gradients: try document.gradients.mapValues(gradient))
  }

  private func style(of token: Token) throws -> Style {
    let look = document.looks[token]
    let text = document.looks[.text]
    let foreground = try color(look?.foreground ?? text?.foreground)
    var background = try color(look?.background ?? document.looks[.background]?.background)
    if transparent, look?.background == nil || token == .background { background = .default }
    let attributes = look?.attributes ?? []
    return Style(
      foreground: foreground, background: background,
      attributes: depth == .none ? look?.monochrome ?? attributes : attributes)
  }

  private func series() throws -> [SeriesLook] {
    let background = try style(of: .background).background
    let colors = document.seriesColors ?? [.default]
    var glyphs = document.seriesGlyphs ?? ["●"]
    if !unicode { glyphs = document.seriesASCII ?? ["*"] }
    return try colors.enumerated().map { index, reference in
      let value = try Self.value(of: reference, in: document)
      func look(_ share: Double) -> Style {
        let style = Style(foreground: fit(value), background: background)
        guard share > 0 else { return style }
        guard depth >= .indexed256, let rgb = value?.rgb else { return style.adding(.dim) }
        let mixed = OKLab(rgb).mixed(with: OKLab(canvas), share: share).rgb
        return Style(foreground: fit(.init(rgb: mixed)), background: background)
      }
      var band = look(0.5)
      if let rgb = value?.rgb, depth >= .indexed256 {
        band.background = fit(.init(rgb: OKLab(rgb).mixed(with: OKLab(canvas), share: 0.84).rgb))
      }
      return SeriesLook(
        style: look(0), faint: look(0.45), band: band, glyph: glyphs[index % glyphs.count])
    }
  }

  /// Up to 32 steps: more would cost a terminal more pairs and bytes than the eye sees.
  private func gradient(_ gradient: ThemeDocument.Gradient) throws -> [Color] {
    if depth == .indexed256, let steps = gradient.c256 { return steps.map { .indexed($0) } }
    let values = try gradient.stops.map { try Self.value(of: $0, in: document) }
    let labs = values.compactMap { $0.flatMap(Self.seen).map(OKLab.init) }
    guard depth >= .indexed256, labs.count == values.count,
      values.contains(where: { $0?.rgb != nil })
    else { return values.map(fit) }
    return (0..<32).map { step in
      let place = Double(step) / 31 * Double(labs.count - 1)
      let below = min(Int(place), labs.count - 2)
      let mixed = labs[below].mixed(with: labs[below + 1], share: place - Double(below))
      return fit(.init(rgb: mixed.rgb))
    }
  }

  private func glyphs() -> Glyphs {
    var glyphs = unicode ? Glyphs.unicodeSet : .asciiSet
    for (name, path) in GlyphNames.all {
      guard let pair = document.glyphs[name] else { continue }
      if let character = glyph(of: pair) { glyphs[keyPath: path] = character }
    }
    if let mark = document.glyphs["mark"].flatMap(glyph) { glyphs.mark = mark }
    guard unicode else { return glyphs }
    if let plot = document.plot { glyphs.plot = plot }
    if let border = document.border { glyphs.border = border }
    if let focus = document.borderFocus ?? document.border { glyphs.borderFocus = focus }
    if let spinner = document.spinner { glyphs.spinner = spinner }
    return glyphs
  }

  private func glyph(of pair: ThemeDocument.GlyphPair) -> Character? {
    if unicode { return pair.glyph ?? pair.ascii }
    return pair.ascii ?? pair.glyph.flatMap { $0.isASCII ? $0 : nil }
  }

  // MARK: Colours

  private func color(_ reference: ThemeDocument.ColorReference?) throws -> Color {
    fit(try reference.flatMap { try Self.value(of: $0, in: document) })
  }

  /// The colour at the terminal's depth: what the theme says for it, else the nearest.
  private func fit(_ value: ThemeDocument.ColorValue?) -> Color {
    guard let value, depth != .none else { return .default }
    if depth == .truecolor, let rgb = value.rgb { return .rgb(rgb.red, rgb.green, rgb.blue) }
    if depth >= .indexed256 {
      if let index = value.c256 { return .indexed(index) }
      if let rgb = value.rgb { return .indexed(TerminalPalette.nearest256(to: rgb)) }
    }
    if let index = value.ansi { return .indexed(index) }
    if let index = value.c256, index < 16 { return .indexed(index) }
    return Self.seen(value).map { .indexed(TerminalPalette.nearest16(to: $0)) } ?? .default
  }

  /// What a colour looks like; of the terminal's own sixteen, xterm's default.
  static func seen(_ value: ThemeDocument.ColorValue) -> RGB? {
    value.rgb ?? (value.c256 ?? value.ansi).map(TerminalPalette.color)
  }

  /// Looks up names, which may name names; nil is the terminal's own colour.
  static func value(
    of reference: ThemeDocument.ColorReference, in document: ThemeDocument
  ) throws -> ThemeDocument.ColorValue? {
    var reference = reference
    for _ in 0...document.palette.count {
      switch reference {
      case .default: return nil
      case .value(let value): return value
      case .named(let name, let place):
        if let next = document.palette[name] {
          reference = next
        } else if let index = TerminalPalette.names.firstIndex(of: name) {
          return .init(ansi: UInt8(index))
        } else {
          throw ThemeError(
            file: document.file, line: place?.line, column: place?.column,
            problem: "no colour is called \"\(name)\"",
            mend: Spelling.nearest(
              to: name, among: document.palette.keys.sorted() + TerminalPalette.names
            ).map { "Did you mean \"\($0)\"?" } ?? "Define it in [palette]")
        }
      }
    }
    throw ThemeError(file: document.file, problem: "colours of [palette] that name each other")
  }
}
