/// The scalars of a text that may reach the screen, one after another.
///
/// Text comes from outside (file names, metadata, tracebacks), so what a terminal would obey
/// instead of showing is left out here, in the one place through which every text passes.
struct ShownScalars {
  private var rest: Substring.UnicodeScalarView.Iterator
  private var previous: Unicode.Scalar?
  private var joining = false

  /// The scalars of that text.
  init(_ text: String) {
    rest = text[...].unicodeScalars.makeIterator()
  }

  /// The next scalar to show; nil at the end.
  mutating func next() -> Unicode.Scalar? {
    while let scalar = rest.next() {
      let value = scalar.value
      if value >= 0x20 && value < 0x7F {
        joining = false
        previous = scalar
        return scalar
      }
      if let shown = filter(scalar) {
        previous = shown
        return shown
      }
    }
    return nil
  }

  private mutating func filter(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    let value = scalar.value
    if value == 0x200D {
      joining = true
      return nil
    }
    let joined = joining
    joining = false
    if joined, Self.isPictograph(value) { return nil }
    // A mark with nothing to sit on would be drawn over the cell of another text.
    if previous == nil, TextWidth.columns(of: scalar) == 0, value >= 0x300 { return nil }
    return Self.shown(scalar)
  }

  /// What is drawn for one scalar; nil for nothing.
  static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    let value = scalar.value
    switch value {
    case 0x09...0x0D, 0xA0: return " "
    case 0..<0x20, 0x7F..<0xA0, 0xAD: return nil
    case ..<0x300: return scalar
    case 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: return nil
    case 0xFE00...0xFE0F, 0xFEFF, 0xFFF0...0xFFFB, 0x1F3FB...0x1F3FF, 0xE0000...0xE0FFF:
      return nil
    case 0x1F1E6...0x1F1FF: return Unicode.Scalar(value - 0x1F1E6 + 0x41)
    case _ where value & 0xFFFE == 0xFFFE || (value >= 0xFDD0 && value < 0xFDF0): return nil
    default: return scalar
    }
  }

  private static func isPictograph(_ value: UInt32) -> Bool {
    (0x1F000...0x1FAFF).contains(value) || (0x2600...0x27BF).contains(value)
      || (0x2190...0x21FF).contains(value) || (0x2B00...0x2BFF).contains(value)
  }
}
