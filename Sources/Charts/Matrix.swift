package import Themes

/// A table of shaded numbers with named rows and columns: angles between all pairs.
package struct Matrix: Hashable, Sendable {
  package var title: String
  package var rowNames, columnNames: [String]
  /// `values[row][column]`; NaN where there is none.
  package var values: [[Double]]
  /// The values at the ends of the gradient; nil for those of the data.
  package var bounds: ClosedRange<Double>?
  package var gradient: String
  package var shading: HeatMap.Shading
  /// The numbers' decimals.
  package var decimals: Int
  package var format: NumberFormat
  /// Said where there are no rows.
  package var empty: String
  package var selected: (row: Int, column: Int)? {
    get { selection.map { ($0.row, $0.column) } }
    set { selection = newValue.map { Cell(row: $0.row, column: $0.column) } }
  }
  private var selection: Cell?

  private struct Cell: Hashable, Sendable {
    let row, column: Int
  }

  package init(
    title: String = "", rowNames: [String], columnNames: [String], values: [[Double]],
    bounds: ClosedRange<Double>? = nil, gradient: String = "heat",
    shading: HeatMap.Shading = .colors, format: NumberFormat = .number, decimals: Int = 0,
    selected: (row: Int, column: Int)? = nil, empty: String = "nothing measured yet"
  ) {
    self.title = title
    self.rowNames = rowNames
    self.columnNames = columnNames
    self.values = values
    self.bounds = bounds
    self.gradient = gradient
    self.shading = shading
    self.format = format
    self.decimals = decimals
    self.empty = empty
    self.selected = selected
  }

  func value(_ row: Int, _ column: Int) -> Double {
    guard values.indices.contains(row), values[row].indices.contains(column) else { return .nan }
    return values[row][column]
  }

  func number(_ value: Double) -> String {
    var step = 1.0
    for _ in 0..<max(0, decimals) { step /= 10 }
    return format.text(value, step: format == .percent ? step / 100 : step)
  }

  /// The place of a value on the gradient; nil where there is none.
  func shade(_ value: Double, in bounds: ClosedRange<Double>?) -> Double? {
    guard value.isFinite, let bounds else { return nil }
    return bounds.share(of: value)
  }

  var reach: ClosedRange<Double>? { bounds ?? ClosedRange(holding: values.joined()) }
}

extension Matrix: Chart {
  /// Numbers on shades where they fit, else shades two columns wide, else half a row high.
  ///
  /// Rows and columns that do not fit are left out, the selected one never.
  package func render(columns: Int, rows: Int, marker: PlotMarker) -> ChartFrame {
    MatrixRenderer.render(self, columns: columns, rows: rows, ink: Ink(marker))
  }

  package func csv() -> String {
    var csv = CSV("row", "column", "value")
    for (row, rowName) in rowNames.enumerated() {
      for (column, columnName) in columnNames.enumerated() {
        csv.add(rowName, columnName, CSV.field(value(row, column)))
      }
    }
    return csv.text
  }

  package func svg(width: Int, height: Int, palette: SVGPalette) -> String {
    let (wide, tall) = (Double(max(64, width)), Double(max(64, height)))
    var svg = SVGDocument(
      width: max(64, width), height: max(64, height), background: palette.background)
    func fill(_ paint: Paint) -> SVGDocument.Fill {
      let (color, opacity) = palette.color(paint, gradient: gradient)
      return .init(color: color, opacity: opacity)
    }
    let left = 16 + Double(min(24, rowNames.map(\.count).max() ?? 0)) * 7
    let top = (title.isEmpty ? 12.0 : 36) + Double(min(24, columnNames.map(\.count).max() ?? 0)) * 7
    let across = (wide - left - 12) / Double(max(1, columnNames.count))
    let down = (tall - top - 12) / Double(max(1, rowNames.count))
    if !title.isEmpty { svg.text(title, wide / 2, 22, fill(.title), anchor: "middle", size: 15) }
    for (column, name) in columnNames.enumerated() where across >= 10 {
      svg.upright(
        name.elided(to: 24, with: "…"), left + (Double(column) + 0.5) * across + 4,
        top - 6 - Double(min(24, name.count)) * 3.5, fill(.label))
    }
    let bounds = reach
    for (row, name) in rowNames.enumerated() {
      let at = top + Double(row) * down
      if down >= 10 {
        svg.text(
          name.elided(to: 24, with: "…"), left - 6, at + down / 2 + 4, fill(.label), anchor: "end")
      }
      for column in columnNames.indices {
        let value = value(row, column)
        guard let shade = shade(value, in: bounds) else { continue }
        let start = left + Double(column) * across
        let (color, _) = palette.color(.shade(shade), gradient: gradient)
        svg.box(start, at, across, down, .init(color: color, opacity: 1))
        let text = number(value)
        guard across >= Double(text.count * 7 + 4), down >= 14 else { continue }
        let isBright = (RGB(hex: color)?.luminance ?? 0) > 0.3
        svg.text(
          text, start + across / 2, at + down / 2 + 4,
          .init(color: isBright ? "#000000" : "#ffffff", opacity: 1), anchor: "middle")
      }
    }
    return svg.text
  }
}

/// Draws a matrix with characters.
private struct MatrixRenderer {
  private let matrix: Matrix
  private let ink: Ink
  private let bounds: ClosedRange<Double>?
  private var frame: ChartFrame

  static func render(_ matrix: Matrix, columns: Int, rows: Int, ink: Ink) -> ChartFrame {
    let frame = ChartFrame(columns: columns, rows: rows)
    guard frame.columns > 0, frame.rows > 0 else { return frame }
    var renderer = MatrixRenderer(
      matrix: matrix, ink: ink, bounds: matrix.reach, frame: frame)
    renderer.draw()
    if ink.isASCII { renderer.frame.foldToASCII() }
    return renderer.frame
  }

  private mutating func draw() {
    frame.gradient = matrix.gradient
    guard !matrix.rowNames.isEmpty else {
      frame.writeInMiddle(matrix.empty, ink)
      return
    }
    var top = 0
    if !matrix.title.isEmpty, frame.rows >= 5 {
      frame.write(matrix.title.elided(to: frame.columns, with: ink.ellipsis), .title, at: 0, 0)
      top = 1
    }
    let names = matrix.rowNames.map(\.count).max() ?? 0
    let gutter = frame.columns >= 16 ? min(names, frame.columns / 3, 24) + 1 : 0
    let room = frame.columns - gutter
    let numbers = matrix.values.joined().filter(\.isFinite).map(matrix.number)
    let widest = numbers.map(\.count).max() ?? 1
    let (count, lines) = (matrix.columnNames.count, matrix.rowNames.count)
    let named = max(widest, min(8, matrix.columnNames.map(\.count).max() ?? 0)) + 1
    let space = frame.rows - top - 1
    if count * (widest + 1) <= room, lines <= space || lines > 2 * space {
      drawCells(top: top, gutter: gutter, width: count * named <= room ? named : widest + 1)
    } else if count * 2 <= room, lines <= space {
      drawCells(top: top, gutter: gutter, width: 2)
    } else if matrix.shading == .colors, !ink.isASCII {
      drawHalves(top: top)
    } else {
      drawCells(top: top, gutter: gutter, width: 1)
    }
  }

  /// The rows or columns shown of `count`, such that the selected one is among them.
  private func window(_ count: Int, shown: Int, selected: Int?) -> Range<Int> {
    let shown = min(count, max(0, shown))
    let start = min(max(0, (selected ?? 0) - shown / 2), count - shown)
    return start..<start + shown
  }

  /// The columns' names; where they are too long, without what all of them begin with.
  private func heads(columns: Int) -> [String] {
    let names = matrix.columnNames
    guard names.contains(where: { $0.count > columns }), names.count > 1, let first = names.first
    else {
      return names
    }
    let shared = names.map { name in zip(first, name).prefix { $0 == $1 }.count }.min() ?? 0
    return names.map { name in
      let rest = shared < name.count ? String(name.dropFirst(shared)) : name
      return rest.elided(to: columns, with: ink.ellipsis)
    }
  }

  private mutating func drawCells(top: Int, gutter: Int, width: Int) {
    let hasHeader = width >= 3
    let first = top + (hasHeader ? 1 : 0)
    let selected = matrix.selected
    let columns = window(
      matrix.columnNames.count, shown: (frame.columns - gutter) / width, selected: selected?.column)
    let rows = window(
      matrix.rowNames.count, shown: frame.rows - first, selected: selected?.row)
    let heads = self.heads(columns: width - 1)
    for (offset, column) in columns.enumerated() where hasHeader {
      let name = heads[column]
      let paint: Paint = selected?.column == column ? .crosshair : .label
      frame.write(name.leftPadded(to: width), paint, at: gutter + offset * width, top)
    }
    for (line, row) in rows.enumerated() {
      if gutter > 0 {
        let name = matrix.rowNames[row].elided(to: gutter - 1, with: ink.ellipsis)
        let paint: Paint = selected?.row == row ? .crosshair : .label
        frame.write(name.leftPadded(to: gutter - 1), paint, at: 0, first + line)
      }
      for (offset, column) in columns.enumerated() {
        let isSelected = selected?.row == row && selected?.column == column
        drawCell(
          matrix.value(row, column), isSelected, at: gutter + offset * width, first + line, width)
      }
    }
  }

  private mutating func drawCell(
    _ value: Double, _ isSelected: Bool, at column: Int, _ row: Int, _ width: Int
  ) {
    guard let shade = matrix.shade(value, in: bounds) else {
      let missing = ink.isASCII ? "." : "·"
      frame.write(missing.leftPadded(to: width), .grid, at: column, row)
      return
    }
    let step = Paint.shade((shade * 31).rounded() / 31)
    let isColoured = matrix.shading == .colors && !ink.isASCII
    let text = width >= 3 ? matrix.number(value).leftPadded(to: width) : nil
    for offset in 0..<width where frame.contains(column + offset, row) {
      let glyph = text.flatMap { $0.cells.indices.contains(offset) ? $0.cells[offset] : nil }
      if isColoured {
        let paint: Paint = .onShade
        frame[column + offset, row] = ChartCell(glyph ?? " ", paint, on: step)
      } else if let glyph {
        frame.put(glyph, isSelected ? .crosshair : step, at: column + offset, row)
      } else if let cell = ink.shaded(shade, shade, .glyphs) {
        frame[column + offset, row] = cell
      }
    }
    if isSelected, width >= 3, frame.contains(column, row), frame[column, row].glyph == " " {
      frame[column, row].glyph = "["
      frame[column, row].paint = .crosshair
    }
  }

  /// Two rows to a line of cells, without names.
  private mutating func drawHalves(top: Int) {
    let selected = matrix.selected
    let columns = window(
      matrix.columnNames.count, shown: frame.columns, selected: selected?.column)
    let rows = window(
      matrix.rowNames.count, shown: (frame.rows - top) * 2, selected: selected?.row)
    for (line, row) in stride(from: rows.lowerBound, to: rows.upperBound, by: 2).enumerated() {
      for (offset, column) in columns.enumerated() {
        let upper = matrix.shade(matrix.value(row, column), in: bounds)
        let below = row + 1 < rows.upperBound ? matrix.value(row + 1, column) : .nan
        let cell = ink.shaded(upper, matrix.shade(below, in: bounds), .colors)
        if let cell { frame[offset, top + line] = cell }
      }
    }
  }

  private init(matrix: Matrix, ink: Ink, bounds: ClosedRange<Double>?, frame: ChartFrame) {
    self.matrix = matrix
    self.ink = ink
    self.bounds = bounds
    self.frame = frame
  }
}
