package import Averaging
package import Evaluation

/// What is told while tables are made.
package enum TableStep: Sendable {
  /// The base was evaluated; this is what the tables will take.
  case planned(TablePlan)
  /// The slope towards an ingredient is being evaluated; counted from 0.
  case slope(ingredient: String, step: Int)
}

extension LinearisedTables {
  /// How far along each direction logits are differenced.
  ///
  /// Smaller steps predict more faithfully until rounding drowns them; on a sweep of 24, predictions
  /// of 60 random sets correlated with measurements by .94, .94, .92, .88, .84 and .71 for 0.01, 0.02,
  /// 0.05, 0.1, 0.2 and 0.5. At 0.05 the differences of half-precision logits still have three digits.
  package static let defaultStep = 0.05

  /// Evaluates the base and one small step towards each ingredient: at most `k + 1` evaluations.
  ///
  /// - Parameters:
  ///   - base: weights of the soup to linearise at, one an ingredient, of sum one.
  ///   - memory: bytes that the tables may take.
  /// - Throws: what `source` throws, `CancellationError`.
  package static func make(
    of ingredients: [String], around base: [Double], from source: any LogitSource,
    step: Double = defaultStep, memory: Int = 512 << 20, seed: UInt64 = 0,
    tell: (TableStep) -> Void = { _ in }
  ) async throws -> (tables: LinearisedTables, centre: Logits) {
    let centre = try await source.logits(of: Blend(ingredients, base))
    let plan = TablePlan(
      examples: centre.rows, classes: centre.classes, ingredients: ingredients.count,
      memory: memory, seed: seed)
    tell(.planned(plan))
    let cells = TableCells(plan)
    let kept = KeptClasses(plan, centre: centre, labels: source.labels)
    for (lane, name) in ingredients.enumerated() where base[lane] != 1 {
      try Task.checkCancellation()
      tell(.slope(ingredient: name, step: lane))
      let logits = try await source.logits(
        of: Blend(ingredients, moved(from: base, towards: lane, by: step)))
      cells.fill(lane: lane, from: logits, minus: centre, over: step, kept: kept)
    }
    cells.centre(at: base, logits: centre, kept: kept)
    return (
      LinearisedTables(
        ingredients: ingredients, base: base, plan: plan, labels: source.labels, cells: cells),
      centre
    )
  }
}

extension LinearisedTables {
  /// Everything that tables around the uniform soup are made of, the soup first.
  package static func blends(of ingredients: [String]) -> [Blend] {
    let base = ingredients.map { _ in 1 / Double(ingredients.count) }
    return [Blend(ingredients, base)]
      + ingredients.indices.map {
        Blend(ingredients, moved(from: base, towards: $0, by: defaultStep))
      }
  }

  private static func moved(
    from base: [Double], towards lane: Int, by step: Double
  ) -> [Double] {
    var moved = base.map { $0 * (1 - step) }
    moved[lane] += step
    return moved
  }
}

extension Blend {
  /// Weights by place; ingredients of weight zero are left out.
  init(_ ingredients: [String], _ weights: [Double]) {
    self.init(zip(ingredients, weights).filter { $0.1 != 0 }.map { Term($0.0, weight: $0.1) })
  }
}

/// Which logits of which examples go into tables.
struct KeptClasses {
  /// The example of each row.
  let examples: [Int]
  /// The class of each cell, `rows × columns`, the true one first.
  let classes: [Int32]

  init(_ plan: TablePlan, centre: Logits, labels: [Int32]) {
    let examples = plan.chosenExamples
    var classes: [Int32] = []
    classes.reserveCapacity(plan.rows * plan.columns)
    centre.withUnsafeBuffer { values in
      for example in examples {
        let label = labels[example]
        classes.append(label)
        var others = (0..<Int32(plan.classes)).filter { $0 != label }
        if plan.columns < plan.classes {
          let row = values[example * plan.classes..<(example + 1) * plan.classes]
          let start = row.startIndex
          others.sort { left, right in
            let (a, b) = (row[start + Int(left)], row[start + Int(right)])
            return a == b ? left < right : a > b
          }
        }
        classes.append(contentsOf: others.prefix(plan.columns - 1))
      }
    }
    self.examples = examples
    self.classes = classes
  }

  /// Where the logit of each cell lies among a split's, `rows × columns`.
  func place(row: Int, column: Int, columns: Int, of logits: Logits) -> Int {
    examples[row] * logits.classes + Int(classes[row * columns + column])
  }
}

extension TableCells {
  /// Enters the slopes towards one ingredient.
  fileprivate func fill(
    lane: Int, from moved: Logits, minus centre: Logits, over step: Double, kept: KeptClasses
  ) {
    let scale = Float(1 / step)
    moved.withUnsafeBuffer { moved in
      centre.withUnsafeBuffer { still in
        for row in 0..<rows {
          for column in 0..<columns {
            let place = kept.place(row: row, column: column, columns: columns, of: centre)
            values[(row * columns + column) * lanes + lane] = (moved[place] - still[place]) * scale
          }
        }
      }
    }
  }

  /// Turns slopes `G_i` into `H_i = F(w) + G_i − Σ w_j G_j`.
  fileprivate func centre(at base: [Double], logits: Logits, kept: KeptClasses) {
    let weights = padded(base)
    let ingredients = base.count
    logits.withUnsafeBuffer { still in
      weights.withUnsafeBufferPointer { weights in
        for row in 0..<rows {
          for column in 0..<columns {
            let cell = values + (row * columns + column) * lanes
            let place = kept.place(row: row, column: column, columns: columns, of: logits)
            let shift = still[place] - TableRow.dot(cell, weights)
            for lane in 0..<ingredients { cell[lane] += shift }
          }
        }
      }
    }
  }
}
