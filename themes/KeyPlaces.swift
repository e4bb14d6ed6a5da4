/// Where in a TOML text each key and array element stands.
///
/// The parser gives places for its own errors only, so this walks a text that the parser has
/// accepted. It assumes validity and skips what it does not know; a path it missed is reported
/// without a place, never wrongly.
package struct KeyPlaces {
  /// Line and column, from 1; columns count Unicode scalars, as the parser does.
  package struct Place: Hashable, Sendable {
    package let line, column: Int
  }

  private var places: [[String]: Place] = [:]

  /// The place of the deepest known part of a path: an element's index is written as a number.
  package subscript(path: [String]) -> Place? {
    var path = path[...]
    while !path.isEmpty {
      if let place = places[Array(path)] { return place }
      path = path.dropLast()
    }
    return nil
  }

  /// The places in a text that the parser has accepted.
  package init(_ text: String) {
    var scanner = Scanner(text)
    var section: [String] = []
    while scanner.skipBlank() {
      let start = scanner.place
      if scanner.take("[") {
        _ = scanner.take("[")
        section = scanner.key()
        places[section] = start
        scanner.skipLine()
      } else {
        let path = section + scanner.key()
        places[path] = start
        guard scanner.take("=") else { return }
        value(at: path, &scanner)
      }
    }
  }

  private mutating func value(at path: [String], _ scanner: inout Scanner) {
    if scanner.take("[") {
      var index = 0
      while scanner.skipBlank(), !scanner.take("]") {
        let element = path + [String(index)]
        places[element] = scanner.place
        value(at: element, &scanner)
        _ = scanner.skipBlank()
        _ = scanner.take(",")
        index += 1
      }
    } else if scanner.take("{") {
      while scanner.skipBlank(), !scanner.take("}") {
        let start = scanner.place
        let inner = path + scanner.key()
        places[inner] = start
        guard scanner.take("=") else { return }
        value(at: inner, &scanner)
        _ = scanner.skipBlank()
        _ = scanner.take(",")
      }
    } else {
      scanner.skipScalar()
    }
  }
}

/// A cursor over TOML text.
private struct Scanner {
  private let scalars: [Unicode.Scalar]
  private var at = 0
  private var line = 1
  private var lineStart = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  var place: KeyPlaces.Place { .init(line: line, column: at - lineStart + 1) }

  private var current: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

  private mutating func step() {
    if scalars[at] == "\n" { (line, lineStart) = (line + 1, at + 1) }
    at += 1
  }

  /// Skips white space, ends of lines and comments; false at the end of the text.
  mutating func skipBlank() -> Bool {
    while let scalar = current {
      if scalar == "#" {
        skipLine()
      } else if scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" {
        step()
      } else {
        return true
      }
    }
    return false
  }

  mutating func skipLine() { while let scalar = current, scalar != "\n" { step() } }

  /// Takes one character after spaces, if it is the one wanted.
  mutating func take(_ wanted: Unicode.Scalar) -> Bool {
    while let scalar = current, scalar == " " || scalar == "\t" { step() }
    guard current == wanted else { return false }
    step()
    return true
  }

  /// A bare, quoted or dotted key.
  mutating func key() -> [String] {
    var parts: [String] = []
    repeat {
      while let scalar = current, scalar == " " || scalar == "\t" { step() }
      var part = String.UnicodeScalarView()
      if let quote = current, quote == "\"" || quote == "'" {
        step()
        while let scalar = current, scalar != quote {
          part.append(scalar)
          step()
        }
        if current != nil { step() }
      } else {
        while let scalar = current, !" \t.=]\n".unicodeScalars.contains(scalar) {
          part.append(scalar)
          step()
        }
      }
      parts.append(String(part))
    } while take(".")
    return parts
  }

  /// Skips a string, number, date or boolean.
  mutating func skipScalar() {
    guard let quote = current else { return }
    guard quote == "\"" || quote == "'" else {
      while let scalar = current, !",]}#\n".unicodeScalars.contains(scalar) { step() }
      return
    }
    let isLong = at + 2 < scalars.count && scalars[at + 1] == quote && scalars[at + 2] == quote
    let ending = isLong ? 3 : 1
    for _ in 0..<ending { step() }
    var run = 0
    while let scalar = current, run < ending {
      run = scalar == quote ? run + 1 : 0
      if scalar == "\\", quote == "\"" { step() }
      if current != nil { step() }
    }
  }
}
