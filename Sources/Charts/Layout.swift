import Themes

/// How a scene's parts share a frame: pure arithmetic on its size.
///
/// Parts go one by one as the frame gets smaller, the plot itself last.
struct Layout {
  private(set) var titleRow: Int?
  /// The vertical axis's title, and the legend where both fit.
  private(set) var headerRow: Int?
  /// The legend's own rows where it does not.
  private(set) var legendRows: Range<Int>?
  private(set) var axisRow: Int?
  private(set) var labelRow: Int?
  /// The horizontal axis's title, where it would cost labels beside them and there is room below.
  private(set) var captionRow: Int?
  private(set) var plotRows: Range<Int>
  private(set) var plotColumns: Range<Int>
  /// The column of the vertical axis; its labels end before it.
  private(set) var axisColumn: Int?
  private(set) var sideColumns: Range<Int>?
  private(set) var xTicks: [Tick] = []
  private(set) var yTicks: [Tick] = []

  init(_ scene: Scene, columns: Int, rows: Int, marker: PlotMarker) {
    self.init(scene, columns: columns, rows: rows, marker: marker, hasCaptionRow: false)
    if rows >= 10, !scene.x.caption.isEmpty, captionColumns(scene) == nil {
      self.init(scene, columns: columns, rows: rows, marker: marker, hasCaptionRow: true)
    }
  }

  private init(
    _ scene: Scene, columns: Int, rows: Int, marker: PlotMarker, hasCaptionRow: Bool
  ) {
    var (top, bottom) = (0, rows)
    if !scene.title.isEmpty, rows >= 12 {
      titleRow = top
      top += 1
    }
    let side = Self.sideWidth(scene, columns: columns, rows: rows)
    let hasHeader =
      !scene.y.caption.isEmpty || !(scene.colorBar?.title ?? "").isEmpty
      || !scene.legend.isEmpty && side == 0 && scene.placement != .hidden
    if hasHeader, rows >= 4 {
      headerRow = top
      top += 1
    }
    if side == 0, Self.needsOwnRow(scene, columns: columns) {
      let most = rows / 10
      let needed = Self.legendLines(scene.legend, columns: columns).count
      // Names that find no room even so are cut, all in one row.
      let count = needed <= most ? needed : min(1, most)
      if count > 0 { legendRows = top..<top + count }
      top += count
    }
    if hasCaptionRow {
      bottom -= 1
      captionRow = bottom
    }
    if rows >= 4 {
      bottom -= 1
      labelRow = bottom
    }
    if rows >= 8 {
      bottom -= 1
      axisRow = bottom
    }
    plotRows = top..<max(top, bottom)
    let right = columns - side
    plotColumns = 0..<max(0, right)
    yTicks = Self.yTicks(scene, rows: plotRows.count, marker: marker)
    let labels = scene.y.gutter ?? yTicks.map(\.label.count).max() ?? 0
    if rows >= 3, right - labels - 2 >= max(8, right / 2) {
      axisColumn = labels + (labels > 0 ? 1 : 0)
      plotColumns = labels + (labels > 0 ? 2 : 1)..<right
    } else {
      yTicks = []
    }
    if side > 0 { sideColumns = right + 2..<columns }
    xTicks = labelRow == nil ? [] : xTicks(scene, columns: right)
  }

  /// The width of labels a plot of this size needs, so that a stack of plots can agree on the
  /// widest.
  static func naturalGutter(_ scene: Scene, columns: Int, rows: Int, marker: PlotMarker) -> Int {
    var free = scene
    free.y.gutter = nil
    let layout = Layout(free, columns: columns, rows: rows, marker: marker)
    return layout.yTicks.map(\.label.count).max() ?? 0
  }

  private static func sideWidth(_ scene: Scene, columns: Int, rows: Int) -> Int {
    if let bar = scene.colorBar {
      let step = (bar.bounds.upperBound - bar.bounds.lowerBound) / 8
      let labels = [bar.bounds.lowerBound, bar.bounds.upperBound].map {
        bar.format.text($0, step: step).count
      }
      let width = 5 + (labels.max() ?? 0)
      return columns >= 30 && rows >= 5 && columns > 3 * width ? width : 0
    }
    let names = scene.legend.map { $0.name.count + 2 }
    guard let widest = names.max() else { return 0 }
    let wanted = min(widest, 26) + 2
    switch scene.placement {
    case .above, .hidden: return 0
    case .right: return columns >= 3 * wanted && rows >= 3 ? wanted : 0
    case .automatic:
      let together = names.reduce(0) { $0 + $1 + 2 } + scene.y.caption.count
      let isNeeded = together > columns - 4
      return isNeeded && columns >= 90 && rows >= scene.legend.count + 2 ? wanted : 0
    }
  }

  /// Whether names would have to be cut beside the axis's title.
  private static func needsOwnRow(_ scene: Scene, columns: Int) -> Bool {
    guard scene.placement != .hidden, !scene.legend.isEmpty, !scene.y.caption.isEmpty else {
      return false
    }
    return scene.legend.reduce(scene.y.caption.count) { $0 + $1.name.count + 4 } > columns
  }

  /// A legend with whole names in as many lines as it needs.
  static func legendLines(_ entries: [Scene.Entry], columns: Int) -> [[Scene.Entry]] {
    var lines: [[Scene.Entry]] = []
    var room = 0
    for entry in entries {
      let width = entry.name.count + 4
      if lines.isEmpty || width - 2 > room {
        lines.append([])
        room = columns
      }
      lines[lines.count - 1].append(entry)
      room -= width
    }
    return lines
  }

  private static func yTicks(_ scene: Scene, rows: Int, marker: PlotMarker) -> [Tick] {
    guard rows > 0 else { return [] }
    let projection = Projection(scene.yBounds, scene.y.scale)
    let preferred = rows >= 32 ? 4 : rows >= 12 ? 3 : 2
    for gap in stride(from: preferred, through: 1, by: -1) {
      let ticks = Ticks.choose(scene.y, scene.yBounds, atMost: rows / gap + 1) { ticks in
        let places = ticks.map { projection.row(of: $0.value, rows: rows, marker: marker) }
        return zip(places, places.dropFirst()).allSatisfy { $0 - $1 >= gap }
          && Set(ticks.map(\.label)).count == ticks.count
      }
      if ticks.count >= 2 || gap == 1 { return ticks }
    }
    return []
  }

  private func xTicks(_ scene: Scene, columns: Int) -> [Tick] {
    let projection = Projection(scene.xBounds, scene.x.scale)
    let width = plotColumns.count
    guard width > 0 else { return [] }
    return Ticks.choose(scene.x, scene.xBounds, atMost: max(2, width / 4)) { ticks in
      guard Set(ticks.map(\.label)).count == ticks.count else { return false }
      let spans = ticks.map { span(of: $0, projection, columns: columns) }
      return zip(spans, spans.dropFirst()).allSatisfy { $0.upperBound + 2 <= $1.lowerBound }
    }
  }

  /// Where the horizontal axis's title stands in the row of labels: behind the last of them; nil
  /// where it would cost one.
  func captionColumns(_ scene: Scene) -> Range<Int>? {
    let (end, count) = (plotColumns.upperBound, scene.x.caption.count)
    let projection = Projection(scene.xBounds, scene.x.scale)
    let last = xTicks.last.map { span(of: $0, projection, columns: end).upperBound + 2 } ?? 0
    return count > 0 && last <= end - count ? end - count..<end : nil
  }

  /// The columns of a tick's label: centred under the tick, but inside the frame.
  func span(of tick: Tick, _ projection: Projection, columns: Int) -> Range<Int> {
    let place = projection.unit(tick.value) * Double(plotColumns.count - 1)
    let column = plotColumns.lowerBound + Int(place.rounded())
    let start = column - tick.label.count / 2
    let first = min(max(0, start), max(0, columns - tick.label.count))
    return first..<first + tick.label.count
  }
}

extension Projection {
  /// The row of the cell in which a value's dot falls, counted from the top.
  func row(of value: Double, rows: Int, marker: PlotMarker) -> Int {
    let down =
      switch marker {
      case .braille: 4
      case .quadrant: 2
      case .ascii: 3
      }
    let place = unit(value)
    guard place.isFinite else { return rows - 1 }
    let dot = ((1 - min(max(place, 0), 1)) * Double(rows * down - 1)).rounded()
    return min(max(0, Int(dot) / down), rows - 1)
  }
}
