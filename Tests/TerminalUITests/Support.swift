import TerminalUI
import Themes

/// A repeatable source of random numbers (SplitMix64).
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

/// Text that terminals and tables find hard: wide, combining, joined, bidirectional, controls.
let hardTexts = [
  "plain", "", " ", "中文字", "e\u{301}o\u{308}", "👨‍👩‍👧‍👦", "🇩🇪🇫🇷", "❤️‍🔥", "👍🏽",
  "a\u{1B}[31mb\u{1B}]0;title\u{7}", "\u{9B}2J", "x\u{202E}y\u{2066}z", "tab\tnew\nline\r\n",
  "\u{301}leading mark", "नमस्ते", "مرحبا", "한국어", "ก็", "\u{0}\u{7F}\u{85}", "ﷺ", "\u{FEFF}bom",
  "⣿⡇█▄", "z\u{0301}\u{0302}\u{0303}\u{0304}\u{0305}\u{0306}\u{0307}", "\u{E0041}\u{FFFF}",
  "very-long-checkpoint-name-lr1e-4-wd0.1-seed42.safetensors",
]

/// Whether every row can be shown by a terminal: wide characters are whole, nothing is a control.
func isShowable(_ buffer: CellBuffer) -> Bool {
  for row in 0..<buffer.size.rows {
    var column = 0
    while column < buffer.size.columns {
      let cell = buffer[column, row]
      if cell.isContinuation { return false }
      if cell.columns == 2 {
        guard column + 1 < buffer.size.columns, buffer[column + 1, row].isContinuation else {
          return false
        }
      }
      let text = buffer.text(of: cell)
      if text.isEmpty || TextWidth.columns(of: text) != cell.columns { return false }
      if TextWidth.sanitize(text) != text { return false }
      column += cell.columns
    }
  }
  return true
}

/// Cells outside a rectangle that are not as a fresh buffer has them.
func cellsDrawn(outside rect: Rect, in buffer: CellBuffer, fresh: Cell) -> Int {
  var count = 0
  for row in 0..<buffer.size.rows {
    for column in 0..<buffer.size.columns
    where !rect.contains(Point(column: column, row: row)) && buffer[column, row] != fresh {
      count += 1
    }
  }
  return count
}

extension Style {
  /// A style that tests tell apart by its number.
  static func number(_ number: UInt8) -> Style { Style(foreground: .indexed(number)) }
}
