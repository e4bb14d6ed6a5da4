/// Where the keys and elements of a TOML text stand, which its parser does not tell.
///
/// This only follows the structure of a valid document: headers, keys, strings, arrays and inline
/// tables. Of an invalid one it finds no more than `fatal`.
package struct TOMLPlaces: Sendable {
  /// Both from one; columns in Unicode scalars, as the parser counts them.
  package struct Place: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let line: Int
    package let column: Int

    package static func < (left: Place, right: Place) -> Bool {
      (left.line, left.column) < (right.line, right.column)
    }

    package var description: String { "line \(line), column \(column)" }
  }

  /// By the path of keys, in which an array's element is its number; of a table the first place that
  /// names it.
  package let places: [[String]: Place]
  /// The first place where a table's name, or an array's element, does not begin as it can.
  ///
  /// These are what the parser (toml++ 3) asserts and does not check: it ends the process on `[=]`
  /// and on `a = [}`, so such documents must not reach it.
  let fatal: Place?

  init(_ document: String) {
    var scanner = Scanner(document)
    scanner.scan()
    places = scanner.places
    fatal = scanner.fatal
  }

  /// The place of the deepest part of a path that has one.
  package subscript(path: [String]) -> Place? {
    var path = path[...]
    while !path.isEmpty {
      if let place = places[Array(path)] { return place }
      path = path.dropLast()
    }
    return nil
  }

  /// Keys of the table at `path` as they stand in the text.
  package func inOrder(_ keys: [String], under path: [String]) -> [String] {
    let last = Place(line: .max, column: .max)
    return keys.sorted { (places[path + [$0]] ?? last) < (places[path + [$1]] ?? last) }
  }

  /// `line 4, column 1, key splits.val.inputs`.
  package func describe(_ path: [String]) -> String {
    let key = "key " + path.joined(separator: ".")
    guard let place = places[path] else { return key }
    return "\(place), \(key)"
  }
}

extension TOMLPlaces {
  fileprivate struct Scanner {
    private let text: [Unicode.Scalar]
    private var position = 0
    private var line = 1
    private var lineStart = 0
    private var table: [String] = []
    private var depth = 0
    var places: [[String]: Place] = [:]
    var fatal: Place?

    /// The parser refuses what is nested deeper.
    private static let deepest = 256

    init(_ document: String) { text = Array(document.unicodeScalars) }

    mutating func scan() {
      while skipBlank(), position < text.count {
        if text[position] == "[" {
          header()
        } else {
          keyAndValue(under: table)
        }
      }
    }

    private mutating func header() {
      for _ in 0..<2 where position < text.count && text[position] == "[" { advance() }
      skipSpace()
      let begins = position < text.count && (isBare(text[position]) || isQuote(text[position]))
      if !begins, fatal == nil { fatal = here }
      table = key(under: [])
      while position < text.count, text[position] == "]" { advance() }
    }

    /// Reads a dotted key and notes the place of each of its parts.
    private mutating func key(under base: [String]) -> [String] {
      var path = base
      while position < text.count {
        skipSpace()
        let place = here
        path.append(keyPart())
        if places[path] == nil { places[path] = place }
        skipSpace()
        guard position < text.count, text[position] == "." else { break }
        advance()
      }
      return path
    }

    private mutating func keyPart() -> String {
      guard position < text.count else { return "" }
      if isQuote(text[position]) { return string() }
      var part = String.UnicodeScalarView()
      while position < text.count, isBare(text[position]) {
        part.append(text[position])
        advance()
      }
      if part.isEmpty { advance() }
      return String(part)
    }

    private mutating func keyAndValue(under base: [String]) {
      let path = key(under: base)
      if position < text.count, text[position] == "=" { advance() }
      skipSpace()
      value(at: path)
    }

    private mutating func value(at path: [String]) {
      guard position < text.count else { return }
      depth += 1
      defer { depth -= 1 }
      guard depth <= Self.deepest else {
        position = text.count
        return
      }
      switch text[position] {
      case "\"", "'": _ = string()
      case "[":
        advance()
        var number = 0
        while skipBlank(alsoCommas: true), position < text.count, text[position] != "]" {
          let isElement = text[position] != "}" && !text[position].properties.isWhitespace
          if !isElement, fatal == nil { fatal = here }
          let element = path + [String(number)]
          if places[element] == nil { places[element] = here }
          value(at: element)
          number += 1
        }
        advance()
      case "{":
        advance()
        while skipBlank(alsoCommas: true), position < text.count, text[position] != "}" {
          keyAndValue(under: path)
        }
        advance()
      default:
        let start = position
        while position < text.count, !",]}#\n".unicodeScalars.contains(text[position]) {
          advance()
        }
        if position == start { advance() }
      }
    }

    /// A string of any of the four kinds, without its quotes; escapes stay as they are.
    private mutating func string() -> String {
      let quote = text[position]
      let isLong =
        text[position...].prefix(3).allSatisfy { $0 == quote } && position + 2 < text.count
      for _ in 0..<(isLong ? 3 : 1) { advance() }
      var content = String.UnicodeScalarView()
      while position < text.count {
        if text[position] == "\\", quote == "\"", position + 1 < text.count {
          content.append(text[position])
          advance()
        } else if text[position] == quote {
          let run = text[position...].prefix { $0 == quote }.count
          if !isLong || run >= 3 {
            // Up to two quotes may precede the closing three.
            for _ in 0..<(isLong ? min(run, 5) : 1) { advance() }
            return String(content)
          }
        }
        content.append(text[position])
        advance()
      }
      return String(content)
    }

    /// Skips space, line ends and comments.
    private mutating func skipBlank(alsoCommas: Bool = false) -> Bool {
      while position < text.count {
        if " \t\r\n".unicodeScalars.contains(text[position])
          || (alsoCommas && text[position] == ",")
        {
          advance()
        } else if text[position] == "#" {
          while position < text.count, text[position] != "\n" { advance() }
        } else {
          break
        }
      }
      return true
    }

    private mutating func skipSpace() {
      while position < text.count, text[position] == " " || text[position] == "\t" { advance() }
    }

    private mutating func advance() {
      guard position < text.count else { return }
      if text[position] == "\n" {
        line += 1
        lineStart = position + 1
      }
      position += 1
    }

    private var here: Place { Place(line: line, column: position - lineStart + 1) }

    /// Letters and digits of ASCII, `_` and `-`: TOML 1.0, section Keys.
    private func isBare(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
      default: false
      }
    }

    private func isQuote(_ scalar: Unicode.Scalar) -> Bool { scalar == "\"" || scalar == "'" }
  }
}
