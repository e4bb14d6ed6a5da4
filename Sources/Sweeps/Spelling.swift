/// The known word with the fewest edits, if these are at most a third of its letters, or two.
package func nearest(to word: String, in known: [String]) -> String? {
  let ranked = known.map { ($0, editDistance(word.lowercased(), $0)) }.min { $0.1 < $1.1 }
  guard let (near, distance) = ranked, distance <= max(2, near.count / 3) else { return nil }
  return near
}

/// How many edits turn one word into the other.
///
/// Edits are insertions, deletions, substitutions and swaps of neighbours (optimal string
/// alignment). O(m·n).
func editDistance(_ left: String, _ right: String) -> Int {
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
