/// Options that are not said have their defaults; unknown ones are refused, since a misspelt option of
/// a recipe file would otherwise cook something else in silence.
extension RecipeSpec: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case recipe, tie, order, seed, top, among, method, by, epochs, batch, budget, alphas, tries
    case abandon, weights, metric
    case start = "from"
    case minimumGain = "min_gain"
    case withReplacement = "with_replacement"
    case maximumIngredients = "max_ingredients"
    case learningRate = "learning_rate"
    case weightDecay = "weight_decay"
    case confirmSplit = "confirm_split"
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// From keys as on the command line; those that are left out have their defaults.
  public init(from decoder: any Decoder) throws {
    let known = Set(CodingKeys.allCases.map(\.rawValue))
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()
    where !known.contains(key) {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "there is no option '\(key)'; "
            + "known are \(known.sorted().joined(separator: ", "))"))
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys, else standard: Value) throws -> Value {
      try container.decodeIfPresent(Value.self, forKey: key) ?? standard
    }
    func optional<Value: Decodable>(_ key: CodingKeys) throws -> Value? {
      try container.decodeIfPresent(Value.self, forKey: key)
    }
    self.init(try container.decode(Name.self, forKey: .recipe))
    tie = try value(.tie, else: tie)
    metric = try optional(.metric)
    minimumGain = try value(.minimumGain, else: minimumGain)
    order = try value(.order, else: order)
    seed = try value(.seed, else: seed)
    withReplacement = try value(.withReplacement, else: withReplacement)
    maximumIngredients = try optional(.maximumIngredients)
    start = try value(.start, else: start)
    weights = try optional(.weights)
    top = try optional(.top)
    among = try optional(.among)
    method = try optional(.method)
    by = try value(.by, else: by)
    learningRate = try optional(.learningRate)
    epochs = try optional(.epochs)
    batch = try optional(.batch)
    weightDecay = try value(.weightDecay, else: weightDecay)
    budget = try optional(.budget)
    alphas = try optional(.alphas)
    tries = try optional(.tries)
    abandon = try value(.abandon, else: abandon)
    confirmSplit = try value(.confirmSplit, else: confirmSplit)
  }

  /// Every option that has a value, under its key.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(recipe, forKey: .recipe)
    try container.encode(tie, forKey: .tie)
    try container.encodeIfPresent(metric, forKey: .metric)
    try container.encode(minimumGain, forKey: .minimumGain)
    try container.encode(order, forKey: .order)
    try container.encode(seed, forKey: .seed)
    try container.encode(withReplacement, forKey: .withReplacement)
    try container.encodeIfPresent(maximumIngredients, forKey: .maximumIngredients)
    try container.encode(start, forKey: .start)
    try container.encodeIfPresent(weights, forKey: .weights)
    try container.encodeIfPresent(top, forKey: .top)
    try container.encodeIfPresent(among, forKey: .among)
    try container.encodeIfPresent(method, forKey: .method)
    try container.encode(by, forKey: .by)
    try container.encodeIfPresent(learningRate, forKey: .learningRate)
    try container.encodeIfPresent(epochs, forKey: .epochs)
    try container.encodeIfPresent(batch, forKey: .batch)
    try container.encode(weightDecay, forKey: .weightDecay)
    try container.encodeIfPresent(budget, forKey: .budget)
    try container.encodeIfPresent(alphas, forKey: .alphas)
    try container.encodeIfPresent(tries, forKey: .tries)
    try container.encode(abandon, forKey: .abandon)
    try container.encode(confirmSplit, forKey: .confirmSplit)
  }
}
