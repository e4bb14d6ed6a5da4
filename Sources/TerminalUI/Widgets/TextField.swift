package import Themes

/// Shows a line being edited.
package enum TextField {
  /// How a field looks.
  package struct Look: Hashable, Sendable {
    /// What stands before the text, the text, and what stands there while it is empty.
    package var prompt, text, placeholder: Style

    /// How a field looks.
    package init(prompt: Style, text: Style, placeholder: Style) {
      self.prompt = prompt
      self.text = text
      self.placeholder = placeholder
    }
  }

  /// Draws a field along the first row of a rectangle, scrolled so that the cursor is seen.
  /// - Parameters:
  ///   - prompt: stands before the text and does not scroll.
  ///   - placeholder: stands in for an empty text.
  /// - Returns: where the text cursor stands; nil when there is no room for it.
  @discardableResult
  package static func render(
    into buffer: inout CellBuffer, rect: Rect, editor: LineEditor, prompt: String = "",
    placeholder: String = "", look: Look
  ) -> Point? {
    guard !rect.isEmpty else { return nil }
    buffer.fill(rect.cutTop(1).cut, style: look.text)
    let used = buffer.write(
      prompt, at: rect.origin, style: look.prompt, maxColumns: rect.columns - 1)
    let room = rect.columns - used
    let start = rect.left + used
    guard room > 0 else { return nil }
    if editor.text.isEmpty {
      buffer.write(
        placeholder, at: Point(column: start, row: rect.top), style: look.placeholder,
        maxColumns: room)
      return Point(column: start, row: rect.top)
    }

    // One column stays free for the cursor behind the last character.
    let characters = Array(editor.text)
    let widths = characters.map { TextWidth.columns(of: String($0)) }
    let cursor = min(editor.cursor, characters.count)
    var first = cursor
    var before = 0
    // A third of the field shows what follows, where there is something.
    let following = widths[cursor...].reduce(0, +)
    let limit = room - 1 - min(following, room / 3)
    while first > 0, before + widths[first - 1] <= max(0, limit) {
      first -= 1
      before += widths[first]
    }
    let shown = String(characters[first...])
    buffer.write(
      shown, at: Point(column: start, row: rect.top), style: look.text, maxColumns: room,
      elide: .none)
    return Point(column: start + before, row: rect.top)
  }
}
