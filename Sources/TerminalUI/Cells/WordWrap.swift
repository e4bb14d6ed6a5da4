/// Breaks text into lines.
package enum WordWrap {
  /// The text in lines of at most that many columns.
  ///
  /// Lines break at spaces, which vanish there; a word longer than a line is cut. Line breaks of
  /// the text stay, and so does the space at the beginning of its lines. Everything is sanitised.
  /// - Complexity: O(length).
  package static func lines(_ text: String, columns: Int) -> [String] {
    guard columns > 0 else { return [] }
    var result: [String] = []
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      result += wrap(TextWidth.sanitize(String(line)), columns: columns)
    }
    return result
  }

  private static func wrap(_ line: String, columns: Int) -> [String] {
    var lines: [String] = []
    var current = ""
    var used = 0
    let indent = line.prefix { $0 == " " }.count
    if indent < columns {
      current = String(repeating: " ", count: indent)
      used = indent
    }
    var startsLine = true
    for word in line.split(separator: " ") {
      var rest = String(word)
      var width = TextWidth.columns(of: rest)
      if !startsLine {
        if used + 1 + width <= columns {
          current += " " + rest
          used += 1 + width
          continue
        }
        lines.append(current)
        (current, used) = ("", 0)
      }
      startsLine = false
      while used + width > columns {
        let piece = TextWidth.elide(rest, to: columns - used, .none)
        if piece.isEmpty {
          // Not even one character fits: a line of its own, or nothing at all.
          if used == 0 { return lines }
        } else {
          rest.unicodeScalars.removeFirst(piece.unicodeScalars.count)
        }
        lines.append(current + piece)
        (current, used) = ("", 0)
        width = TextWidth.columns(of: rest)
      }
      current += rest
      used += width
    }
    lines.append(current)
    return lines
  }
}
