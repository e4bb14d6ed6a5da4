/// Where the keys of a TOML document stand, which its parser does not tell.
///
/// The document is known to be valid, so this only follows its structure: headers, keys, strings,
/// arrays and inline tables.
struct TOMLPlaces: Sendable {
  /// Both from one; columns in characters.
  struct Place: Hashable, Comparable, Sendable, CustomStringConvertible {
    let line: Int
    let column: Int

    static func < (left: Place, right: Place) -> Bool {
      (left.line, left.column) < (right.line, right.column)
    }

    var description: String { "line \(line), column \(column)" }
  }

  /// By the path of keys; of a table the first place that names it.
  private(set) var places: [[String]: Place] = [:]

  init(_ document: String) {
    var scanner = Scanner(document)
    scanner.scan()
    places = scanner.places
  }

  /// `line 4, column 1, key splits.val.inputs`.
  func describe(_ path: [String]) -> String {
    let key = "key " + path.joined(separator: ".")
    guard let place = places[path] else { return key }
    return "\(place), \(key)"
  }
}

extension TOMLPlaces {
  fileprivate struct Scanner {
    private let text: [Character]
    private var position = 0
    private var line = 1
    private var lineStart = 0
    private var table: [String] = []
    var places: [[String]: Place] = [:]

    init(_ document: String) { text = Array(document) }

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
      while position < text.count, text[position] == "[" { advance() }
      table = key(under: [])
      while position < text.count, text[position] == "]" { advance() }
    }

    /// Reads a dotted key and notes the place of each of its parts.
    private mutating func key(under base: [String]) -> [String] {
      var path = base
      while position < text.count {
        skipSpace()
        let place = Place(line: line, column: position - lineStart + 1)
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
      if text[position] == "\"" || text[position] == "'" { return string() }
      var part = ""
      while position < text.count, isBare(text[position]) {
        part.append(text[position])
        advance()
      }
      if part.isEmpty { advance() }
      return part
    }

    private mutating func keyAndValue(under base: [String]) {
      let path = key(under: base)
      if position < text.count, text[position] == "=" { advance() }
      skipSpace()
      value(at: path)
    }

    private mutating func value(at path: [String]) {
      guard position < text.count else { return }
      switch text[position] {
      case "\"", "'": _ = string()
      case "[":
        advance()
        while skipBlank(alsoCommas: true), position < text.count, text[position] != "]" {
          value(at: path)
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
        while position < text.count, !",]}#".contains(text[position]), !text[position].isNewline {
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
      var content = ""
      while position < text.count {
        if text[position] == "\\", quote == "\"", position + 1 < text.count {
          content.append(text[position])
          advance()
        } else if text[position] == quote {
          let run = text[position...].prefix { $0 == quote }.count
          if !isLong || run >= 3 {
            // Up to two quotes may precede the closing three.
            for _ in 0..<(isLong ? min(run, 5) : 1) { advance() }
            return content
          }
        }
        content.append(text[position])
        advance()
      }
      return content
    }

    /// Skips space, line ends and comments.
    private mutating func skipBlank(alsoCommas: Bool = false) -> Bool {
      while position < text.count {
        if text[position].isWhitespace || (alsoCommas && text[position] == ",") {
          advance()
        } else if text[position] == "#" {
          while position < text.count, !text[position].isNewline { advance() }
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
      if text[position].isNewline {
        line += 1
        lineStart = position + 1
      }
      position += 1
    }

    private func isBare(_ character: Character) -> Bool {
      character.isLetter || character.isNumber || character == "_" || character == "-"
    }
  }
}
