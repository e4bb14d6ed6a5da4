import Checkpoints
import Evaluation
import Foundation
import Kitchen
import Recipes
import Sweeps
import TerminalUI
import Themes

/// One part of an ingredient's details as lines; of tensors only those asked for are formatted.
struct DetailsText {
  let state: State
  let part: DetailsSheet.Part
  private let fixed: [SheetLine]
  private let details: IngredientDetails?

  init(state: State, part: DetailsSheet.Part) {
    self.state = state
    self.part = part
    details =
      if case .known(let details)? = state.contents.details { details } else { nil }
    fixed = Self.lines(of: part, state, details)
  }

  var count: Int { part == .tensors ? fixed.count + (details?.tensors.count ?? 0) : fixed.count }

  /// - Parameter columns: the room a line has.
  func line(at place: Int, columns: Int) -> SheetLine {
    if place < fixed.count { return fixed[place] }
    guard let tensors = details?.tensors, tensors.indices.contains(place - fixed.count) else {
      return .blank
    }
    let tensor = tensors[place - fixed.count]
    let shape = "[" + tensor.shape.map(String.init).joined(separator: ", ") + "]"
    let tail =
      "  " + tensor.dtype.rawValue.rightPadded(to: 5)
      + Numbers.grouped(tensor.count).leftPadded(to: 13)
    let room = max(8, columns - tail.count)
    let name = TextWidth.elide(tensor.name, to: max(8, room - shape.count - 2), .middle)
    return SheetLine([
      (name, .text), (("  " + shape).leftPadded(to: room - TextWidth.columns(of: name)), .muted),
      (tail, .muted),
    ])
  }

  private static func lines(
    of part: DetailsSheet.Part, _ state: State, _ details: IngredientDetails?
  ) -> [SheetLine] {
    let columns = state.sheetRect.columns - 4
    switch part {
    case .overview: return DetailsOverview(state: state, details: details, columns: columns).lines
    case .tensors:
      guard let details else { return DetailsOverview.state(of: state, columns: columns) }
      return [
        SheetLine(
          "\(details.tensors.count) tensors, \(Numbers.grouped(details.parameters)) parameters",
          .muted), .blank,
      ]
    case .evaluations: return DetailsHistory(state: state, details: details, columns: columns).lines
    case .metadata: return metadata(state, details, columns)
    }
  }

  private static func metadata(
    _ state: State, _ details: IngredientDetails?, _ columns: Int
  ) -> [SheetLine] {
    guard let details else { return DetailsOverview.state(of: state, columns: columns) }
    var lines: [SheetLine] = []
    if let provenance = details.provenance {
      lines.append(.heading("A soup, written by \(provenance.writtenBy) on \(provenance.date)"))
      if let recipe = provenance.recipe { lines.append(SheetLine("recipe   \(recipe.title)")) }
      for (split, score) in provenance.metrics.sorted(by: { $0.key < $1.key }) {
        lines.append(
          SheetLine("\(split.rightPadded(to: 8)) \(score.correct)/\(score.n)", .muted))
      }
      lines += provenance.ingredients.map {
        SheetLine([
          (Numbers.percent($0.weight).leftPadded(to: 7) + " %  ", .muted), ($0.name, .text),
        ])
      }
      lines.append(.blank)
    }
    for (key, value) in details.metadata {
      lines.append(SheetLine(key, .keyHint))
      lines += WordWrap.lines(value, columns: columns - 2).prefix(200).map {
        SheetLine("  " + $0)
      }
    }
    for group in details.ties {
      lines.append(SheetLine([("tied  ", .keyHint), (group.joined(separator: " = "), .text)]))
    }
    for note in details.notes {
      lines += WordWrap.lines(note, columns: columns).map { SheetLine($0, .muted) }
    }
    return lines.isEmpty ? [SheetLine("The file says nothing about itself.", .muted)] : lines
  }
}

/// Every evaluation of the ingredient alone, the newest first.
private struct DetailsHistory {
  let state: State
  let details: IngredientDetails?
  let columns: Int

  var lines: [SheetLine] {
    guard let details else { return DetailsOverview.state(of: state, columns: columns) }
    guard let history = details.history else {
      return [SheetLine("reading the file to know it by its content …", .pending)]
    }
    guard !history.evaluations.isEmpty else {
      return [
        SheetLine("Never evaluated here."),
        SheetLine("R and 'best' measures every ingredient alone.", .muted),
      ]
    }
    let header =
      "split".rightPadded(to: 16) + "accuracy".leftPadded(to: 8)
      + (isWide ? "95 % interval".leftPadded(to: 17) : "") + "correct".leftPadded(to: 13)
      + "nll".leftPadded(to: 8) + "  when"
    return [SheetLine(header, .header)] + history.evaluations.map(line)
  }

  /// Whether there is room for the interval beside the date.
  private var isWide: Bool { columns >= 74 }

  private func line(_ evaluated: IngredientDetails.Evaluated) -> SheetLine {
    let score = evaluated.score
    let split = TextWidth.elide(evaluated.split ?? "other examples", to: 15).rightPadded(to: 16)
    let nll = score.nll.map { String(format: "%.4f", $0) } ?? "–"
    let when = evaluated.date.formatted(
      .iso8601.year().month().day().dateSeparator(.dash).time(includingFractionalSeconds: false)
        .timeSeparator(.colon).dateTimeSeparator(.space))
    var pieces: [(String, Token)] = [
      (split, evaluated.split == nil ? .muted : .text),
      (Numbers.percent(score.accuracy ?? .nan).leftPadded(to: 8), .text),
      (isWide ? Numbers.interval(score).leftPadded(to: 17) : "", .muted),
      ("\(score.correct)/\(score.n)".leftPadded(to: 13), .muted), (nll.leftPadded(to: 8), .muted),
      ("  \(when)", .muted), (" in \(Numbers.duration(evaluated.seconds))", .muted),
    ]
    if !evaluated.isCurrent { pieces.append(("  another evaluator", .warning)) }
    for (name, value) in evaluated.metrics.sorted(by: { $0.key < $1.key }) {
      pieces.append(("  \(name) \(Numbers.compact(value))", .muted))
    }
    return SheetLine(pieces)
  }
}
