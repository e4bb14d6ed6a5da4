extension IngredientTable {
  /// What stands in a cell: accuracies in per cent, hyperparameters as short as they can be.
  package func text(of name: String, in column: Column) -> String {
    switch (column, value(of: name, in: column)) {
    case (_, .missing): "–"
    case (.accuracy, .number(let value)), (.shiftMean, .number(let value)):
      Numbers.percent(value)
    case (_, .number(let value)): Numbers.compact(value)
    case (_, .text(let text)): text
    }
  }
}
