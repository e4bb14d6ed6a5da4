import Analysis
import Averaging
import Charts

/// Angles between the ingredients' directions from the initialisation.
struct AnglesPlot {
  enum Quantity: CaseIterable {
    case degrees
    case cosine
    /// How far each went from the initialisation, all layers and group by group.
    case norms
  }

  let table: AngleTable?
  let quantity: Quantity
  /// The layer group whose angles are shown; nil for all layers.
  let layers: String?
  /// In the order of the ingredients' table; the rest follow.
  let order: [String]
  let selected: String?

  private var names: [String] {
    guard let table else { return [] }
    let known = Set(table.names)
    let first = order.filter(known.contains)
    let listed = Set(first)
    return first + table.names.filter { !listed.contains($0) }
  }

  private var group: AngleTable.Group? {
    table?.groups.first { $0.name == layers } ?? table?.total
  }

  var chart: Matrix {
    guard let table, let group else {
      return Matrix(
        rowNames: [], columnNames: [], values: [], empty: "no angles yet: Enter measures them")
    }
    let places = Dictionary(
      uniqueKeysWithValues: table.names.enumerated().map { ($0.element, $0.offset) })
    let order = names.compactMap { places[$0] }
    let row = selected.flatMap(names.firstIndex(of:))
    if quantity == .norms {
      return Matrix(
        title: "distance from the initialisation", rowNames: names,
        columnNames: table.groups.map { $0.name ?? "all" },
        values: order.map { i in table.groups.map { $0.norm(i) } }, decimals: 2,
        selected: row.map { ($0, 0) })
    }
    let values = order.map { i in
      order.map { j in
        if i == j { return Double.nan }
        return quantity == .degrees ? group.angle(i, j) : group.cosine(i, j)
      }
    }
    let title = quantity == .degrees ? "angles in degrees" : "cosines"
    return Matrix(
      title: group.name.map { "\(title), \($0)" } ?? title, rowNames: names, columnNames: names,
      values: values, decimals: quantity == .degrees ? 0 : 2, selected: row.map { ($0, $0) })
  }

  var numbers: [PlotContent.Number] {
    guard let table else { return [] }
    var numbers: [PlotContent.Number] = []
    if let spread = table.spread {
      numbers += [
        .init("least", degrees(spread.least)), .init("mean", degrees(spread.mean)),
        .init("largest", degrees(spread.most)),
      ]
    }
    if let selected, let place = table.names.firstIndex(of: selected) {
      numbers.append(.init("|\(selected) − θ0|", PlotText.fixed(table.total.norm(place), 3)))
    }
    var cosines: [PlotContent.Number] = []
    for group in table.groups.dropFirst() where table.names.count > 1 {
      let cosine = group.gram.meanCosine
      if cosine.isFinite {
        cosines.append(.init(" " + (group.name ?? ""), PlotText.fixed(cosine, 2)))
      }
    }
    return cosines.isEmpty ? numbers : numbers + [.init("mean cosine", "")] + cosines
  }

  private func degrees(_ value: Double) -> String { PlotText.fixed(value, 1) + "°" }

  var meaning: String? {
    guard let table, let spread = table.spread else { return nil }
    let far = table.names.indices.max { table.total.norm($0) < table.total.norm($1) }
    let farthest = far.map {
      " \(table.names[$0]) went farthest from the initialisation "
        + "(\(PlotText.fixed(table.total.norm($0), 2)))."
    }
    return
      "Fine-tunes leave the initialisation at \(degrees(spread.mean)) to each other on average; "
      + "the wider, the more a soup can gain.\(farthest ?? "")"
  }
}
