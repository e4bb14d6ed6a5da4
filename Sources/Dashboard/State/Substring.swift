extension String {
  /// Whether `wanted` stands anywhere in the text.
  ///
  /// Bytes are compared where both texts are ASCII, which is what makes filtering ten thousand names
  /// a matter of a millisecond.
  func contains(_ wanted: String, ignoringCase: Bool) -> Bool {
    if isASCII, wanted.isASCII {
      return Self.find(Array(wanted.utf8), in: Array(utf8), ignoringCase: ignoringCase)
    }
    return ignoringCase
      ? lowercased().contains(wanted.lowercased()) : contains(wanted)
  }

  private var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

  private static func find(_ word: [UInt8], in text: [UInt8], ignoringCase: Bool) -> Bool {
    guard word.count <= text.count else { return false }
    func fold(_ byte: UInt8) -> UInt8 {
      ignoringCase && byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
    return (0...(text.count - word.count)).contains { start in
      word.indices.allSatisfy { fold(text[start + $0]) == fold(word[$0]) }
    }
  }
}
