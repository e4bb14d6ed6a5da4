/// What a mistyped word may have meant.
package enum Spelling {
  /// The known word with the fewest edits, upper and lower case being the same.
  ///
  /// A word of up to three letters may be one edit away, a longer one two, or a third of the known
  /// word's letters; nil when none is that near. Of two as near the first by alphabet.
  package static func nearest(to word: String, among known: [String]) -> String? {
    let word = word.lowercased()
    let ranked = known.map { (name: $0, edits: edits(word, $0.lowercased())) }
    let near = ranked.min { ($0.edits, $0.name) < ($1.edits, $1.name) }
    guard let near, near.edits <= (word.count < 4 ? 1 : max(2, near.name.count / 3)) else {
      return nil
    }
    return near.name
  }

  /// How many edits turn one word into the other.
  ///
  /// Edits are insertions, deletions, substitutions and swaps of neighbours (optimal string
  /// alignment). O(m·n).
  static func edits(_ left: String, _ right: String) -> Int {
    let a = Array(left)
    let b = Array(right)
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var rows = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    for i in 1...a.count {
      for j in 1...b.count {
        let substitution = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        var best = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, substitution)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          best = min(best, rows[i - 2][j - 2] + 1)
        }
        rows[i][j] = best
      }
    }
    return rows[a.count][b.count]
  }
}
