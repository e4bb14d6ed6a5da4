extension String {
  /// Without what a terminal would obey instead of showing; lines and tabs stay.
  ///
  /// Names of files, metadata and tracebacks come from outside.
  var harmless: String {
    guard unicodeScalars.contains(where: { !$0.isHarmless }) else { return self }
    var kept = UnicodeScalarView()
    kept.append(contentsOf: unicodeScalars.filter(\.isHarmless))
    return String(kept)
  }
}

extension Unicode.Scalar {
  fileprivate var isHarmless: Bool {
    switch value {
    case 0x09, 0x0A: true
    // Controls, and what turns the direction of the text around it.
    case ..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: false
    default: true
    }
  }
}
