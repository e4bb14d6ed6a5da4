/// Where the ellipsis goes when a text is too long for its place.
package enum Elision: Hashable, Sendable {
  /// Cut off without a mark.
  case none
  /// `long-na…`
  case tail
  /// `lon…ame`: for names whose ends tell them apart.
  case middle
}

/// How many columns a text takes on a terminal, and what of it may be shown at all.
///
/// Widths are those of Unicode 16 with ambiguous characters one column wide. Scalars are measured
/// one by one, not by grapheme cluster, since that is what terminals and the C library agree on;
/// where they disagree (emoji sequences) `sanitize` leaves only a form on which they agree.
package enum TextWidth {
  /// The columns of one scalar: 0 for marks and controls, 2 for East Asian wide and most emoji.
  /// - Complexity: O(1) for Latin, box drawing and braille, else O(log of the table).
  package static func columns(of scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 {
      return value >= 0xA0 || (value >= 0x20 && value < 0x7F) ? 1 : 0
    }
    if (value >= 0x2500 && value < 0x25FD) || (value >= 0x2800 && value < 0x2900) { return 1 }
    if contains(WidthTables.zero, value) { return 0 }
    return contains(WidthTables.wide, value) ? 2 : 1
  }

  /// The columns that a text takes once it is sanitised.
  /// - Complexity: O(length).
  package static func columns(of text: String) -> Int {
    var total = 0
    var reader = ShownScalars(text)
    while let scalar = reader.next() { total += columns(of: scalar) }
    return total
  }

  /// The text as it may be drawn: nothing in it can move the cursor, start an escape sequence,
  /// change the direction of writing or take a width on which terminals disagree.
  ///
  /// Tabs and line breaks become one space each; other C0 and C1 controls, DEL, bidirectional
  /// controls, line separators, tags and noncharacters vanish. Of an emoji joined from several, the
  /// first stays; flags become their two letters; variation selectors and skin tones vanish.
  /// - Complexity: O(length).
  package static func sanitize(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var reader = ShownScalars(text)
    while let scalar = reader.next() { result.append(scalar) }
    return String(result)
  }

  /// The text made to fit: sanitised, and cut with an ellipsis where it is too long.
  /// - Parameters:
  ///   - text: any text.
  ///   - columns: the columns there are.
  ///   - elision: where the ellipsis goes.
  ///   - ellipsis: one column wide; `…`, or `~` where only ASCII may be drawn.
  /// - Returns: a text of at most `columns` columns.
  /// - Complexity: O(length).
  package static func elide(
    _ text: String, to columns: Int, _ elision: Elision = .tail,
    ellipsis: Unicode.Scalar = "…"
  ) -> String {
    guard columns > 0 else { return "" }
    var scalars: [Unicode.Scalar] = []
    var total = 0
    var reader = ShownScalars(text)
    while let scalar = reader.next() {
      scalars.append(scalar)
      total += Self.columns(of: scalar)
    }
    guard total > columns else { return string(scalars[...]) }
    switch elision {
    case .none:
      return string(head(of: scalars, columns: columns))
    case .tail:
      return string(head(of: scalars, columns: columns - 1)) + String(ellipsis)
    case .middle:
      // The tail gets the odd column: checkpoint names differ in their last characters.
      let first = (columns - 1) / 2
      return string(head(of: scalars, columns: first)) + String(ellipsis)
        + string(tail(of: scalars, columns: columns - 1 - first))
    }
  }

  private static func head(
    of scalars: [Unicode.Scalar], columns: Int
  ) -> ArraySlice<Unicode.Scalar> {
    var rest = columns
    var end = 0
    while end < scalars.count {
      let width = Self.columns(of: scalars[end])
      if width > rest { break }
      rest -= width
      end += 1
    }
    return scalars[..<end]
  }

  private static func tail(
    of scalars: [Unicode.Scalar], columns: Int
  ) -> ArraySlice<Unicode.Scalar> {
    var rest = columns
    var start = scalars.count
    while start > 0 {
      let width = Self.columns(of: scalars[start - 1])
      if width > rest { break }
      rest -= width
      start -= 1
    }
    // A mark must not lose the character that it sits on.
    while start < scalars.count, Self.columns(of: scalars[start]) == 0 { start += 1 }
    return scalars[start...]
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private static func contains(_ table: [UInt32], _ value: UInt32) -> Bool {
    var low = 0
    var high = table.count / 2
    while low < high {
      let middle = (low + high) / 2
      if value > table[2 * middle + 1] {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low < table.count / 2 && value >= table[2 * low]
  }
}
