/// Backslash escapes in the text strings of pickle protocol 0.
enum PickleEscapes {
  private static let single: [Character: Character] = [
    "n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", "\"": "\"",
  ]
  private static let digits: [Character: Int] = ["x": 2, "u": 4, "U": 8]

  /// Replaces escapes, leaving what is none as it is.
  ///
  /// Those with hexadecimal digits are known by a letter in `hexadecimal`; single characters are
  /// escaped only in strings of bytes, where that is `x`.
  static func decode(_ text: Substring, hexadecimal: String) -> String {
    var result = ""
    var rest = text
    while let character = rest.popFirst() {
      guard character == "\\", let letter = rest.first else {
        result.append(character)
        continue
      }
      if hexadecimal.contains(letter), let length = digits[letter] {
        let number = rest.dropFirst().prefix(length)
        if number.count == length, let code = UInt32(number, radix: 16),
          let scalar = Unicode.Scalar(code)
        {
          result.unicodeScalars.append(scalar)
          rest = rest.dropFirst(1 + length)
          continue
        }
      } else if hexadecimal == "x", let plain = single[letter] {
        result.append(plain)
        rest = rest.dropFirst()
        continue
      }
      result.append(character)
    }
    return result
  }
}
