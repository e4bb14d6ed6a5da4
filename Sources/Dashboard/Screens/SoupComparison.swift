import Averaging
import Evaluation
import Kitchen
import Recipes
import TerminalUI
import Themes

/// The hand-picked soup and what it is held against, a row each, with a column for every split.
struct SoupComparison {
  /// One row: a soup and its accuracies.
  struct Line {
    let glyph: Character
    let name: String
    let style: Style
    let cells: [(text: String, style: Style)]
  }

  /// The soup, its ensemble and the best ingredient alone.
  private(set) var own: [Line] = []
  /// Soups kept by hand, then those of recipes, the best on val first.
  private(set) var others: [Line] = []
  private let state: State
  private let theme: Theme

  init(state: State, theme: Theme) {
    self.state = state
    self.theme = theme
    own = ownLines
    others = keptLines + recipeLines
  }

  /// Draws the header, its own rows and as many rows of others as are given, the last of them a count
  /// where there are more.
  /// - Returns: the row below the last.
  func draw(_ canvas: inout Canvas, in inside: Rect, from row: Int, others rows: Int) -> Int {
    let shown = others.prefix(rows < others.count ? max(0, rows - 1) : rows)
    let lines = own + shown
    let names = lines.map { TextWidth.columns(of: $0.name) + 2 }.max() ?? 0
    let nameColumns = min(max(names, 14), max(22, inside.columns / 2))
    let columns = SplitColumns(state.splits, room: inside.columns - nameColumns)
    canvas.write(columns.header, in: inside, row: row, column: nameColumns, style: theme[.header])
    var row = row + 1
    for line in lines {
      let name = TextWidth.elide(line.name, to: nameColumns - 2, .middle)
      canvas.write("\(line.glyph) \(name)", in: inside, row: row, style: line.style)
      for (place, cell) in line.cells.prefix(columns.splits.count).enumerated() {
        canvas.write(
          cell.text.leftPadded(to: columns.width), in: inside, row: row,
          column: nameColumns + place * columns.width, style: cell.style)
      }
      row += 1
    }
    guard rows > shown.count else { return row }
    canvas.write(
      "+\(others.count - shown.count) more", in: inside, row: row, column: 2, style: theme[.muted])
    return row + 1
  }

  // MARK: Its own

  private var ownLines: [Line] {
    var lines: [Line] = []
    if !state.set.members.isEmpty {
      lines.append(line("this soup", theme.glyphs.soup, theme[.soup], of: .soup))
      if state.set.members.count > 1 {
        lines.append(
          line("its ensemble", theme.glyphs.ensemble, theme[.ensemble], of: .ensemble))
      }
    }
    if let best = state.bestSingle {
      lines.append(
        line("best single \(best.name)", theme.glyphs.best, theme[.best]) { split in
          state.table.accuracy(of: best.name, on: split)?.value
        })
    }
    return lines
  }

  private func line(
    _ name: String, _ glyph: Character, _ style: Style, of subject: Reading.Subject
  ) -> Line {
    let cells = state.splits.map { split -> (text: String, style: Style) in
      guard let reading = state.bench.reading(subject, on: split), reading.seen > 0 else {
        return ("–", theme[.muted])
      }
      let text = Numbers.percent(Double(reading.correct) / Double(reading.seen))
      if state.bench.isStale(reading) { return ("\(theme.glyphs.stale)\(text)", theme[.stale]) }
      return (text, reading.score == nil ? theme[.pending] : style)
    }
    return Line(glyph: glyph, name: name, style: style, cells: cells)
  }

  private func line(
    _ name: String, _ glyph: Character, _ style: Style, accuracy: (String) -> Double?
  ) -> Line {
    let cells = state.splits.map { split in
      accuracy(split).map { (Numbers.percent($0), theme[.text]) } ?? ("–", theme[.muted])
    }
    return Line(glyph: glyph, name: name, style: style, cells: cells)
  }

  // MARK: Others

  private var keptLines: [Line] {
    state.set.kept.map { soup in
      let scores = state.scores(of: .kept(soup.name))
      return line(
        "\(soup.name) (\(soup.blend.terms.count))", theme.glyphs.soup, theme[.text]
      ) { scores[$0]?.accuracy }
    }
  }

  private var recipeLines: [Line] {
    func merit(_ reference: SoupBench.Reference) -> Double {
      reference.scores[state.selectionSplit]?.accuracy ?? -.infinity
    }
    // Equal ones stay in the order in which they came.
    let ranked = state.bench.references.filter { !isShownAbove($0.name) }.enumerated().sorted {
      (-merit($0.element), $0.offset) < (-merit($1.element), $1.offset)
    }
    return ranked.map(\.element).map { reference in
      let token: Token =
        reference.isEnsemble
        ? .ensemble : reference.name.hasPrefix("uniform") ? .uniform : .text
      return line(
        reference.name, reference.isEnsemble ? theme.glyphs.ensemble : theme.glyphs.uniform,
        theme[token]
      ) { reference.scores[$0]?.accuracy }
    }
  }

  /// Whether a recipe came to the very soup at hand, or to the best ingredient alone.
  private func isShownAbove(_ recipe: String) -> Bool {
    let job = state.jobs.last { $0.spec.title == recipe && $0.result != nil }
    guard let result = job?.result, result.kind == .soup, result.blend.tensors == nil else {
      return false
    }
    let alone = state.bestSingle.map { Blend.uniform([$0.name]).shares }
    return [state.set.blend.shares, alone].contains(result.blend.shares)
  }
}
