package import Themes

/// A question or a message that lies over the screen until it is answered.
package struct Dialog: Sendable {
  /// One paragraph of the message.
  package struct Paragraph: Hashable, Sendable {
    /// What it says; broken into lines where it is too long.
    package var text: String
    /// How it looks; as the dialog does when nil.
    package var style: Style?

    /// One paragraph of the message.
    package init(_ text: String, style: Style? = nil) {
      self.text = text
      self.style = style
    }
  }

  /// How a dialog looks.
  package struct Look: Hashable, Sendable {
    /// The frame, its title, the message, the buttons and the chosen button.
    package var border, title, text, button, selected: Style
    /// The scroll bar of a long message.
    package var thumb, track: Style
    /// The frame's glyphs.
    package var glyphs: BorderGlyphs

    /// How a dialog looks.
    package init(
      border: Style, title: Style, text: Style, button: Style, selected: Style, thumb: Style,
      track: Style, glyphs: BorderGlyphs = .rounded
    ) {
      self.border = border
      self.title = title
      self.text = text
      self.button = button
      self.selected = selected
      self.thumb = thumb
      self.track = track
      self.glyphs = glyphs
    }
  }

  /// What it is about.
  package var title: String
  /// What it says.
  package var body: [Paragraph]
  /// The answers, from left to right.
  package var buttons: [String]
  /// The answer that Enter gives.
  package var selected: Int
  /// The first line shown of a message that is too long for the screen.
  package var first: Int
  /// The columns that it takes at most.
  package var maxColumns: Int
  /// How it looks.
  package var look: Look

  /// A question or a message.
  package init(
    title: String, body: [Paragraph], buttons: [String], selected: Int = 0, first: Int = 0,
    maxColumns: Int = 72, look: Look
  ) {
    self.title = title
    self.body = body
    self.buttons = buttons
    self.selected = selected
    self.first = first
    self.maxColumns = maxColumns
    self.look = look
  }

  /// What a dialog drew.
  package struct Drawn: Sendable {
    /// The whole dialog, its frame included.
    package var rect: Rect
    /// Where each answer is, by its place in `buttons`.
    package var hits: HitMap<Int>
    /// How far the message can be scrolled: the greatest `first` of use.
    package var lastFirst: Int
  }

  /// Draws the dialog in the middle of a rectangle, as large as it must be.
  ///
  /// The answers stay visible whatever the height; a long message scrolls above them.
  @discardableResult
  package func render(into buffer: inout CellBuffer, rect: Rect) -> Drawn {
    let answer = buttons.reduce(0) { $0 + TextWidth.columns(of: $1) + 4 } + buttons.count - 1
    let widest = min(rect.columns, max(maxColumns, answer + 4)) - 4
    let lines = body.flatMap { paragraph in
      WordWrap.lines(paragraph.text, columns: max(1, widest)).map {
        (text: $0, style: paragraph.style ?? look.text)
      }
    }
    let longest = lines.map { TextWidth.columns(of: $0.text) }.max() ?? 0
    let content = max(longest, answer, min(TextWidth.columns(of: title) + 4, widest))
    let answerRows = buttons.isEmpty ? 0 : 2
    let area = rect.centered(
      Size(columns: min(content, widest) + 4, rows: lines.count + answerRows + 2))
    guard area.columns >= 5, area.rows >= 3 else {
      return Drawn(rect: area, hits: HitMap(), lastFirst: 0)
    }
    buffer.fill(area, style: look.text)
    let inside = buffer.box(
      area, border: look.glyphs, style: look.border, title: title, titleStyle: look.title
    ).inset(left: 1, right: 1)

    let cut = inside.cutBottom(buttons.isEmpty ? 0 : min(answerRows, inside.rows))
    let lastFirst = max(0, lines.count - cut.rest.rows)
    let start = min(max(0, first), lastFirst)
    for (row, line) in lines.dropFirst(start).prefix(cut.rest.rows).enumerated() {
      buffer.write(
        line.text, at: Point(column: inside.left, row: inside.top + row), style: line.style,
        maxColumns: inside.columns)
    }
    let bar = Rect(
      column: area.right - 1, row: cut.rest.top, columns: 1, rows: cut.rest.rows)
    Scrollbar.render(
      into: &buffer, rect: bar, first: start, visible: cut.rest.rows, count: lines.count,
      thumbStyle: look.thumb, trackStyle: look.track)
    return Drawn(
      rect: area, hits: renderButtons(into: &buffer, rect: cut.cut.cutBottom(1).cut),
      lastFirst: lastFirst)
  }

  private func renderButtons(into buffer: inout CellBuffer, rect: Rect) -> HitMap<Int> {
    var hits = HitMap<Int>()
    guard !buttons.isEmpty, !rect.isEmpty else { return hits }
    let gaps = buttons.count - 1
    let titles = buttons.map { TextWidth.columns(of: $0) }
    let all = titles.reduce(gaps, +)
    // Blanks inside the brackets where there is room for them; else equal shares at the most.
    let blanks = all + 4 * buttons.count <= rect.columns ? 1 : 0
    let share = max(1, (rect.columns - gaps) / buttons.count)
    let fits = all + 2 * (1 + blanks) * buttons.count <= rect.columns
    let widths = titles.map { title in
      fits ? title + 2 + 2 * blanks : min(title + 2, share)
    }
    let pad = String(repeating: " ", count: blanks)
    var column = rect.right - min(rect.columns, widths.reduce(gaps, +))
    for (index, button) in buttons.enumerated() {
      let width = min(widths[index], rect.right - column)
      guard width > 0 else { break }
      let title = pad + TextWidth.elide(button, to: width - 2 - 2 * blanks) + pad
      let isSelected = index == selected
      buffer.write(
        isSelected ? "[\(title)]" : " \(title) ", at: Point(column: column, row: rect.top),
        style: isSelected ? look.selected : look.button, maxColumns: width, elide: .none)
      hits.add(Rect(column: column, row: rect.top, columns: width, rows: 1), index)
      column += width + 1
    }
    return hits
  }
}
