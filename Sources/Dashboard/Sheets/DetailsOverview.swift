import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import OrderedCollections
import Sweeps
import TerminalUI
import Themes

/// The first page of an ingredient's details.
struct DetailsOverview {
  let state: State
  let details: IngredientDetails?
  let columns: Int

  private var name: String { state.contents.details?.name ?? "" }

  /// What stands in place of what is not known: that it is being read, or why it cannot be.
  static func state(of state: State, columns: Int) -> [SheetLine] {
    switch state.contents.details {
    case .failed(_, let cause):
      WordWrap.lines(cause, columns: columns).map { SheetLine($0, .error) }
    case .loading: [SheetLine("reading …", .pending)]
    case .known, nil: []
    }
  }

  var lines: [SheetLine] {
    membership + file + [.blank] + accuracies + [.blank] + hyperparameters + findings + distances
  }

  private func fact(_ key: String, _ value: String, _ token: Token = .text) -> SheetLine {
    SheetLine([(key.rightPadded(to: 12), .muted), (value, token)])
  }

  private var membership: [SheetLine] {
    if let reason = state.table.unmixable[name] {
      let lines = WordWrap.lines("cannot be mixed: \(reason)", columns: columns)
      return lines.map { SheetLine($0, .error) }
    }
    guard let weight = state.set.weight(of: name) else { return [fact("soup", "not in it")] }
    return [fact("soup", "in it, with weight \(Numbers.percent(weight)) %", .mark)]
  }

  private var file: [SheetLine] {
    guard let details else { return Self.state(of: state, columns: columns) }
    var lines = details.files.prefix(4).map { file in
      let path = TextWidth.elide(state.sweep.relative(file.path), to: columns - 12, .middle)
      return fact(file.path == details.files[0].path ? "file" : "", path)
    }
    if details.files.count > 4 { lines.append(fact("", "and \(details.files.count - 4) more")) }
    let bytes = details.files.reduce(0) { $0 + $1.byteCount }
    let modified = details.files.compactMap(\.modified).max()?.formatted(
      .iso8601.year().month().day().dateSeparator(.dash))
    lines.append(
      fact("size", Numbers.bytes(bytes) + (modified.map { ", modified \($0)" } ?? "")))
    lines.append(fact("format", details.format))
    lines.append(
      fact(
        "tensors",
        "\(details.tensors.count), \(Numbers.grouped(details.parameters)) parameters"))
    let dtypes = details.shares.map {
      "\($0.dtype.rawValue) \(Numbers.grouped($0.parameters)) in \($0.tensors)"
    }
    lines.append(fact("types", dtypes.joined(separator: " · ")))
    let hash = details.history.map { String($0.sha256.prefix(columns - 12)) }
    lines.append(fact("SHA-256", hash ?? "…", .muted))
    return lines
  }

  // MARK: Numbers

  private var accuracies: [SheetLine] {
    let splits = state.splits.filter { state.table.accuracy(of: name, on: $0) != nil }
    guard !splits.isEmpty else { return [SheetLine("not measured yet", .muted)] }
    let header =
      "split".rightPadded(to: 20) + "accuracy".leftPadded(to: 8)
      + "95 % interval".leftPadded(to: 17) + "correct".leftPadded(to: 13)
    return [SheetLine(header, .header)] + splits.map(accuracy)
  }

  private func accuracy(on split: String) -> SheetLine {
    let value = state.table.accuracy(of: name, on: split)
    let reported = state.table.ingredient(name)?.metrics[split]
    let score =
      state.table.measured[name]?[split]
      ?? reported.flatMap { metric in
        metric.correct.flatMap { correct in metric.n.map { Score(correct: correct, n: $0) } }
      }
    return SheetLine([
      (TextWidth.elide(split, to: 19).rightPadded(to: 20), .text),
      (Numbers.percent(value?.value ?? .nan).leftPadded(to: 8), .text),
      ((score.map(Numbers.interval) ?? "–").leftPadded(to: 17), .muted),
      ((score.map { "\($0.correct)/\($0.n)" } ?? "–").leftPadded(to: 13), .muted),
      (value?.isMeasured == true ? "" : "  reported", .muted),
    ])
  }

  private var hyperparameters: [SheetLine] {
    guard let values = state.table.ingredient(name)?.hyperparameters, !values.isEmpty else {
      return []
    }
    let key = min(24, (values.keys.map { TextWidth.columns(of: $0) }.max() ?? 0) + 2)
    return [.heading("Hyperparameters")]
      + values.map { name, value in
        SheetLine([
          (TextWidth.elide(name, to: key - 1).rightPadded(to: key), .muted),
          (value.description, .text),
        ])
      }
  }

  // MARK: What was found

  private var findings: [SheetLine] {
    let found = state.table.findings[name] ?? []
    var lines: [SheetLine] = [.blank, .heading("Pre-flight comparison")]
    if found.isEmpty { return lines + [SheetLine("nothing to say against it", .muted)] }
    for finding in found {
      let token: Token =
        switch finding.severity {
        case .refuse: .error
        case .warn: .warning
        case .note: .text
        }
      let mend = finding.mend.map { ". \($0)." } ?? "."
      let words = WordWrap.lines(finding.problem + mend, columns: columns - 2)
      lines += words.enumerated().map { SheetLine(($0 == 0 ? "· " : "  ") + $1, token) }
      let tensors = finding.tensors.prefix(6)
      lines += tensors.map {
        SheetLine("    " + TextWidth.elide($0, to: columns - 4, .middle), .muted)
      }
      if finding.tensors.count > 6 {
        lines.append(SheetLine("    and \(finding.tensors.count - 6) more tensors", .muted))
      }
    }
    return lines
  }

  private var distances: [SheetLine] {
    guard let reading = details?.reading else { return [] }
    var lines = [fact("length", String(format: "%.4g", reading.norm))]
    if let distance = reading.relativeDistance {
      lines.append(
        fact("moved", String(format: "%.3g of the initialisation's length", distance)))
    }
    if let cosine = reading.matrixCosine {
      lines.append(fact("cosine", String(format: "%.5f to the initialisation", cosine)))
    }
    return lines
  }
}
