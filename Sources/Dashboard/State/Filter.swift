/// A filter over ingredients: `val>0.9 lr<1e-4 name:ft -aug:0`.
///
/// Terms are separated by blanks and all must hold. A term is `key op value` with `:` (contains, or
/// equals for numbers), `=`, `!=`, `<`, `<=`, `>`, `>=`, or a bare word to look for in the name; `-`
/// before it turns it round. `in:soup` and `out:soup` ask for membership. Words without a capital match
/// either case. An accuracy may be asked for as it is shown: above 1 it is per cent, and two are equal
/// when they are shown as equal.
package struct Filter: Hashable, Sendable {
  /// A term that could not be understood, and where it stands.
  package struct Mistake: Error, Hashable, Sendable {
    /// Characters of the text that are wrong.
    package let range: Range<Int>
    package let message: String
  }

  package enum Comparison: String, CaseIterable, Sendable {
    // Longest first, so that `<=` is not read as `<`.
    case notEqual = "!="
    case atMost = "<="
    case atLeast = ">="
    case contains = ":"
    case equal = "="
    case less = "<"
    case more = ">"
  }

  private struct Term: Hashable, Sendable {
    enum Subject: Hashable, Sendable {
      case column(Column)
      case membership
    }
    let subject: Subject
    let comparison: Comparison
    let text: String
    let number: Double?
    let isNegated: Bool

    /// How far apart equal numbers may lie: accuracies are shown in hundredths of a per cent.
    var tolerance: Double {
      if case .column(let column) = subject, column.isAccuracy { 0.00005 + 1e-9 } else { 0 }
    }
  }

  /// As the person typed it.
  package let text: String
  private let terms: [Term]

  /// Passes everything.
  package static let everything = Filter(text: "", terms: [])

  private init(text: String, terms: [Term]) {
    self.text = text
    self.terms = terms
  }

  package var isEmpty: Bool { terms.isEmpty }

  /// Understands `text` for a table with these columns.
  /// - Throws: `Mistake` for the first term that means nothing.
  package init(parsing text: String, columns: [Column]) throws(Mistake) {
    var terms: [Term] = []
    for (word, range) in Self.words(of: text) {
      terms.append(try Self.term(word, range: range, columns: columns))
    }
    self.init(text: text, terms: terms)
  }

  /// Whether it matters what is in the soup.
  package var asksForMembership: Bool { terms.contains { $0.subject == .membership } }

  /// Whether an ingredient passes.
  package func passes(isMember: Bool, value: (Column) -> ColumnValue) -> Bool {
    terms.allSatisfy { term in
      let holds =
        switch term.subject {
        case .membership: isMember
        case .column(let column): Self.holds(term, for: value(column))
        }
      return holds != term.isNegated
    }
  }

  /// The filter for the rows of a store, its columns found once.
  func test(of store: ColumnStore, isMember: @escaping (Int) -> Bool) -> (Int) -> Bool {
    let terms = self.terms.map { term in
      if case .column(let column) = term.subject { return (term, store[column]) }
      return (term, [])
    }
    return { place in
      terms.allSatisfy { term, values in
        let holds =
          term.subject == .membership ? isMember(place) : Self.holds(term, for: values[place])
        return holds != term.isNegated
      }
    }
  }

  private static func words(of text: String) -> [(String, Range<Int>)] {
    var words: [(String, Range<Int>)] = []
    var start: Int?
    let characters = Array(text)
    for place in 0...characters.count {
      let isBlank = place == characters.count || characters[place].isWhitespace
      if isBlank, let first = start {
        words.append((String(characters[first..<place]), first..<place))
        start = nil
      } else if !isBlank, start == nil {
        start = place
      }
    }
    return words
  }

  private static func term(
    _ word: String, range: Range<Int>, columns: [Column]
  ) throws(Mistake) -> Term {
    let isNegated = word.hasPrefix("-") && word.count > 1
    let body = isNegated ? String(word.dropFirst()) : word
    guard let (key, comparison, value) = split(body) else {
      return Term(
        subject: .column(.name), comparison: .contains, text: body, number: nil,
        isNegated: isNegated)
    }
    if value.isEmpty {
      throw Mistake(range: range, message: "'\(key)\(comparison.rawValue)' wants a value after it")
    }
    if ["in", "out"].contains(key.lowercased()), value.lowercased() == "soup" {
      return Term(
        subject: .membership, comparison: .equal, text: value, number: nil,
        isNegated: isNegated != (key.lowercased() == "out"))
    }
    let column = try column(named: key, among: columns, range: range)
    let number = Double(value).map { column.isAccuracy && $0 > 1 ? $0 / 100 : $0 }
    let needsNumber = [.less, .atMost, .more, .atLeast].contains(comparison)
    if needsNumber, number == nil {
      throw Mistake(range: range, message: "'\(value)' is not a number")
    }
    return Term(
      subject: .column(column), comparison: comparison, text: value, number: number,
      isNegated: isNegated)
  }

  /// `key op value` cut at the leftmost operator; nil for a bare word.
  private static func split(_ body: String) -> (String, Comparison, String)? {
    for place in body.indices where place > body.startIndex {
      for comparison in Comparison.allCases where body[place...].hasPrefix(comparison.rawValue) {
        let after = body[place...].dropFirst(comparison.rawValue.count)
        return (String(body[..<place]), comparison, String(after))
      }
    }
    return nil
  }

  private static func column(
    named key: String, among columns: [Column], range: Range<Int>
  ) throws(Mistake) -> Column {
    let wanted = key.lowercased()
    if wanted == "name" { return .name }
    let titles = columns.map { ($0, $0.title.lowercased()) }
    if let exact = titles.first(where: { $0.1 == wanted }) { return exact.0 }
    let beginning = titles.filter { $0.1.hasPrefix(wanted) }
    if beginning.count == 1, let only = beginning.first { return only.0 }
    let known = columns.map(\.title).joined(separator: ", ")
    throw Mistake(
      range: range,
      message: beginning.isEmpty
        ? "no column '\(key)'; there are \(known)"
        : "'\(key)' could be \(beginning.map(\.0.title).joined(separator: " or "))")
  }

  private static func holds(_ term: Term, for value: ColumnValue) -> Bool {
    switch value {
    case .missing:
      return false
    case .number(let number):
      guard let wanted = term.number else { return term.comparison == .notEqual }
      return compare(number, wanted, term.comparison, within: term.tolerance)
    case .text(let text):
      switch term.comparison {
      case .contains: return matches(text, term.text)
      case .equal: return text.lowercased() == term.text.lowercased()
      case .notEqual: return text.lowercased() != term.text.lowercased()
      case .less, .atMost, .more, .atLeast: return false
      }
    }
  }

  private static func compare(
    _ number: Double, _ wanted: Double, _ how: Comparison, within tolerance: Double
  ) -> Bool {
    switch how {
    case .contains, .equal: abs(number - wanted) <= tolerance
    case .notEqual: !(abs(number - wanted) <= tolerance)
    case .less: number < wanted
    case .atMost: number <= wanted
    case .more: number > wanted
    case .atLeast: number >= wanted
    }
  }

  private static func matches(_ text: String, _ wanted: String) -> Bool {
    let isExact = wanted.contains(where: \.isUppercase)
    return text.contains(wanted, ignoringCase: !isExact)
  }
}
