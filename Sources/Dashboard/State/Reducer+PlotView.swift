import Charts
import TerminalUI
import Themes

/// Moves the crosshair of the shown plot, or the part of its axis that is seen.
func lookCloser(_ command: Command, _ state: inout State) {
  guard state.focus == .plot else { return }
  let kind = state.plot.kind
  let content = PlotBoard(state: state, glyphs: .unicodeSet).content
  let picture = content.picture
  switch command {
  case .crosshairLeft: step(by: -1, in: content, &state)
  case .crosshairRight: step(by: 1, in: content, &state)
  case .zoomIn: zoom(by: 0.5, in: content, &state)
  case .zoomOut: zoom(by: 2, in: content, &state)
  case .panLeft: pan(by: -0.25, over: picture, &state)
  case .panRight: pan(by: 0.25, over: picture, &state)
  case .followTail: followTail(of: picture, &state)
  case .scale: turnScale(of: picture, &state)
  case .smooth: smooth(picture, &state)
  default:
    state.plot.crosshairs[kind] = nil
    state.plot.viewports[kind]?.reset()
    state.plot.manners[kind] = nil
  }
  guard command == .crosshairLeft || command == .crosshairRight else { return }
  keepCrosshairInView(of: content, &state)
  takeCursorAlong(kind, &state)
}

/// The crosshair goes to what is nearest to the pointer.
func inspect(_ sight: PlotSight, at point: Point, _ state: inout State) {
  state.focus = .plot
  let content = PlotBoard(state: state, glyphs: .unicodeSet, kind: sight.kind).content
  guard let stop = content.picture.stop(nearest: point, in: sight) else { return }
  state.plot.crosshairs[sight.kind] = content.crosshair(at: stop)
  takeCursorAlong(sight.kind, &state)
}

/// Shows more or less of a plot about the pointer.
func magnify(_ sight: PlotSight, at point: Point, by factor: Double, _ state: inout State) {
  let picture = PlotBoard(state: state, glyphs: .unicodeSet, kind: sight.kind).content.picture
  guard let full = picture.fullRange else { return }
  state.plot.viewports[sight.kind, default: Charts.Viewport()]
    .zoom(by: factor, about: sight.evenX(at: point), in: full)
}

/// The table, and with it every other plot, shows the ingredient under the crosshair.
private func takeCursorAlong(_ kind: PlotState.Kind, _ state: inout State) {
  if let name = state.plot.crosshairs[kind]?.name { state.table.moveCursor(to: name) }
}

private func pan(by share: Double, over picture: PlotPicture, _ state: inout State) {
  guard let full = picture.fullRange else { return }
  state.plot.viewports[state.plot.kind]?.pan(by: share, in: full)
}

/// The last values from now on, or the part that is seen as it stands.
private func followTail(of picture: PlotPicture, _ state: inout State) {
  guard case .line = picture, let full = picture.fullRange else {
    state.log.add("nothing grows here that could be followed", .notice, at: state.now)
    return
  }
  state.plot.viewports[state.plot.kind, default: Charts.Viewport()].toggleTail(in: full)
}

/// From what the data need to zero, to what is seen now, and back.
private func turnScale(of picture: PlotPicture, _ state: inout State) {
  let kind = state.plot.kind
  guard let reach = picture.uprightReach else {
    state.log.add("this plot has no upright axis to hold", .notice, at: state.now)
    return
  }
  switch state.plot.manners[kind, default: PlotManner()].rise {
  case .fitted:
    state.plot.manners[kind, default: PlotManner()].rise =
      picture.canRiseFromZero ? .fromZero : .held(reach)
  case .fromZero: state.plot.manners[kind, default: PlotManner()].rise = .held(reach)
  case .held: state.plot.manners[kind, default: PlotManner()].rise = .fitted
  }
}

private func smooth(_ picture: PlotPicture, _ state: inout State) {
  guard case .line(let chart) = picture, chart.series.contains(where: \.canBeSmoothed) else {
    state.log.add("no line here that could be smoothed", .notice, at: state.now)
    return
  }
  state.plot.manners[state.plot.kind, default: PlotManner()].isSmoothed.toggle()
}

/// Moves the crosshair of a plane up or down.
/// - Returns: false where no plane is looked at.
func moveCrosshair(rows: Int, _ state: inout State) -> Bool {
  guard state.focus == .plot, let crosshair = state.plot.crosshairs[state.plot.kind] else {
    return false
  }
  let content = PlotBoard(state: state, glyphs: .unicodeSet).content
  guard case .heat(let map) = content.picture, let columns = map.values.first?.count
  else { return false }
  // Rows of a plane are counted from below.
  let steps = -min(max(rows, -1), 1) * columns
  let place = crosshair.stop + Double(steps)
  if place >= 0, place < Double(columns * map.values.count) {
    state.plot.crosshairs[state.plot.kind] = content.crosshair(at: place)
  }
  return true
}

private func step(by direction: Int, in content: PlotContent, _ state: inout State) {
  let stops = content.picture.stops
  guard let first = stops.first, let last = stops.last else { return }
  let here = state.plot.crosshairs[state.plot.kind].flatMap(content.stop)
  let next: Double
  if let here {
    next =
      direction > 0 ? stops.first { $0 > here } ?? last : stops.last { $0 < here } ?? first
  } else {
    next = content.picture.firstStop ?? (direction > 0 ? first : last)
  }
  state.plot.crosshairs[state.plot.kind] = content.crosshair(at: next)
}

private func zoom(by factor: Double, in content: PlotContent, _ state: inout State) {
  guard let full = content.picture.fullRange else { return }
  var viewport = state.plot.viewports[state.plot.kind] ?? Charts.Viewport()
  let seen = viewport.visible(in: full)
  let crosshair = placeOfCrosshair(state.plot.kind, in: content, state)
  let middle = (seen.lowerBound + seen.upperBound) / 2
  viewport.zoom(by: factor, about: crosshair ?? middle, in: full)
  state.plot.viewports[state.plot.kind] = viewport
}

private func placeOfCrosshair(
  _ kind: PlotState.Kind, in content: PlotContent, _ state: State
) -> Double? {
  state.plot.crosshairs[kind].flatMap(content.stop).flatMap(content.picture.x(atStop:))
}

private func keepCrosshairInView(of content: PlotContent, _ state: inout State) {
  let kind = state.plot.kind
  guard let full = content.picture.fullRange, var viewport = state.plot.viewports[kind],
    let place = placeOfCrosshair(kind, in: content, state)
  else { return }
  let seen = viewport.visible(in: full)
  let width = seen.upperBound - seen.lowerBound
  guard width > 0 else { return }
  if place < seen.lowerBound { viewport.pan(by: (place - seen.lowerBound) / width, in: full) }
  if place > seen.upperBound { viewport.pan(by: (place - seen.upperBound) / width, in: full) }
  state.plot.viewports[kind] = viewport
}
