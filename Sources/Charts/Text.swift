import Themes

extension StringProtocol {
  /// The text as cells: a character that is not one column wide is a question mark.
  var cells: [Unicode.Scalar] {
    map { character in
      guard character.isOneColumn, let scalar = character.unicodeScalars.first else { return "?" }
      return scalar
    }
  }
}

extension String {
  /// The text in at most `width` characters, its middle left out: the ends tell names apart.
  func elided(to width: Int, with ellipsis: Character) -> String {
    guard count > width else { return self }
    guard width > 1 else { return width == 1 ? String(ellipsis) : "" }
    let tail = (width - 1) / 2
    return String(prefix(width - 1 - tail)) + String(ellipsis) + String(suffix(tail))
  }

  /// The text with spaces before it, up to a width.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }
}
