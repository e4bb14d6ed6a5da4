/// One line of text being edited: the text, the cursor, and what keys do to them.
package struct LineEditor: Hashable, Sendable {
  /// What a key or a paste did.
  package enum Change: Hashable, Sendable {
    /// The text is another.
    case text
    /// Only the cursor moved.
    case cursor
    /// It means nothing here, and is for somebody else.
    case ignored
  }

  /// The text; never with control characters or line breaks.
  package private(set) var text: String
  /// The characters before the cursor: 0 up to the length of the text.
  package private(set) var cursor: Int
  /// Whether the text was proposed and not touched yet: what is typed takes its place.
  package private(set) var isProposal = false

  /// An editor with a text in it, the cursor at its end.
  package init(_ text: String = "") {
    self.text = Self.clean(text)
    cursor = self.text.count
  }

  /// An editor with a text that gives way to the first character typed or pasted.
  package static func proposing(_ text: String) -> LineEditor {
    var editor = LineEditor(text)
    editor.isProposal = !editor.text.isEmpty
    return editor
  }

  private static func clean(_ text: String) -> String {
    TextWidth.sanitize(text.replacing("\r\n", with: "\n"))
  }

  /// Inserts text at the cursor; line breaks and tabs become spaces.
  @discardableResult
  package mutating func paste(_ pasted: String) -> Change {
    var added = Self.clean(pasted)
    while added.last == " ", pasted.last?.isNewline == true { added.removeLast() }
    guard !added.isEmpty else { return .ignored }
    if isProposal { self = LineEditor() }
    let before = text.count
    text.insert(contentsOf: added, at: index(cursor))
    // Marks may have joined the character before them.
    cursor += text.count - before
    return .text
  }

  /// Does what a key means in a line of text.
  package mutating func handle(_ press: KeyPress) -> Change {
    if isProposal, press.key == .backspace || press.key == .delete {
      self = LineEditor()
      return .text
    }
    let change = edit(press)
    if change != .ignored { isProposal = false }
    return change
  }

  private mutating func edit(_ press: KeyPress) -> Change {
    let isWord = press.modifiers == .ctrl || press.modifiers == .alt
    switch (press.key, press.modifiers) {
    case (.character(let character), []):
      return paste(String(character))
    case (.left, _) where isWord: return move(to: wordStart)
    case (.right, _) where isWord: return move(to: wordEnd)
    case (.character("b"), .alt): return move(to: wordStart)
    case (.character("f"), .alt): return move(to: wordEnd)
    case (.left, []), (.character("b"), .ctrl): return move(to: cursor - 1)
    case (.right, []), (.character("f"), .ctrl): return move(to: cursor + 1)
    case (.home, []), (.character("a"), .ctrl): return move(to: 0)
    case (.end, []), (.character("e"), .ctrl): return move(to: text.count)
    case (.backspace, _) where isWord: return delete(wordStart..<cursor)
    case (.character("w"), .ctrl): return delete(blankStart..<cursor)
    case (.character("d"), .alt): return delete(cursor..<wordEnd)
    case (.backspace, _): return delete(max(0, cursor - 1)..<cursor)
    case (.delete, []), (.character("d"), .ctrl):
      return delete(cursor..<min(text.count, cursor + 1))
    case (.character("u"), .ctrl): return delete(0..<cursor)
    case (.character("k"), .ctrl): return delete(cursor..<text.count)
    default: return .ignored
    }
  }

  private func index(_ offset: Int) -> String.Index {
    text.index(text.startIndex, offsetBy: offset)
  }

  private mutating func move(to place: Int) -> Change {
    cursor = min(max(0, place), text.count)
    return .cursor
  }

  private mutating func delete(_ range: Range<Int>) -> Change {
    guard !range.isEmpty else { return .cursor }
    text.removeSubrange(index(range.lowerBound)..<index(range.upperBound))
    cursor = min(range.lowerBound, text.count)
    return .text
  }

  /// Where the word before the cursor starts; words are runs of letters and digits.
  private var wordStart: Int {
    let characters = Array(text.prefix(cursor))
    var place = characters.count
    while place > 0, !Self.isWord(characters[place - 1]) { place -= 1 }
    while place > 0, Self.isWord(characters[place - 1]) { place -= 1 }
    return place
  }

  /// Where the word after the cursor ends.
  private var wordEnd: Int {
    let characters = Array(text)
    var place = cursor
    while place < characters.count, !Self.isWord(characters[place]) { place += 1 }
    while place < characters.count, Self.isWord(characters[place]) { place += 1 }
    return place
  }

  /// Where what stands between blanks before the cursor starts, as ^W has it.
  private var blankStart: Int {
    let characters = Array(text.prefix(cursor))
    var place = characters.count
    while place > 0, characters[place - 1] == " " { place -= 1 }
    while place > 0, characters[place - 1] != " " { place -= 1 }
    return place
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber
  }
}
