import Foundation
import Kitchen
import TerminalUI
import Themes

/// The rows of a comparison: accuracies, cost, and where they lie on one scale.
struct ComparisonGrid {
  let state: State
  let standing: ComparisonStanding
  let selected: Int

  private let groups: [ComparisonColumns.Group]

  init(state: State, standing: ComparisonStanding, selected: Int) {
    self.state = state
    self.standing = standing
    self.selected = selected
    groups = ComparisonColumns(sweep: state.sweep).all
  }

  /// Where columns stand for a width.
  private struct Places {
    /// How many groups have room, each as a whole.
    let groups: Int
    let label: Int
    let cell: Int
    let showsDeviation: Bool
    /// Where the digits of an accuracy end within its cell.
    let number: Int
    let passes: Int
    let ingredients: Int
    let track: Int
    /// Columns in which the names of recipes can be told apart.
    private static let leastLabel = 20

    init(columns: Int, groups: Int) {
      showsDeviation = columns >= 90
      cell = showsDeviation ? 13 : 8
      number = showsDeviation ? 7 : 8
      self.groups = max(1, min(groups, (columns - Self.leastLabel) / cell))
      label = min(23, columns - self.groups * cell)
      let rest = columns - label - self.groups * cell
      passes = rest >= 8 ? 8 : 0
      ingredients = rest >= 15 ? 7 : 0
      let left = rest - passes - ingredients - 3
      track = left >= 16 ? left : 0
    }
  }

  /// Draws header and rows; returns how many rows that took.
  func draw(_ canvas: inout Canvas, in area: Rect) -> Int {
    let places = Places(columns: area.columns, groups: groups.count)
    drawHeader(&canvas, places, in: area)
    let shown = min(standing.rows.count, area.rows - 1)
    guard shown > 0 else { return 1 }
    let first = min(max(0, selected - shown / 2), standing.rows.count - shown)
    for row in 0..<shown {
      let line = Rect(
        column: area.left, row: area.top + 1 + row, columns: area.columns, rows: 1)
      draw(
        &canvas, standing.rows[first + row], isSelected: first + row == selected, places, in: line)
      canvas.offer(first + row, in: line, row: 0)
    }
    return shown + 1
  }

  private func drawHeader(_ canvas: inout Canvas, _ places: Places, in area: Rect) {
    let theme = canvas.theme
    canvas.write("  recipe", in: area, row: 0, style: theme[.header])
    var column = places.label
    for group in groups.prefix(places.groups) {
      let look = theme.series(group.look)
      let marked = "\(look.glyph) \(group.title)"
      // A blank is left between two of them.
      let text = TextWidth.columns(of: marked) < places.cell ? marked : group.title
      canvas.write(
        text.leftPadded(to: places.number), in: area, row: 0, column: column,
        style: look.style.adding(.bold))
      column += places.cell
    }
    if places.passes > 0 {
      canvas.write(
        "passes".leftPadded(to: 8), in: area, row: 0, column: column, style: theme[.header])
      column += places.passes
    }
    if places.ingredients > 0 {
      canvas.write(
        "ingr.".leftPadded(to: 7), in: area, row: 0, column: column, style: theme[.header])
      column += places.ingredients
    }
    guard places.track > 0, let reach else { return }
    let track = Rect(
      column: area.left + column + 3, row: area.top, columns: places.track, rows: 1)
    canvas.write(Numbers.percent(reach.lowerBound), in: track, row: 0, style: theme[.axisLabel])
    canvas.writeRight(
      Numbers.percent(reach.upperBound), in: track, row: 0, style: theme[.axisLabel])
  }

  // MARK: A row

  private func draw(
    _ canvas: inout Canvas, _ row: ComparisonStanding.Row, isSelected: Bool, _ places: Places,
    in line: Rect
  ) {
    let theme = canvas.theme
    let base = isSelected ? theme[.selection] : theme[.text]
    if isSelected { canvas.buffer.fill(line, style: theme[.selection]) }
    let bar = isSelected ? String(theme.glyphs.selectionBar) : " "
    let (glyph, token) = look(of: row, theme)
    canvas.write(
      [
        (bar, base),
        ("\(glyph) ", theme[token].on(base.background)),
        (
          TextWidth.elide(row.label, to: places.label - 4),
          isSelected ? base : style(of: row, theme)
        ),
      ], in: line, row: 0)
    switch row.status {
    case .done(let result):
      draw(&canvas, result, base: base, places, in: line)
    case .cooking(let current, let share):
      let bar = Bar.text(share: share, columns: 10, theme.glyphs)
      canvas.write(
        [
          (bar, theme[.gauge].on(base.background)),
          (String(repeating: "·", count: 10 - bar.count), theme[.gaugeEmpty].on(base.background)),
          (" \(Int(share * 100)) %  ", theme[.running].on(base.background)),
          (current, theme[.muted].on(base.background)),
        ], in: line, row: 0, column: places.label)
    case .waiting:
      canvas.write(
        "about \(row.cost)", in: line, row: 0, column: places.label,
        style: theme[.muted].on(base.background))
    case .skipped(let reason):
      canvas.write(
        reason, in: line, row: 0, column: places.label, style: theme[.muted].on(base.background))
    }
  }

  private func draw(
    _ canvas: inout Canvas, _ result: ComparisonRow, base: Style, _ places: Places, in line: Rect
  ) {
    let theme = canvas.theme
    var column = places.label
    for group in groups.prefix(places.groups) {
      let value = result.accuracy(on: group.splits)
      let isBest = value != nil && value == best(of: group)
      let style = isBest ? theme[.success].on(base.background).adding(.bold) : base
      var pieces = [(value.map(Numbers.percent) ?? "–").leftPadded(to: places.number)].map {
        ($0, style)
      }
      if places.showsDeviation, let spread = result.deviation(on: group.splits) {
        pieces.append((" ±\(Numbers.percent(spread))", theme[.muted].on(base.background)))
      }
      canvas.write(pieces, in: line, row: 0, column: column)
      column += places.cell
    }
    if places.passes > 0 {
      canvas.write(
        String(format: "%.1f", result.passes).leftPadded(to: 8), in: line, row: 0, column: column,
        style: base)
      column += places.passes
    }
    if places.ingredients > 0 {
      let counts = result.results.map { Set($0.ingredients).count }
      let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
      canvas.write(
        (least == most ? "\(least)" : "\(least)–\(most)").leftPadded(to: 7), in: line, row: 0,
        column: column, style: base)
      column += places.ingredients
    }
    guard places.track > 0 else { return }
    let track = Rect(column: line.left + column + 3, row: line.top, columns: places.track, rows: 1)
    drawTrack(&canvas, result, base: base, in: track)
  }

  /// Its accuracies on one scale, over faint lines where the best single stands.
  private func drawTrack(
    _ canvas: inout Canvas, _ result: ComparisonRow, base: Style, in track: Rect
  ) {
    guard let reach else { return }
    let theme = canvas.theme
    let width = reach.upperBound - reach.lowerBound
    func column(_ value: Double) -> Int {
      Int(((value - reach.lowerBound) / width * Double(track.columns - 1)).rounded())
    }
    let rule = theme.glyphs.unicode ? "─" : "-"
    let guide = theme.glyphs.unicode ? "┊" : ":"
    let places = groups.compactMap { group in
      result.accuracy(on: group.splits).map { (group, column($0)) }
    }
    if let first = places.map(\.1).min(), let last = places.map(\.1).max() {
      canvas.write(
        String(repeating: rule, count: last - first + 1), in: track, row: 0, column: first,
        style: theme[.grid].on(base.background))
    }
    if let single = standing.rows.first?.result {
      for group in groups {
        guard let value = single.accuracy(on: group.splits) else { continue }
        canvas.write(
          guide, in: track, row: 0, column: column(value),
          style: theme.series(group.look).faint.on(base.background))
      }
    }
    for (group, column) in places {
      let look = theme.series(group.look)
      canvas.write(
        String(look.glyph), in: track, row: 0, column: column,
        style: look.style.on(base.background).adding(.bold))
    }
  }

  // MARK: Values

  private func best(of group: ComparisonColumns.Group) -> Double? {
    standing.rows.compactMap { $0.result?.accuracy(on: group.splits) }.max()
  }

  /// From the least to the largest accuracy of all rows, with a little room.
  private var reach: ClosedRange<Double>? {
    let values = standing.rows.compactMap(\.result).flatMap { row in
      groups.compactMap { row.accuracy(on: $0.splits) }
    }
    guard let least = values.min(), let most = values.max() else { return nil }
    let margin = max((most - least) * 0.04, 0.005)
    return max(0, least - margin)...min(1, most + margin)
  }

  private func style(of row: ComparisonStanding.Row, _ theme: Theme) -> Style {
    switch row.status {
    case .done: theme[.text]
    case .cooking: theme[.running].adding(.bold)
    case .waiting, .skipped: theme[.muted]
    }
  }

  /// What kind of thing a row is, before its name.
  private func look(of row: ComparisonStanding.Row, _ theme: Theme) -> (Character, Token) {
    let glyphs = theme.glyphs
    switch row.status {
    case .skipped: return (glyphs.cross, .muted)
    case .waiting: return (glyphs.pending, .muted)
    case .cooking: return (glyphs.arrow, .running)
    case .done: break
    }
    if row.label.hasSuffix("ensemble") { return (glyphs.ensemble, .ensemble) }
    if row.label.hasPrefix("uniform") { return (glyphs.uniform, .uniform) }
    if row.label.hasSuffix("single") || row.label.hasPrefix("second") {
      return (glyphs.best, .best)
    }
    return (glyphs.soup, .soup)
  }
}

extension ComparisonStanding.Row {
  /// `24 passes`, `3 × 24 passes`.
  var cost: String {
    let whole = Int(passes.rounded())
    let times = repeats > 1 ? "\(repeats) × " : ""
    return "\(times)\(whole) pass\(whole == 1 ? "" : "es")"
  }
}
