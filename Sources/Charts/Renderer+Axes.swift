/// The axes around a plot.
extension Renderer {
  mutating func drawAxes() {
    if let axis = layout.axisColumn {
      for row in layout.plotRows { frame.put(ink.upright, .axis, at: axis, row) }
      for tick in layout.yTicks {
        let row = row(ofY: tick.value)
        frame.put(ink.tickLeft, .axis, at: axis, row)
        frame.write(tick.label.leftPadded(to: axis - 1), .label, at: 0, row)
      }
    }
    if let row = layout.axisRow {
      for column in layout.plotColumns { frame.put(ink.level, .axis, at: column, row) }
      if let axis = layout.axisColumn { frame.put(ink.corner, .axis, at: axis, row) }
      for tick in layout.xTicks {
        guard let column = column(ofX: tick.value) else { continue }
        frame.put(ink.tickDown, .axis, at: column, row)
      }
    }
  }

  mutating func drawEvents() {
    guard let row = layout.axisRow else { return }
    for event in scene.events {
      guard let column = column(ofX: event.x) else { continue }
      let glyph = event.glyph.unicodeScalars.first ?? " "
      frame.put(ink.point(glyph), event.paint, at: column, row)
    }
  }
}
