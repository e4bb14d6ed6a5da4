import Themes

extension CellBuffer {
  /// Replaces what a terminal without Unicode would show as blanks: each glyph by one of ASCII.
  ///
  /// Signs that have a likeness get it; anything else becomes `?`.
  package mutating func reduceToASCII() {
    for row in 0..<size.rows {
      for column in 0..<size.columns {
        let cell = self[column, row]
        guard let scalar = text(of: cell).unicodeScalars.first, !scalar.isASCII else { continue }
        put(scalar.asciiLikeness, column: column, row: row, style: cell.style)
        if cell.columns == 2 { put("?", column: column + 1, row: row, style: cell.style) }
      }
    }
  }
}
