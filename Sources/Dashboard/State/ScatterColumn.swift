import Analysis
import Evaluation
import Sweeps

/// A number of every ingredient that can stand on an axis of the scatter plot.
package enum ScatterColumn: Hashable, Sendable {
  case table(Column)
  /// How far the weights went from the initialisation: known once the angles are measured.
  case distance

  /// What the sweep's memory calls it.
  var key: String {
    switch self {
    case .table(let column): column.key
    case .distance: "distance"
    }
  }

  /// What menus and commands call it.
  package var title: String {
    switch self {
    case .table(let column): column.title
    case .distance: "distance"
    }
  }

  /// What the axis calls it.
  var caption: String {
    switch self {
    case .table(.accuracy(let split)): "accuracy on \(split)"
    case .table(.shiftMean): "mean over shifts"
    case .table(let column): column.title
    case .distance: "distance from the initialisation"
    }
  }

  var isAccuracy: Bool {
    if case .table(let column) = self { column.isAccuracy } else { false }
  }
}

/// What a person chose for the axes of the scatter plot.
package struct ScatterAxes: Hashable, Sendable {
  package enum Axis: CaseIterable, Hashable, Sendable {
    case x
    case y

    var other: Axis { self == .x ? .y : .x }
  }

  /// Nil for what stands there unasked.
  package var x: ScatterColumn?
  package var y: ScatterColumn?

  package init() {}

  /// Those that a sweep's memory names; what the table has no more is passed over.
  init(x: String?, y: String?, in table: IngredientTable) {
    let known = table.columns.map(ScatterColumn.table) + [.distance]
    self.x = known.first { $0.key == x }
    self.y = known.first { $0.key == y }
  }

  subscript(axis: Axis) -> ScatterColumn? {
    get { axis == .x ? x : y }
    set {
      switch axis {
      case .x: x = newValue
      case .y: y = newValue
      }
    }
  }
}

extension State {
  /// Everything that can stand on an axis, in the table's order.
  var scatterColumns: [ScatterColumn] {
    let columns = table.columns.filter { column in
      column.isAccuracy || table.values(in: column).contains { $0.number?.isFinite == true }
    }
    let hasOrigin = sweep.initialisation?.file != nil || analysis.angles != nil
    return columns.map(ScatterColumn.table) + (hasOrigin ? [.distance] : [])
  }

  /// What stands on an axis now.
  package func scatterColumn(on axis: ScatterAxes.Axis) -> ScatterColumn {
    let chosen = plot.axes[axis]
    if let chosen, chosen == .distance || scatterColumns.contains(chosen) { return chosen }
    return axis == .x ? standardScatterColumns.x : standardScatterColumns.y
  }

  /// In distribution against out of it, as in the paper's Figure 1; without shifts val against test,
  /// and without a test split the first hyperparameter against val.
  private var standardScatterColumns: (x: ScatterColumn, y: ScatterColumn) {
    let selection = ScatterColumn.table(.accuracy(split: selectionSplit))
    let test = sweep.splits.first { $0.role == .test }.map {
      ScatterColumn.table(.accuracy(split: $0.name))
    }
    if !shifts.isEmpty { return (test ?? selection, .table(.shiftMean)) }
    if let test { return (selection, test) }
    return (scatterColumns.first { !$0.isAccuracy } ?? selection, selection)
  }

  /// The values of all ingredients by their places in the sweep; NaN where there is none.
  func scatterValues(of column: ScatterColumn) -> [Double] {
    switch column {
    case .table(let column):
      let values = table.values(in: column).map { $0.number ?? .nan }
      return values.isEmpty ? table.ingredients.map { _ in .nan } : values
    case .distance:
      guard let angles = analysis.angles else { return table.ingredients.map { _ in .nan } }
      let places = Dictionary(
        zip(angles.names, angles.names.indices), uniquingKeysWith: { first, _ in first })
      return table.ingredients.map { places[$0.name].map(angles.total.norm) ?? .nan }
    }
  }
}
