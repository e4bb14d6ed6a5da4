package import Themes

extension CellBuffer {
  /// What the grid shows: its rows joined by line breaks, without the blanks at their ends.
  package var text: String {
    (0..<size.rows).map { row($0) }.joined(separator: "\n")
  }

  /// What one row shows, without the blanks at its end.
  package func row(_ row: Int) -> String {
    var line = ""
    for column in 0..<size.columns { line += text(of: self[column, row]) }
    while line.last == " " { line.removeLast() }
    return line
  }

  /// What the grid shows with the names of its styles, for tests that pin the look of a screen.
  ///
  /// Each run of cells whose style has a name is written `‹name:text›`; a row without names reads
  /// as it does in `text`. Blanks at the end of a row are kept only inside a named run.
  /// - Parameter naming: the name of a style; nil or "" for the ordinary one.
  package func styledText(naming: (Style) -> String?) -> String {
    (0..<size.rows).map { row in
      var line = ""
      var name = ""
      for column in 0..<size.columns {
        let cell = self[column, row]
        if cell.isContinuation { continue }
        let next = naming(cell.style) ?? ""
        if next != name {
          if !name.isEmpty { line += "›" }
          if !next.isEmpty { line += "‹\(next):" }
          name = next
        }
        line += text(of: cell)
      }
      if !name.isEmpty { line += "›" }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
