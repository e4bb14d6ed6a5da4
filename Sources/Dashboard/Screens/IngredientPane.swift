import Sweeps
import TerminalUI
import Themes

/// The table of ingredients: marks, names, accuracies with a bar, hyperparameters.
struct IngredientPane {
  let state: State

  private struct Placed {
    let column: Column
    let left: Int
    let width: Int
    let isNumber: Bool
    let isBarred: Bool
  }

  private static let markColumns = 3
  private static let gap = 2
  private static let barColumns = 8

  func draw(_ canvas: inout Canvas, in rect: Rect, focused: Bool) {
    let table = state.table
    let total = table.ingredients.count
    let count = table.shown.count == total ? "\(total)" : "\(table.shown.count) of \(total)"
    let inside = canvas.pane(
      .ingredients, in: rect, focused: focused, title: "\(state.sweep.name) · \(count)",
      note: note)
    guard inside.rows > 1 else { return }
    let (header, body) = inside.cutTop(1)
    let columns = place(in: inside.columns)
    drawHeader(&canvas, columns, in: header)
    if table.shown.isEmpty {
      drawEmpty(&canvas, in: body)
      return
    }
    drawRows(&canvas, columns, in: body, frame: rect, focused: focused)
  }

  private var note: String {
    var words: [String] = []
    if !state.table.filter.isEmpty { words.append("/\(state.table.filter.text)") }
    if state.table.showsMembersOnly { words.append("soup only") }
    if state.table.rangeAnchor != nil { words.append("range") }
    return words.joined(separator: " · ")
  }

  private func drawEmpty(_ canvas: inout Canvas, in body: Rect) {
    let theme = canvas.theme
    if state.table.ingredients.isEmpty {
      canvas.write("No checkpoints in", in: body, row: 1, style: theme[.warning])
      canvas.write(state.sweep.directory, in: body, row: 2, style: theme[.text], elide: .middle)
      canvas.write(
        "Expected ingredients/*.safetensors, or a stockpot.toml that names them.", in: body,
        row: 4, style: theme[.muted])
    } else {
      canvas.write("No ingredient passes the filter.", in: body, row: 1, style: theme[.warning])
      canvas.write("Esc takes it away.", in: body, row: 2, style: theme[.muted])
    }
  }

  // MARK: Columns

  /// Columns from left to right, as many as fit; the one that is sorted by always does.
  ///
  /// The bar beside val has its place before hyperparameters have theirs.
  private func place(in width: Int) -> [Placed] {
    var wanted = state.table.visibleColumns
    let widths = Dictionary(
      uniqueKeysWithValues: wanted.map { ($0, self.width(of: $0, in: width)) })
    let sorted = state.table.sort.column
    let val = Column.accuracy(split: state.selectionSplit)
    let bar = width >= 48 && widths[val] != nil ? Self.barColumns + 1 : 0
    func total(_ columns: [Column]) -> Int {
      columns.reduce(Self.markColumns + bar) { $0 + (widths[$1] ?? 0) + Self.gap } - Self.gap
    }
    while total(wanted) > width, wanted.count > 2 {
      let last = wanted.lastIndex { $0 != sorted } ?? wanted.count - 1
      wanted.remove(at: last)
    }
    let excess = max(0, total(wanted) - width)
    var left = Self.markColumns
    return wanted.map { column in
      let columns = max(4, (widths[column] ?? 0) - (column == .name ? excess : 0))
      let isBarred = column == val && bar > 0
      defer { left += columns + Self.gap + (isBarred ? bar : 0) }
      return Placed(
        column: column, left: left, width: columns,
        isNumber: state.table.notations[column] != nil, isBarred: isBarred)
    }
  }

  private func width(of column: Column, in pane: Int) -> Int {
    let title = TextWidth.columns(of: column.title) + 1
    let texts = state.table.textColumns[column] ?? 0
    switch column {
    case .name: return min(max(title, texts), max(28, pane * 3 / 7))
    case .accuracy, .shiftMean: return min(max(title, 5), 14)
    case .hyperparameter: return min(max(min(title, 13), texts), 18)
    }
  }

  private func drawHeader(_ canvas: inout Canvas, _ columns: [Placed], in header: Rect) {
    let theme = canvas.theme
    for placed in columns {
      let isSorted = placed.column == state.table.sort.column
      let arrow =
        state.table.sort.isAscending ? theme.glyphs.sortAscending : theme.glyphs.sortDescending
      let title = TextWidth.elide(placed.column.title, to: placed.width - (isSorted ? 1 : 0))
      let text = isSorted ? title + String(arrow) : title
      let shown = placed.isNumber ? text.leftPadded(to: placed.width) : text
      canvas.write(
        shown, in: header, row: 0, column: placed.left,
        style: isSorted ? theme[.header].adding(.bold) : theme[.header])
      canvas.hits.append(
        Canvas.Hit(
          rect: Rect(
            column: header.left + placed.left, row: header.top, columns: placed.width, rows: 1),
          target: .columnTitle(placed.column)))
    }
    let hidden = state.table.visibleColumns.count - columns.count
    if hidden > 0, let last = columns.last,
      last.left + last.width + 4 < header.columns
    {
      canvas.writeRight("+\(hidden)", in: header, row: 0, style: theme[.muted])
    }
  }

  // MARK: Rows

  private func drawRows(
    _ canvas: inout Canvas, _ columns: [Placed], in body: Rect, frame: Rect, focused: Bool
  ) {
    let shown = state.table.shown
    let cursor = state.table.cursorRow ?? 0
    let first = min(state.firstRow, max(0, shown.count - body.rows))
    let range = Set(state.table.rangeAnchor == nil ? [] : state.table.rangeNames)
    let scale = state.table.scale
    for row in 0..<min(body.rows, shown.count - first) {
      let name = shown[first + row]
      let isCursor = first + row == cursor
      let line = Rect(
        column: body.left, row: body.top + row, columns: body.columns, rows: 1)
      drawRow(
        &canvas, name, columns, in: line, isCursor: isCursor || range.contains(name),
        focused: focused, scale: scale)
    }
    drawScrollBar(&canvas, first: first, rows: body.rows, count: shown.count, frame: frame)
  }

  private func drawRow(
    _ canvas: inout Canvas, _ name: String, _ columns: [Placed], in line: Rect, isCursor: Bool,
    focused: Bool, scale: ClosedRange<Double>?
  ) {
    let theme = canvas.theme
    let selection = theme[focused ? .selection : .selectionUnfocused]
    let base = isCursor ? selection : theme[.text]
    if isCursor {
      canvas.buffer.fill(line, style: base)
      canvas.write(String(theme.glyphs.selectionBar), in: line, row: 0, style: base)
    }
    let isMember = state.set.contains(name)
    let isUnmixable = state.table.unmixable[name] != nil
    let mark =
      isUnmixable ? theme.glyphs.cross : isMember ? theme.glyphs.mark : theme.glyphs.unmarked
    let markStyle = theme[isUnmixable ? .error : isMember ? .mark : .muted]
    canvas.write(
      String(mark), in: line, row: 0, column: 1,
      style: isCursor ? markStyle.on(base.background) : markStyle)
    if !isUnmixable, state.table.warning(of: name) != nil {
      canvas.write(
        String(theme.glyphs.warning), in: line, row: 0, column: 2,
        style: isCursor ? theme[.warning].on(base.background) : theme[.warning])
    }
    canvas.hits.append(Canvas.Hit(rect: line, target: .ingredient(name)))
    canvas.hits.append(
      Canvas.Hit(
        rect: Rect(column: line.left, row: line.top, columns: Self.markColumns, rows: 1),
        target: .mark(name)))
    for placed in columns {
      let style = style(
        of: name, in: placed.column, theme: theme, base: base, isCursor: isCursor,
        isMember: isMember)
      let text = TextWidth.elide(
        state.table.text(of: name, in: placed.column), to: placed.width, .middle)
      let shown = placed.isNumber ? text.leftPadded(to: placed.width) : text
      canvas.write(shown, in: line, row: 0, column: placed.left, style: style)
      if placed.isBarred, let scale {
        drawBar(&canvas, name, after: placed, in: line, base: base, scale: scale)
      }
    }
  }

  /// Reported numbers are fainter than those measured here.
  private func style(
    of name: String, in column: Column, theme: Theme, base: Style, isCursor: Bool, isMember: Bool
  ) -> Style {
    if isCursor { return base }
    switch column {
    case .name:
      return isMember ? theme[.mark] : base
    case .accuracy(let split):
      if name == state.bestSingle?.name, split == state.selectionSplit { return theme[.best] }
      return state.table.accuracy(of: name, on: split)?.isMeasured ?? true ? base : theme[.muted]
    case .shiftMean:
      return state.table.shiftMean(of: name)?.isMeasured ?? true ? base : theme[.muted]
    case .hyperparameter:
      return theme[.muted]
    }
  }

  private func drawBar(
    _ canvas: inout Canvas, _ name: String, after placed: Placed, in line: Rect, base: Style,
    scale: ClosedRange<Double>
  ) {
    guard let value = state.table.accuracy(of: name, on: state.selectionSplit)?.value else {
      return
    }
    let share = (value - scale.lowerBound) / (scale.upperBound - scale.lowerBound)
    let color = canvas.theme.gradient("accuracy", at: share)
    let bar = Bar.text(share: 0.06 + 0.94 * share, columns: Self.barColumns, canvas.theme.glyphs)
    canvas.write(
      bar, in: line, row: 0, column: placed.left + placed.width + 1,
      style: Style(foreground: color, background: base.background))
  }

  private func drawScrollBar(
    _ canvas: inout Canvas, first: Int, rows: Int, count: Int, frame: Rect
  ) {
    guard count > rows, rows > 2 else { return }
    let length = max(1, rows * rows / count)
    let start = (rows - length) * first / max(1, count - rows)
    let glyph = canvas.theme.glyphs.scrollThumb
    for row in start..<min(rows, start + length) {
      canvas.buffer.write(
        String(glyph), at: Point(column: frame.right - 1, row: frame.top + 2 + row),
        style: canvas.theme[.scrollBar])
    }
  }
}

/// A horizontal bar in eighths of a cell.
enum Bar {
  /// `share` (0–1) of `columns`, without the empty rest.
  static func text(share: Double, columns: Int, _ glyphs: Glyphs) -> String {
    let steps = glyphs.gaugeSteps
    guard let full = steps.last, share.isFinite else { return "" }
    let units = Int((min(max(share, 0), 1) * Double(columns * steps.count)).rounded())
    let whole = String(repeating: full, count: units / steps.count)
    let rest = units % steps.count
    return rest == 0 ? whole : whole + String(steps[rest - 1])
  }
}
