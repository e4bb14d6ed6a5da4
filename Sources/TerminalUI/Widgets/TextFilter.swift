/// Finds rows by a few words: all of them, in any order, each anywhere in the row.
package struct TextFilter: Hashable, Sendable {
  private let words: [(text: [Character], isExact: Bool)]
  /// What was typed.
  package let query: String

  /// A filter of words between blanks.
  ///
  /// A word with a capital letter is found only as written, any other in either case.
  package init(_ query: String) {
    self.query = query
    words = query.split(separator: " ").map { word in
      let isExact = word.contains(where: \.isUppercase)
      return (Array(isExact ? String(word) : word.lowercased()), isExact)
    }
  }

  /// Whether everything passes.
  package var isEmpty: Bool { words.isEmpty }

  /// Where the words are in a text, as ranges of characters in ascending order without overlap;
  /// nil when one of them is not there.
  /// - Complexity: O(words × length).
  package func matches(in text: String) -> [Range<Int>]? {
    if words.isEmpty { return [] }
    let exact = Array(text)
    // Character by character, so that places stay the same where a lower case has more letters.
    let folded = exact.map { Character(String($0.lowercased().prefix(1))) }
    var ranges: [Range<Int>] = []
    for (word, isExact) in words {
      guard let found = Self.first(word, in: isExact ? exact : folded) else { return nil }
      ranges.append(found)
    }
    return Self.merged(ranges)
  }

  private static func first(_ word: [Character], in text: [Character]) -> Range<Int>? {
    guard word.count <= text.count else { return nil }
    return (0...(text.count - word.count)).first { start in
      text[start..<(start + word.count)].elementsEqual(word)
    }.map { $0..<($0 + word.count) }
  }

  private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound {
        result[result.count - 1] =
          last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  package static func == (left: TextFilter, right: TextFilter) -> Bool {
    left.query == right.query
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(query) }
}
