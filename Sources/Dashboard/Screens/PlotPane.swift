import Charts
import Kitchen
import TerminalUI
import Themes

/// The plot with what is said about it: the picture, the numbers beside it, the meaning below.
struct PlotPane {
  let state: State

  func draw(_ canvas: inout Canvas, in rect: Rect, focused: Bool) {
    let kind = state.plot.kind
    let inside = canvas.pane(.plot, in: rect, focused: focused, title: Self.title(kind, state))
    drawTabs(&canvas, in: rect)
    guard inside.rows >= 3, inside.columns >= 12 else { return }
    guard Self.hasTwo(state, inside.size) else {
      drawPlot(kind, &canvas, in: inside)
      return
    }
    let isWide = Self.isWide(inside.size)
    let parts = inside.split(
      isWide ? .horizontal : .vertical, [.fill(1), .fixed(1), .fill(1)])
    let companion = kind.companion
    if isWide {
      drawTitled(kind, &canvas, in: parts[0])
      for row in 0..<parts[1].rows {
        canvas.write(
          String(canvas.theme.glyphs.separator), in: parts[1], row: row,
          style: canvas.theme[.border])
      }
      drawTitled(companion, &canvas, in: parts[2])
    } else {
      drawPlot(kind, &canvas, in: parts[0])
      let rule = String(repeating: canvas.theme.glyphs.unicode ? "─" : "-", count: parts[1].columns)
      canvas.write(rule, in: parts[1], row: 0, style: canvas.theme[.border])
      canvas.write(
        " \(Self.title(companion, state)) ", in: parts[1], row: 0, column: 1,
        style: canvas.theme[.title])
      drawPlot(companion, &canvas, in: parts[2])
    }
  }

  /// A plot below its name, so that two beside each other stand on one level.
  private func drawTitled(_ kind: PlotState.Kind, _ canvas: inout Canvas, in rect: Rect) {
    let (heading, body) = rect.cutTop(1)
    canvas.write(
      Self.title(kind, state), in: heading, row: 0, column: 1, style: canvas.theme[.title])
    drawPlot(kind, &canvas, in: body)
  }

  /// Whether two plots are shown at the screen's size.
  static func hasTwo(_ state: State) -> Bool {
    let layout = ScreenLayout(
      size: state.size, focus: state.focus, isMaximised: state.isMaximised,
      jobCount: state.jobs.count)
    guard let rect = layout.panes[.plot] else { return state.plot.showsTwo ?? false }
    return hasTwo(state, Size(columns: rect.columns - 4, rows: rect.rows - 2))
  }

  /// Two where they are asked for and legible, or where there is plenty of room.
  private static func hasTwo(_ state: State, _ size: Size) -> Bool {
    switch state.plot.showsTwo {
    case false: false
    case true: size.columns >= 72 && size.rows >= 8 || size.columns >= 30 && size.rows >= 20
    case nil: size.columns >= 120 && size.rows >= 16 || size.columns >= 90 && size.rows >= 34
    }
  }

  /// Beside each other rather than one below the other.
  private static func isWide(_ size: Size) -> Bool {
    size.columns >= 120 || size.columns >= 72 && size.rows < 24
  }

  /// The picture, the numbers beside it, the meaning below.
  private func drawPlot(_ kind: PlotState.Kind, _ canvas: inout Canvas, in rect: Rect) {
    let content = PlotBoard(state: state, glyphs: canvas.theme.glyphs, kind: kind).seen
    let staleness = state.staleness(of: kind)
    var area = rect
    if let note = note(content, kind, canvas.theme.glyphs), rect.rows >= 9 {
      let lines = Self.wrapped(note, columns: rect.columns - 1, most: rect.rows < 16 ? 2 : 3)
      let (below, above) = rect.cutBottom(lines.count)
      for (row, line) in lines.enumerated() {
        canvas.write(
          line, in: below, row: row, column: 1,
          style: canvas.theme[staleness == nil ? .muted : .stale])
      }
      area = above
    }
    var picture = content.picture
    let numbers = content.crosshairNumbers + content.numbers
    if !numbers.isEmpty, area.columns >= leastColumns(content), area.rows >= 6 {
      let parts = area.split(.horizontal, [.fill(1), .fixed(Self.numberColumns)])
      PlotNumbers(numbers: numbers, isStale: staleness != nil).draw(&canvas, in: parts[1])
      area = parts[0]
      picture = picture.withPlainLegend
    }
    if canvas.theme.depth == .none { picture = picture.withoutColors }
    if canvas.theme.tintsBands { picture = picture.withFilledBands }
    let frame = picture.chart.render(
      columns: area.columns, rows: area.rows, marker: canvas.theme.glyphs.plot)
    canvas.draw(frame, at: area.origin)
    if staleness?.isOfPicture == true {
      let stale = canvas.theme[.stale]
      canvas.buffer.restyle(area) { $0 = stale.on($0.background) }
    }
    if let data = frame.plot {
      let sight = PlotSight(kind: kind, area: data, origin: area.origin)
      canvas.hits.append(Canvas.Hit(rect: sight.rect, target: .picture(sight)))
    }
  }

  private static let numberColumns = 22

  /// A matrix needs its width for names more than for the numbers beside it.
  private func leastColumns(_ content: PlotContent) -> Int {
    guard case .matrix(let matrix) = content.picture else { return 60 }
    return max(60, matrix.columnNames.count * 3 + 8 + Self.numberColumns)
  }

  private static func title(_ kind: PlotState.Kind, _ state: State) -> String {
    let view = state.plot.view(of: kind)
    let name =
      view == 0 && kind.views[0] == kind.rawValue || kind.views.count == 1
      ? kind.rawValue : "\(kind.rawValue): \(kind.views[view])"
    let stale = state.staleness(of: kind) == nil ? [] : ["stale"]
    return ([name] + Self.manner(kind, state) + stale).joined(separator: " · ")
  }

  /// What makes it another plot than the plain one.
  private static func manner(_ kind: PlotState.Kind, _ state: State) -> [String] {
    let viewport = state.plot.viewports[kind] ?? Charts.Viewport()
    let part = viewport.followsTail ? ["following"] : viewport.isZoomed ? ["zoomed"] : []
    return part + (state.plot.manners[kind]?.words ?? [])
  }

  /// How far measuring is, what it would take, what the plot is of, or what is found.
  private func note(
    _ content: PlotContent, _ kind: PlotState.Kind, _ glyphs: Glyphs
  ) -> String? {
    var words: [String] = []
    if let staleness = state.staleness(of: kind) { words.append(self.words(staleness, glyphs)) }
    guard let topic = state.topic(of: kind) else { return content.meaning }
    let isWhole = content.isWhole && state.analysis.progress[topic] == nil
    if let progress = state.analysis.progress[topic] {
      let count = progress.total > 0 ? " \(progress.done) of \(progress.total)" : ""
      words.insert("measuring \(topic.title)\(count).", at: 0)
    } else if let failure = state.analysis.failures[topic] {
      return ([failure] + words).joined(separator: " ")
    } else if let seconds = state.analysis.declined[topic] {
      let cost =
        "\(topic.title) would take about \(Numbers.duration(seconds)): Enter here starts it."
      return ([cost] + words).joined(separator: " ")
    }
    if let meaning = content.meaning { words.append(isWhole ? meaning : "So far: \(meaning)") }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  /// Whose numbers these are, and how to have those of the soup at hand.
  private func words(_ staleness: Staleness, _ glyphs: Glyphs) -> String {
    let key = state.settings.keymap.keys(for: .adopt).first.map(KeyName.short)
    let mend = staleness.canBeRenewed ? key.map { ": \($0) here measures that one" } ?? "" : ""
    return "\(glyphs.stale) Of \(staleness.subject), not of the soup at hand\(mend)."
  }

  /// Words on lines of so many columns; what does not fit is elided.
  private static func wrapped(_ text: String, columns: Int, most: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      let longer =
        lines[lines.count - 1].isEmpty ? String(word) : lines[lines.count - 1] + " " + word
      if TextWidth.columns(of: longer) <= columns || lines.count == most {
        lines[lines.count - 1] = longer
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// The plots' names in the border, each a place to click; as many about the shown one as fit.
  private func drawTabs(_ canvas: inout Canvas, in rect: Rect) {
    let kinds = PlotState.Kind.allCases
    let room = rect.columns - Self.title(state.plot.kind, state).count - 10
    guard let active = kinds.firstIndex(of: state.plot.kind) else { return }
    func width(_ range: Range<Int>) -> Int {
      kinds[range].reduce(0) { $0 + $1.rawValue.count + 2 }
    }
    var shown = active..<active + 1
    guard width(shown) <= room else { return }
    while true {
      let wider = [
        max(0, shown.lowerBound - 1)..<shown.upperBound,
        shown.lowerBound..<min(kinds.count, shown.upperBound + 1),
      ].filter { $0 != shown && width($0) <= room }
      // Evenly to both sides.
      guard
        let next = wider.min(by: {
          abs($0.lowerBound + $0.upperBound - 2 * active - 1)
            < abs($1.lowerBound + $1.upperBound - 2 * active - 1)
        })
      else { break }
      shown = next
    }
    var column = rect.right - width(shown) - 2
    for kind in kinds[shown] {
      let isActive = kind == state.plot.kind
      let text = isActive ? "[\(kind.rawValue)]" : " \(kind.rawValue) "
      canvas.buffer.write(
        text, at: Point(column: column, row: rect.top),
        style: canvas.theme[isActive ? .tabActive : .tab])
      canvas.hits.append(
        Canvas.Hit(
          rect: Rect(column: column, row: rect.top, columns: text.count, rows: 1),
          target: .plot(kind)))
      column += text.count
    }
  }
}
