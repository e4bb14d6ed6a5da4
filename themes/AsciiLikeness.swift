extension Unicode.Scalar {
  /// What stands in for it where ASCII alone is shown: itself, a sign of the same sense, or `?`.
  ///
  /// Widgets and charts choose their glyphs by the theme; this is for what comes from elsewhere, and
  /// for what slips through, so that nothing is ever silently blank.
  package var asciiLikeness: Unicode.Scalar {
    switch self {
    case "\0"..."\u{7F}": self
    case "·", "−", "–", "—", "─", "━", "┄", "┅", "┈", "┉": "-"
    case "│", "┃", "┆", "┇", "┊", "┋", "║": "|"
    case "═", "▀"..."▇", "▌"..."▐", "▒", "▔"..."▟": "="
    case "┌"..."╋", "╒"..."╰", "✓", "✔", "✚": "+"
    case "█"..."▋", "▓": "#"
    case "⠀": " "
    case "░", "⠁"..."⣿", "∙": "."
    case "•", "●", "★", "◆", "■": "*"
    case "○", "◇", "□", "☆": "o"
    case "▲", "▴", "↑": "^"
    case "▼", "▾", "↓": "v"
    case "▶", "▸", "→", "❯", "›", "≥": ">"
    case "◀", "◂", "←", "❮", "‹", "≤": "<"
    case "‘", "’": "'"
    case "“", "”": "\""
    case "…", "±": "~"
    case "✗", "✘", "×": "x"
    case "α": "a"
    case "β": "b"
    case "θ": "0"
    case "Δ", "°": "d"
    case "²": "2"
    case "½": "/"
    default: "?"
    }
  }
}
