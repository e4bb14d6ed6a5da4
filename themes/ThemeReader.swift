import TOMLKit
import TOMLText

/// Turns the text of a theme file into a `ThemeDocument`.
///
/// Every key is known or an error; every error has its place.
struct ThemeReader {
  private let file: String
  private let places: TOMLPlaces

  /// Reads a theme file's text.
  ///
  /// - Throws: `ThemeError` with line and column.
  static func read(_ text: String, file: String, name: String) throws -> ThemeDocument {
    let toml: TOMLText
    do {
      toml = try TOMLText(text)
    } catch {
      throw ThemeError(
        file: file, line: error.place?.line, column: error.place?.column, problem: error.problem,
        mend: error.mend)
    }
    return try ThemeReader(file: file, places: toml.places).document(toml.table, name: name)
  }

  private init(file: String, places: TOMLPlaces) {
    self.file = file
    self.places = places
  }

  private func document(_ table: TOMLTable, name: String) throws -> ThemeDocument {
    var theme = ThemeDocument(file: file, name: name)
    for key in table.keys {
      let path = [key]
      switch key {
      case "meta": try meta(try self.table(table, path), into: &theme)
      case "palette":
        let palette = try self.table(table, path)
        for key in palette.keys {
          theme.palette[key] = try color(palette[key]?.tomlValue, path + [key])
        }
      case "ui":
        let ui = try self.table(table, path)
        for key in ui.keys { try look(key, ui[key]?.tomlValue, into: &theme) }
      case "series": try series(try self.table(table, path), into: &theme)
      case "gradient":
        let gradients = try self.table(table, path)
        for key in gradients.keys {
          theme.gradients[key] = try gradient(gradients[key]?.tomlValue, path + [key])
        }
      case "glyphs": try glyphs(try self.table(table, path), into: &theme)
      default:
        throw unknown(path, among: ["meta", "palette", "ui", "series", "gradient", "glyphs"])
      }
    }
    return theme
  }

  private func meta(_ table: TOMLTable, into theme: inout ThemeDocument) throws {
    for key in table.keys {
      let path = ["meta", key]
      let value = table[key]?.tomlValue
      switch key {
      case "name": theme.name = try string(value, path)
      case "extends": theme.extends = try string(value, path)
      case "appearance": theme.appearance = try choice(value, path)
      case "canvas":
        guard let rgb = RGB(hex: try string(value, path)) else {
          throw error(path, "not a colour", mend: "Write it as \"#rrggbb\"")
        }
        theme.canvas = rgb
      default: throw unknown(path, among: ["name", "extends", "appearance", "canvas"])
      }
    }
  }

  private func look(_ key: String, _ value: TOMLValue?, into theme: inout ThemeDocument) throws {
    let path = ["ui", key]
    guard let token = Token(rawValue: key) else {
      throw unknown(path, among: Token.allCases.map(\.rawValue))
    }
    var look = ThemeDocument.Look()
    guard let table = value?.table, table["rgb"] == nil else {
      let color = try color(value, path)
      if token == .background { look.background = color } else { look.foreground = color }
      theme.looks[token] = look
      return
    }
    for key in table.keys {
      let inner = path + [key]
      let value = table[key]?.tomlValue
      switch key {
      case "fg": look.foreground = try color(value, inner)
      case "bg": look.background = try color(value, inner)
      case "attrs": look.attributes = try attributes(value, inner)
      case "mono": look.monochrome = try attributes(value, inner)
      case "glyph" where token == .mark:
        theme.glyphs["mark", default: .init()].glyph = try character(value, inner)
      case "ascii" where token == .mark:
        theme.glyphs["mark", default: .init()].ascii = try ascii(value, inner)
      default: throw unknown(inner, among: ["fg", "bg", "attrs", "mono"])
      }
    }
    theme.looks[token] = look
  }

  private func series(_ table: TOMLTable, into theme: inout ThemeDocument) throws {
    for key in table.keys {
      let path = ["series", key]
      let value = table[key]?.tomlValue
      switch key {
      case "colors": theme.seriesColors = try list(value, path, color)
      case "glyphs": theme.seriesGlyphs = try list(value, path, character)
      case "ascii": theme.seriesASCII = try list(value, path, ascii)
      default: throw unknown(path, among: ["colors", "glyphs", "ascii"])
      }
    }
  }

  private func glyphs(_ table: TOMLTable, into theme: inout ThemeDocument) throws {
    for key in table.keys {
      let path = ["glyphs", key]
      let value = table[key]?.tomlValue
      switch key {
      case "plot": theme.plot = try choice(value, path)
      case "border": theme.border = try border(value, path)
      case "border-focus": theme.borderFocus = try border(value, path)
      case "spinner": theme.spinner = try list(value, path, character)
      case _ where GlyphNames.all.contains { $0.key == key }:
        theme.glyphs[key] = try pair(value, path)
      default:
        throw unknown(
          path, among: ["plot", "border", "border-focus", "spinner"] + GlyphNames.all.map(\.key))
      }
    }
  }
}

// MARK: - Values

extension ThemeReader {
  private func color(
    _ value: TOMLValue?, _ path: [String]
  ) throws -> ThemeDocument.ColorReference {
    if let text = value?.string {
      if text == "default" { return .default }
      if let rgb = RGB(hex: text) { return .value(.init(rgb: rgb)) }
      if text.hasPrefix("#") {
        throw error(path, "\"\(text)\" is not a colour", mend: "Write it as \"#rrggbb\"")
      }
      return .named(text, places[path])
    }
    if value?.int != nil { return .value(.init(c256: try index(value, path))) }
    guard let table = value?.table else {
      throw error(
        path, "not a colour",
        mend: "Give \"#rrggbb\", a palette name, \"default\", 0–255 or { rgb, c256, ansi }")
    }
    var color = ThemeDocument.ColorValue()
    for key in table.keys {
      let inner = path + [key]
      let value = table[key]?.tomlValue
      switch key {
      case "rgb":
        color.rgb = RGB(hex: try string(value, inner))
        if color.rgb == nil {
          throw error(inner, "not a colour", mend: "Write it as \"#rrggbb\"")
        }
      case "c256": color.c256 = try index(value, inner)
      case "ansi":
        let name = try string(value, inner)
        guard let index = TerminalPalette.names.firstIndex(of: name) else {
          throw unknown(inner, value: name, among: TerminalPalette.names)
        }
        color.ansi = UInt8(index)
      default: throw unknown(inner, among: ["rgb", "c256", "ansi"])
      }
    }
    guard color != .init() else { throw error(path, "a colour without a value") }
    return .value(color)
  }

  private func gradient(
    _ value: TOMLValue?, _ path: [String]
  ) throws -> ThemeDocument.Gradient {
    guard let table = value?.table else { return .init(stops: try stops(value, path)) }
    guard table["stops"] != nil else { throw error(path, "a gradient without stops") }
    var gradient = ThemeDocument.Gradient(stops: [])
    for key in table.keys {
      let inner = path + [key]
      switch key {
      case "stops": gradient.stops = try stops(table[key]?.tomlValue, inner)
      case "c256": gradient.c256 = try list(table[key]?.tomlValue, inner, index)
      default: throw unknown(inner, among: ["stops", "c256"])
      }
    }
    return gradient
  }

  private func stops(
    _ value: TOMLValue?, _ path: [String]
  ) throws -> [ThemeDocument.ColorReference] {
    let stops = try list(value, path, color)
    guard (2...9).contains(stops.count) else {
      throw error(path, "\(stops.count) stops in a gradient", mend: "Give two to nine")
    }
    return stops
  }

  private func attributes(_ value: TOMLValue?, _ path: [String]) throws -> Attributes {
    let names: [String: Attributes] = [
      "bold": .bold, "dim": .dim, "italic": .italic, "underline": .underline, "reverse": .reverse,
    ]
    var attributes: Attributes = []
    guard let array = value?.array else { throw error(path, "not a list of attributes") }
    for (index, item) in array.enumerated() {
      let inner = path + [String(index)]
      let name = try string(item.tomlValue, inner)
      guard let attribute = names[name] else {
        throw unknown(inner, value: name, among: names.keys.sorted())
      }
      attributes.insert(attribute)
    }
    return attributes
  }

  private func pair(_ value: TOMLValue?, _ path: [String]) throws -> ThemeDocument.GlyphPair {
    guard let table = value?.table else { return .init(glyph: try character(value, path)) }
    var pair = ThemeDocument.GlyphPair()
    for key in table.keys {
      let inner = path + [key]
      switch key {
      case "glyph": pair.glyph = try character(table[key]?.tomlValue, inner)
      case "ascii": pair.ascii = try ascii(table[key]?.tomlValue, inner)
      default: throw unknown(inner, among: ["glyph", "ascii"])
      }
    }
    return pair
  }

  private func border(_ value: TOMLValue?, _ path: [String]) throws -> BorderGlyphs {
    let name = try string(value, path)
    guard let border = BorderGlyphs.named(name) else {
      throw unknown(
        path, value: name, among: ["rounded", "single", "heavy", "double", "ascii"])
    }
    return border
  }

  private func character(_ value: TOMLValue?, _ path: [String]) throws -> Character {
    let text = try string(value, path)
    guard text.count == 1, let character = text.first, character.isOneColumn else {
      throw error(path, "not one character of one column", mend: "Give one narrow character")
    }
    return character
  }

  private func ascii(_ value: TOMLValue?, _ path: [String]) throws -> Character {
    let character = try character(value, path)
    guard character.isASCII else { throw error(path, "not an ASCII character") }
    return character
  }

  private func list<Element>(
    _ value: TOMLValue?, _ path: [String],
    _ read: (TOMLValue?, [String]) throws -> Element
  ) throws -> [Element] {
    guard let array = value?.array, !array.isEmpty else {
      throw error(path, "not a list, or an empty one")
    }
    return try array.enumerated().map { try read($1.tomlValue, path + [String($0)]) }
  }

  private func index(_ value: TOMLValue?, _ path: [String]) throws -> UInt8 {
    guard let number = value?.int, let index = UInt8(exactly: number) else {
      throw error(path, "not an index of the terminal's palette", mend: "Give 0–255")
    }
    return index
  }

  private func choice<Choice: RawRepresentable & CaseIterable>(
    _ value: TOMLValue?, _ path: [String]
  ) throws -> Choice where Choice.RawValue == String {
    let name = try string(value, path)
    guard let choice = Choice(rawValue: name) else {
      throw unknown(path, value: name, among: Choice.allCases.map(\.rawValue))
    }
    return choice
  }

  private func string(_ value: TOMLValue?, _ path: [String]) throws -> String {
    guard let text = value?.string else { throw error(path, "not a string") }
    return text
  }

  private func table(_ parent: TOMLTable, _ path: [String]) throws -> TOMLTable {
    guard let table = path.last.flatMap({ parent[$0]?.tomlValue.table }) else {
      throw error(path, "not a table")
    }
    return table
  }
}

// MARK: - Errors

extension ThemeReader {
  private func error(_ path: [String], _ problem: String, mend: String? = nil) -> ThemeError {
    let place = places[path]
    return ThemeError(
      file: file, line: place?.line, column: place?.column,
      problem: "\(path.joined(separator: ".")): \(problem)", mend: mend)
  }

  private func unknown(
    _ path: [String], value: String? = nil, among known: [String]
  ) -> ThemeError {
    let word = value ?? path.last ?? ""
    let mend: String
    if let near = Spelling.nearest(to: word, among: known) {
      mend = "Did you mean \"\(near)\"?"
    } else {
      mend = "Known: " + known.joined(separator: ", ")
    }
    return error(path, value.map { "unknown value \"\($0)\"" } ?? "unknown key", mend: mend)
  }
}
