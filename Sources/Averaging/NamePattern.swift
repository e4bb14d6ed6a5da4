/// A pattern for names of tensors: `*` stands for any run of characters, `?` for one.
///
/// `blocks.*.norm?.weight` matches `blocks.0.norm1.weight`.
public struct NamePattern: Hashable, Sendable, CustomStringConvertible {
  private let pattern: [UInt8]

  /// A pattern as it is written, such as `blocks.*.attn.*`.
  public init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

  /// As it was written.
  public var description: String { String(decoding: pattern, as: UTF8.self) }

  /// Whether the whole of `name` fits; at worst the product of the two lengths in steps.
  public func matches(_ name: String) -> Bool {
    let name = Array(name.utf8)
    var place = 0
    var at = 0
    var star: (place: Int, at: Int)?
    while at < name.count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        star = (place, at)
        place += 1
      } else if place < pattern.count, Self.fits(pattern[place], name[at]) {
        place += 1
        at += 1
      } else if let last = star {
        star = (last.place, last.at + 1)
        place = last.place + 1
        at = last.at + 1
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }

  /// Up to `count` of `names` that would fit with the fewest letters of the pattern changed, added or
  /// dropped; none with more than half of them, and never more than six.
  func nearest(among names: [String], count: Int) -> [String] {
    let letters = pattern.filter { $0 != UInt8(ascii: "*") }.count
    return names.map { (name: $0, edits: edits(to: $0)) }
      .filter { $0.edits <= min(6, letters / 2) }
      .sorted { ($0.edits, $0.name) < ($1.edits, $1.name) }
      .prefix(count).map(\.name)
  }

  /// How many letters of the pattern have to be changed, added or dropped before a name fits.
  ///
  /// O(m·n).
  private func edits(to name: String) -> Int {
    let name = Array(name.utf8)
    var above = Array(0...name.count)
    for wanted in pattern {
      let isStar = wanted == UInt8(ascii: "*")
      var row = [above[0] + (isStar ? 0 : 1)]
      for (at, byte) in name.enumerated() {
        let same = above[at] + (isStar || Self.fits(wanted, byte) ? 0 : 1)
        row.append(min(same, above[at + 1] + (isStar ? 0 : 1), row[at] + (isStar ? 0 : 1)))
      }
      above = row
    }
    return above[name.count]
  }

  private static func fits(_ wanted: UInt8, _ byte: UInt8) -> Bool {
    wanted == UInt8(ascii: "?") || wanted == byte
  }
}
