import Analysis
import Averaging
import Charts
import Foundation
import Kitchen
import Sweeps
import Themes

/// Everything that starts, stops, turns and saves analyses and their plots.
func changeAnalysis(_ command: Command, argument: String?, _ state: inout State) -> [Effect] {
  let words = (argument ?? "").split { " ,".contains($0) }.map(String.init)
  switch command {
  case .gap: return start(.gap(of: soup(words, state)), .gap, &state)
  case .paths: return start(.paths(of: soup(words, state)), .flatness, &state)
  case .landscape:
    return start(
      .landscape(names: corners(words, state), divisions: 10), .landscape, &state)
  case .angles: return showAngles(of: words.first, &state)
  case .pairs:
    // What is no number is refused as one that is too small.
    return start(.pairs(limit: words.first.map { Int($0) ?? 0 }), .pairs, &state)
  case .sizes:
    return start(.sizes(orders: words.first.map { Int($0) ?? 0 } ?? 3), .sizes, &state)
  case .stopAnalysis: return [.stopAnalyses]
  case .nextView:
    state.plot.turnView()
    return []
  case .twoPlots:
    state.plot.showsTwo = !(state.plot.showsTwo ?? PlotPane.hasTwo(state))
    return []
  case .crosshairLeft, .crosshairRight, .zoomIn, .zoomOut, .zoomReset, .panLeft, .panRight,
    .followTail, .scale, .smooth:
    lookCloser(command, &state)
    return []
  case .savePlot: return savePlot(to: argument, &state)
  default: return []
  }
}

/// Enter on a plot: measures what it shows.
func measurePlot(_ state: inout State) -> [Effect] {
  let command: Command
  switch state.topic(of: state.plot.kind) {
  case .gap: command = .gap
  case .paths: command = .paths
  case .landscape: command = .landscape
  case .angles: command = .angles
  case .pairs: command = .pairs
  case .sizes: command = .sizes
  case nil: return []
  }
  let kind = state.plot.kind
  let effects = changeAnalysis(command, argument: nil, &state)
  state.plot.kind = kind
  return effects
}

private func start(
  _ request: AnalysisRequest, _ kind: PlotState.Kind, _ state: inout State
) -> [Effect] {
  if let cause = obstacle(request, state) {
    state.log.add(cause, .trouble, at: state.now)
    return []
  }
  state.plot.kind = kind
  state.analysis.begin(request.topic)
  return [.analyse(request)]
}

/// Why a request cannot be met, as text for a person.
private func obstacle(_ request: AnalysisRequest, _ state: State) -> String? {
  if let trouble = state.evaluatorTrouble, request != .angles { return trouble }
  let names: [String]
  switch request {
  case .gap(let soup), .paths(let soup):
    if soup.terms.count < 2 { return "put two ingredients into the soup first, or name them" }
    if soup.tensors != nil {
      return "its weights differ from tensor to tensor; take up their means first: Enter on the job"
    }
    names = soup.ingredients
  case .landscape(let corners, _):
    if Set(corners).count != 3 { return "a landscape needs three checkpoints: landscape A B C" }
    names = corners
  case .pairs(let limit):
    if limit ?? 1 < 1 { return "pairs needs a number of pairs above 0" }
    names = []
  case .sizes(let orders):
    if orders < 1 { return "sizes needs a number of orders above 0" }
    names = []
  case .angles: names = []
  }
  return names.first { state.sweep.ingredient(named: $0) == nil }
    .map { "no ingredient is named '\($0)'" }
}

/// Angles of all layers, or of one group of them; measured once.
private func showAngles(of group: String?, _ state: inout State) -> [Effect] {
  if let table = state.analysis.angles {
    let groups = table.groups.compactMap(\.name)
    if let group, group != "all", !groups.contains(group) {
      let known = groups.joined(separator: " ")
      state.log.add("no layers are named '\(group)': all \(known)", .trouble, at: state.now)
      return []
    }
    state.plot.layerGroup = group == "all" ? nil : group
    state.plot.kind = .angles
    return []
  }
  let effects = start(.angles, .angles, &state)
  if !effects.isEmpty { state.plot.layerGroup = group == "all" ? nil : group }
  return effects
}

/// Those named in equal parts, or the soup at hand.
private func soup(_ words: [String], _ state: State) -> Blend {
  words.isEmpty ? state.soupAtHand(prefersJob: state.focus == .jobs) : .uniform(words)
}

/// Those named, filled up with the initialisation, the soup's first members and the best alone.
private func corners(_ words: [String], _ state: State) -> [String] {
  if words.count >= 3 { return words }
  var corners: [String] = []
  if let origin = state.sweep.initialisation, origin.file != nil {
    corners = [origin.name]
  }
  let split = state.selectionSplit
  let ranked = state.table.ingredients.filter { $0.file != nil }.map(\.name).sorted {
    (state.table.accuracy(of: $0, on: split)?.value ?? -1)
      > (state.table.accuracy(of: $1, on: split)?.value ?? -1)
  }
  for name in words + state.set.members + ranked where corners.count < 3 {
    if !corners.contains(name) { corners.append(name) }
  }
  return corners
}

private func savePlot(to argument: String?, _ state: inout State) -> [Effect] {
  guard let path = argument, !path.isEmpty, let format = PlotFile.format(of: path) else {
    state.log.add("save-plot FILE.svg or FILE.csv", .trouble, at: state.now)
    return []
  }
  let content = PlotBoard(state: state, glyphs: .unicodeSet).content
  return [.savePlot(content.picture, path: path, format: format)]
}
