import Themes

/// Writes a scene's words around its plot: titles, tick labels, legend, colour bar.
struct Captions {
  let scene: Scene
  let layout: Layout
  let ink: Ink

  func write(into frame: inout ChartFrame) {
    if let row = layout.titleRow {
      let title = scene.title.elided(to: frame.columns, with: ink.ellipsis)
      frame.write(title, .title, at: max(0, (frame.columns - title.count) / 2), row)
    }
    writeHeader(into: &frame)
    writeXLabels(into: &frame)
    if let side = layout.sideColumns {
      if let bar = scene.colorBar {
        writeColorBar(bar, side, into: &frame)
      } else {
        writeSideLegend(side, into: &frame)
      }
    }
  }

  // MARK: Above

  private func writeHeader(into frame: inout ChartFrame) {
    guard let row = layout.headerRow else { return }
    let entries = layout.sideColumns == nil && scene.placement != .hidden ? scene.legend : []
    let caption = scene.y.caption
    if let rows = layout.legendRows {
      frame.write(caption.elided(to: frame.columns, with: ink.ellipsis), .label, at: 0, row)
      let lines =
        rows.count == 1 ? [entries] : Layout.legendLines(entries, columns: frame.columns)
      for (row, line) in zip(rows, lines) {
        writeLegend(line, in: 0..<frame.columns, row, into: &frame)
      }
      return
    }
    let legendWidth = entries.reduce(0) { $0 + $1.name.count + 4 }
    let room = max(0, frame.columns - (entries.isEmpty ? 0 : min(legendWidth, frame.columns / 2)))
    let title = caption.elided(to: room, with: ink.ellipsis)
    frame.write(title, .label, at: 0, row)
    let start = title.isEmpty ? 0 : min(frame.columns, title.count + 2)
    writeLegend(entries, in: start..<frame.columns, row, into: &frame)
  }

  /// Names the series in one row, from the right: names give up their middles, then the last give
  /// way to a count.
  private func writeLegend(
    _ entries: [Scene.Entry], in columns: Range<Int>, _ row: Int, into frame: inout ChartFrame
  ) {
    guard !entries.isEmpty, columns.count > 3 else { return }
    var shown = entries.count
    var (most, rest) = (0, "")
    while shown > 0 {
      rest = shown < entries.count ? "+\(entries.count - shown)" : ""
      let room = columns.count - (rest.isEmpty ? 0 : rest.count + 2)
      most = Self.nameWidth(entries.prefix(shown).map(\.name.count), room: room)
      let longest = entries.prefix(shown).map(\.name.count).max() ?? 0
      if most >= min(longest, 6) { break }
      shown -= 1
    }
    guard shown > 0 else { return }
    let names = entries.prefix(shown).map { $0.name.elided(to: most, with: ink.ellipsis) }
    let width =
      names.reduce(0) { $0 + $1.count + 4 } - 2 + (rest.isEmpty ? 0 : rest.count + 2)
    var column = max(columns.lowerBound, columns.upperBound - width)
    for (entry, name) in zip(entries, names) {
      frame.put(ink.point(entry.glyph), entry.paint, at: column, row)
      frame.write(name, .legend, at: column + 2, row)
      column += name.count + 4
    }
    frame.write(rest, .legend, at: column, row)
  }

  /// The greatest width to which names must be cut so that all fit.
  private static func nameWidth(_ widths: [Int], room: Int) -> Int {
    let forNames = room - widths.count * 4 + 2
    var most = widths.max() ?? 0
    while most > 0, widths.reduce(0, { $0 + min($1, most) }) > forNames { most -= 1 }
    return most
  }

  // MARK: Below

  private func writeXLabels(into frame: inout ChartFrame) {
    guard let row = layout.labelRow, let area = frame.plot else { return }
    var taken: [Range<Int>] = []
    if let value = scene.crosshair, let column = area.column(ofX: value) {
      let span = area.x.bounds.upperBound - area.x.bounds.lowerBound
      let label = scene.x.format.text(value, step: span / 1000)
      let start = min(max(0, column - label.count / 2), max(0, frame.columns - label.count))
      frame.write(label, .crosshair, at: start, row)
      taken.append(start - 1..<start + label.count + 1)
    }
    let end = layout.plotColumns.upperBound
    for tick in layout.xTicks {
      let span = layout.span(of: tick, area.x, columns: end)
      guard taken.allSatisfy({ !$0.overlaps(span) }) else { continue }
      frame.write(tick.label, .label, at: span.lowerBound, row)
    }
    writeXCaption(besides: taken, into: &frame)
  }

  /// The horizontal axis's title: below the labels, or behind the last of them.
  private func writeXCaption(besides taken: [Range<Int>], into frame: inout ChartFrame) {
    if let row = layout.captionRow {
      let caption = scene.x.caption.elided(to: frame.columns, with: ink.ellipsis)
      let middle = (layout.plotColumns.lowerBound + layout.plotColumns.upperBound) / 2
      let start = min(middle - caption.count / 2, frame.columns - caption.count)
      frame.write(caption, .label, at: max(0, start), row)
    } else if let row = layout.labelRow, let columns = layout.captionColumns(scene),
      taken.allSatisfy({ !$0.overlaps(columns) })
    {
      frame.write(scene.x.caption, .label, at: columns.lowerBound, row)
    }
  }

  // MARK: Beside

  private func writeSideLegend(_ columns: Range<Int>, into frame: inout ChartFrame) {
    let rows = layout.plotRows
    for (entry, row) in zip(scene.legend, rows) {
      if row == rows.upperBound - 1, scene.legend.count > rows.count {
        let left = scene.legend.count - rows.count + 1
        frame.write("+\(left)", .legend, at: columns.lowerBound + 2, row)
        return
      }
      frame.put(ink.point(entry.glyph), entry.paint, at: columns.lowerBound, row)
      let name = entry.name.elided(to: columns.count - 2, with: ink.ellipsis)
      frame.write(name, .legend, at: columns.lowerBound + 2, row)
    }
  }

  private func writeColorBar(
    _ bar: ColorBar, _ columns: Range<Int>, into frame: inout ChartFrame
  ) {
    let rows = layout.plotRows
    let last = Double(max(1, rows.count * 2 - 1))
    for row in rows {
      let step = Double((row - rows.lowerBound) * 2)
      let cell = ink.shaded(
        1 - step / last, 1 - (step + 1) / last, bar.usesGlyphs ? .glyphs : .colors)
      guard let cell else { continue }
      for column in columns.prefix(2) { frame[column, row] = cell }
    }
    let axis = Axis(format: bar.format)
    let projection = Projection(bar.bounds, .linear)
    let ticks = Ticks.choose(axis, bar.bounds, atMost: rows.count / 2 + 1) { ticks in
      let places = ticks.map { projection.row(of: $0.value, rows: rows.count, marker: .quadrant) }
      return zip(places, places.dropFirst()).allSatisfy { $0 - $1 >= 2 }
        && Set(ticks.map(\.label)).count == ticks.count
    }
    for tick in ticks {
      let row = projection.row(of: tick.value, rows: rows.count, marker: .quadrant)
      frame.write(tick.label, .label, at: columns.lowerBound + 3, rows.lowerBound + row)
    }
    guard let header = layout.headerRow, !bar.title.isEmpty else { return }
    let room = frame.columns - scene.y.caption.count - 2
    let title = bar.title.elided(to: max(0, room), with: ink.ellipsis)
    frame.write(title, .label, at: frame.columns - title.count, header)
  }
}
