import Charts
import Themes

/// Moves the crosshair of the shown plot, or the part of its axis that is seen.
func lookCloser(_ command: Command, _ state: inout State) {
  guard state.focus == .plot else { return }
  let kind = state.plot.kind
  let picture = PlotBoard(state: state, glyphs: .unicodeSet).content.picture
  switch command {
  case .crosshairLeft: step(by: -1, in: picture, &state)
  case .crosshairRight: step(by: 1, in: picture, &state)
  case .zoomIn: zoom(by: 0.5, in: picture, &state)
  case .zoomOut: zoom(by: 2, in: picture, &state)
  default:
    state.plot.crosshairs[kind] = nil
    state.plot.viewports[kind]?.reset()
  }
  keepCrosshairInView(of: picture, &state)
}

/// Moves the crosshair of a plane up or down.
/// - Returns: false where no plane is looked at.
func moveCrosshair(rows: Int, _ state: inout State) -> Bool {
  guard state.focus == .plot, state.plot.crosshairs[state.plot.kind] != nil,
    case .heat(let map) = PlotBoard(state: state, glyphs: .unicodeSet).content.picture,
    let columns = map.values.first?.count
  else { return false }
  // Rows of a plane are counted from below.
  let steps = -min(max(rows, -1), 1) * columns
  let place = (state.plot.crosshairs[state.plot.kind] ?? 0) + Double(steps)
  if place >= 0, place < Double(columns * map.values.count) {
    state.plot.crosshairs[state.plot.kind] = place
  }
  return true
}

private func step(by direction: Int, in picture: PlotPicture, _ state: inout State) {
  let stops = picture.stops
  guard let first = stops.first, let last = stops.last else { return }
  let here = state.plot.crosshairs[state.plot.kind]
  let next: Double
  if let here {
    next =
      direction > 0 ? stops.first { $0 > here } ?? last : stops.last { $0 < here } ?? first
  } else {
    next = picture.firstStop ?? (direction > 0 ? first : last)
  }
  state.plot.crosshairs[state.plot.kind] = next
}

private func zoom(by factor: Double, in picture: PlotPicture, _ state: inout State) {
  guard let full = picture.fullRange else { return }
  var viewport = state.plot.viewports[state.plot.kind] ?? Charts.Viewport()
  let seen = viewport.visible(in: full)
  let crosshair = state.plot.crosshairs[state.plot.kind].flatMap(picture.x(atStop:))
  let middle = (seen.lowerBound + seen.upperBound) / 2
  viewport.zoom(by: factor, about: crosshair ?? middle, in: full)
  state.plot.viewports[state.plot.kind] = viewport
}

private func keepCrosshairInView(of picture: PlotPicture, _ state: inout State) {
  let kind = state.plot.kind
  guard let full = picture.fullRange, var viewport = state.plot.viewports[kind],
    let place = state.plot.crosshairs[kind].flatMap(picture.x(atStop:))
  else { return }
  let seen = viewport.visible(in: full)
  let width = seen.upperBound - seen.lowerBound
  guard width > 0 else { return }
  if place < seen.lowerBound { viewport.pan(by: (place - seen.lowerBound) / width, in: full) }
  if place > seen.upperBound { viewport.pan(by: (place - seen.upperBound) / width, in: full) }
  state.plot.viewports[kind] = viewport
}
