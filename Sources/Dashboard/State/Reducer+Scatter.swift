import Analysis
import TerminalUI

/// The choice of what stands on an axis of the scatter plot: the plot shows what is under the cursor.
package struct AxisPrompt: Sendable {
  package struct Choice: Hashable, Sendable {
    package let column: ScatterColumn
    /// Spearman's, with what stands on the other axis; nil for none.
    package let correlation: Double?
  }

  package let axis: ScatterAxes.Axis
  package let choices: [Choice]
  package var selected: Int
  /// The plot before the choice.
  package let previous: PlotState
}

/// What stands on the axes of the scatter plot, by name or by a menu.
func changeScatter(_ command: Command, argument: String?, _ state: inout State) -> [Effect] {
  state.focus = .plot
  state.plot.kind = .scatter
  switch command {
  case .plotX: return putOnAxis(.x, argument, &state)
  case .plotY: return putOnAxis(.y, argument, &state)
  default:
    guard let argument else { return [] }
    return putOnBothAxes(argument, &state)
  }
}

/// Titles may have spaces, so every place between two words may be where the second begins.
private func putOnBothAxes(_ names: String, _ state: inout State) -> [Effect] {
  let words = names.split { " ,".contains($0) }
  let columns = state.scatterColumns
  for end in words.indices.dropFirst() {
    guard let x = columns.titled(words[..<end].joined(separator: " "), by: \.title),
      let y = columns.titled(words[end...].joined(separator: " "), by: \.title)
    else { continue }
    state.plot.put(x, on: .x)
    state.plot.put(y, on: .y)
    return [.ask(.remember(state.tableMemory))]
  }
  return putOnAxis(.x, names, &state)
}

private func putOnAxis(
  _ axis: ScatterAxes.Axis, _ name: String?, _ state: inout State
) -> [Effect] {
  let columns = state.scatterColumns
  guard let name, !name.isEmpty else {
    state.modes.append(.axis(AxisPrompt(axis, columns, state)))
    return []
  }
  guard let column = columns.titled(name, by: \.title) else {
    let known = columns.map(\.title).joined(separator: ", ")
    state.log.add("no numbers are called '\(name)'; there are \(known)", .trouble, at: state.now)
    return []
  }
  state.plot.put(column, on: axis)
  return [.ask(.remember(state.tableMemory))]
}

/// A key while an axis is chosen.
func chooseAxis(_ prompt: AxisPrompt, _ key: KeyPress, _ state: inout State) -> [Effect] {
  var prompt = prompt
  if let place = listMove(key, from: prompt.selected, count: prompt.choices.count) {
    prompt.selected = place
    state.plot = prompt.previous
    state.plot.put(prompt.choices[place].column, on: prompt.axis)
    setTop(.axis(prompt), &state)
    return []
  }
  switch key.key {
  case .enter: return takeAxis(prompt.selected, of: prompt, &state)
  case .escape, .character("q"):
    state.plot = prompt.previous
    setTop(nil, &state)
  default: break
  }
  return []
}

/// Ends the choice with one of the columns.
func takeAxis(_ place: Int, of prompt: AxisPrompt, _ state: inout State) -> [Effect] {
  state.plot = prompt.previous
  state.plot.put(prompt.choices[place].column, on: prompt.axis)
  setTop(nil, &state)
  return [.ask(.remember(state.tableMemory))]
}

extension AxisPrompt {
  fileprivate init(_ axis: ScatterAxes.Axis, _ columns: [ScatterColumn], _ state: State) {
    let other = state.scatterColumn(on: axis.other)
    let others = state.scatterValues(of: other)
    self.axis = axis
    choices = columns.map { column in
      if column == other { return Choice(column: column, correlation: nil) }
      let pairs = zip(state.scatterValues(of: column), others)
      let agreement = Agreement(pairs.map { (predicted: $0.0, measured: $0.1) })
      return Choice(column: column, correlation: agreement.rankCorrelation)
    }
    selected = columns.firstIndex(of: state.scatterColumn(on: axis)) ?? 0
    previous = state.plot
  }
}

extension PlotState {
  /// Another column has another scale, so nothing is held or zoomed any more.
  fileprivate mutating func put(_ column: ScatterColumn, on axis: ScatterAxes.Axis) {
    guard axes[axis] != column else { return }
    axes[axis] = column
    manners[.scatter] = nil
    viewports[.scatter] = nil
  }
}

extension Sequence {
  /// The element of this title, in whatever case, else the first whose title begins so.
  func titled(_ name: String, by title: (Element) -> String) -> Element? {
    let wanted = name.lowercased()
    return first { title($0).lowercased() == wanted }
      ?? first { title($0).lowercased().hasPrefix(wanted) }
  }
}
