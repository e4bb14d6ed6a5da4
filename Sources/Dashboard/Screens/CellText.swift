extension IngredientTable {
  /// What stands in a cell: accuracies in per cent, hyperparameters as their column writes them.
  package func text(of name: String, in column: Column) -> String {
    Self.text(of: value(of: name, in: column), in: column, notations[column])
  }

  static func text(
    of value: ColumnValue, in column: Column, _ notation: NumberNotation?
  ) -> String {
    switch (column, value) {
    case (_, .missing): "–"
    case (.accuracy, .number(let value)), (.shiftMean, .number(let value)):
      Numbers.percent(value)
    case (_, .number(let value)): notation?.text(value) ?? Numbers.compact(value)
    case (_, .text(let text)): text
    }
  }
}
