/// Suggestions for misspelt words.
package enum Spelling {
  /// The nearest known word, at most two edits away and one for short words, or nil.
  package static func nearest(to word: String, among known: [String]) -> String? {
    let reach = word.count < 4 ? 1 : 2
    return known.map { ($0, distance(word, $0)) }.filter { $0.1 <= reach }
      .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
  }

  /// Insertions, deletions and substitutions between two words (Levenshtein 1966).
  private static func distance(_ first: String, _ second: String) -> Int {
    let second = Array(second)
    var row = Array(0...second.count)
    for (index, letter) in first.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in second.indices {
        let kept = diagonal + (letter == second[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(kept, row[column] + 1, diagonal + 1)
      }
    }
    return row[second.count]
  }
}
