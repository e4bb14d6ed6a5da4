import CKernels
public import Checkpoints

/// What one pass over an ingredient's bytes tells.
public struct IngredientReading: Codable, Hashable, Sendable {
  /// The ingredient's.
  public var name: String
  /// The same for ingredients whose tensors are the same, bit for bit; 256 bits, not cryptographic.
  public let fingerprint: [UInt64]
  /// Names of tensors with infinities or NaN.
  public let nonFinite: [String]
  /// Length of all floating-point tensors as one vector.
  public let norm: Double
  /// Distance from the reference; nil without one.
  public let distance: Double?
  /// Length of the reference; nil without one.
  public let referenceNorm: Double?
  /// Cosine of the angle to the reference, over tensors of two and more dimensions alone; nil
  /// without a reference or such tensors.
  public let matrixCosine: Double?
  /// Elements that `matrixCosine` is taken over.
  public let matrixElements: Int

  /// Distance from the reference in parts of the reference's length.
  public var relativeDistance: Double? {
    guard let distance, let referenceNorm, referenceNorm > 0 else { return nil }
    return distance / referenceNorm
  }
}

extension Preflight {
  /// A pass over one ingredient's bytes.
  ///
  /// - Parameters:
  ///   - ingredient: what is read.
  ///   - reference: what it is measured against: the initialisation, or else the first ingredient;
  ///     the same for all readings that are compared.
  ///   - workers: threads; nil: as many as there are processors.
  /// - Throws: `InputError` when its tensors do not fit the reference or cannot be read;
  ///   `CancellationError`.
  public func read(
    _ ingredient: NamedTable, reference: NamedTable?, workers: Int? = nil
  ) throws -> IngredientReading {
    let yardstick = reference ?? ingredient
    let alignment = try Alignment(ingredient, to: yardstick, exactly: false)
    let tables = [ingredient.table] + [reference?.table].compactMap { $0 }
    // By name, so that the order in the file does not count.
    let order = yardstick.table.tensors.indices.sorted {
      yardstick.table.tensors[$0].name < yardstick.table.tensors[$1].name
    }
    let infos = order.map { ingredient.table.tensors[alignment.indexes[$0]] }
    let items = zip(order, infos).map { index, info in
      Lockstep.Item(
        sources: [(0, alignment.indexes[index])] + (reference == nil ? [] : [(1, index)]),
        count: info.count, piece: 1 << 18)
    }
    let kernels = zip(order, infos).map { index, info in
      (info.dtype.kernel, yardstick.table.tensors[index].dtype.kernel)
    }
    let sum = OrderedSum<Part, Totals>(Totals()) { $0.add($2) }
    try Lockstep(tables: tables, items: items).run(
      workers: workers ?? Lockstep.processors, start: {},
      body: { _, piece, streams in
        var part = Part(item: piece.item, isMatrix: infos[piece.item].shape.count > 1)
        let runs = streams.runs(piece.range)
        let data = runs[0].baseAddress
        ck_fingerprint_add(&part.fingerprint, data, runs[0].count)
        if let kernel = kernels[piece.item].0, let other = kernels[piece.item].1 {
          part.count = piece.range.count
          part.relation = ck_relate(
            data, kernel, runs[runs.count - 1].baseAddress, other, part.count, CK_BEST)
          if !part.relation.xx.isFinite {
            part.isNonFinite = ck_has_nonfinite(data, kernel, part.count, CK_BEST)
          }
        }
        sum.submit(part, number: piece.number)
      })
    return sum.total.reading(ingredient.name, infos, hasReference: reference != nil)
  }

  /// What a piece contributes.
  private struct Part: Sendable {
    let item: Int
    let isMatrix: Bool
    var fingerprint = ck_fingerprint()
    var relation = ck_relation()
    var count = 0
    var isNonFinite = false
  }

  private struct Totals: Sendable {
    var fingerprint = ck_fingerprint()
    var all = ck_relation()
    var matrices = ck_relation()
    var matrixElements = 0
    var nonFinite: Set<Int> = []

    mutating func add(_ part: Part) {
      var lanes = part.fingerprint
      ck_fingerprint_add(&fingerprint, &lanes, MemoryLayout<ck_fingerprint>.size)
      if part.isNonFinite {
        nonFinite.insert(part.item)
        return
      }
      all.add(part.relation)
      if part.isMatrix {
        matrices.add(part.relation)
        matrixElements += part.count
      }
    }

    func reading(
      _ name: String, _ infos: [TensorInfo], hasReference: Bool
    ) -> IngredientReading {
      let lanes = fingerprint.lanes
      let product = (matrices.xx * matrices.yy).squareRoot()
      return IngredientReading(
        name: name, fingerprint: [lanes.0, lanes.1, lanes.2, lanes.3],
        nonFinite: nonFinite.sorted().map { infos[$0].name }, norm: all.xx.squareRoot(),
        distance: hasReference ? all.difference.squareRoot() : nil,
        referenceNorm: hasReference ? all.yy.squareRoot() : nil,
        matrixCosine: hasReference && product > 0 ? matrices.xy / product : nil,
        matrixElements: matrixElements)
    }
  }
}

extension ck_relation {
  mutating func add(_ other: ck_relation) {
    difference += other.difference
    xx += other.xx
    yy += other.yy
    xy += other.xy
  }
}

extension Preflight {
  /// Conclusions from readings against one reference; more readings may change them.
  ///
  /// - Parameters:
  ///   - readings: one an ingredient.
  ///   - reference: the reference's name; nil when there was none.
  public func compare(_ readings: [IngredientReading], reference: String?) -> [Finding] {
    var findings: [Finding] = []
    for reading in readings where !reading.nonFinite.isEmpty {
      findings.append(nonFinite(reading.name, reading.nonFinite))
    }
    findings += identical(readings.map { ($0.name, $0.fingerprint) })
    if let reference {
      findings += untouched(readings, reference)
      findings += distances(readings, reference)
      findings += strangers(
        readings.compactMap { reading in
          guard let cosine = reading.matrixCosine, reading.name != reference else { return nil }
          return Kinship(name: reading.name, cosine: cosine, elements: reading.matrixElements)
        }, reference)
    }
    return findings
  }

  /// Those that are one and the same.
  ///
  /// - Parameter ingredients: each with what tells its content, such as a checksum.
  public func identical(_ ingredients: [(name: String, content: some Hashable)]) -> [Finding] {
    var first: [AnyHashable: String] = [:]
    var findings: [Finding] = []
    for (name, content) in ingredients {
      guard let twin = first[content] else {
        first[content] = name
        continue
      }
      let which = twin == name ? "is named twice" : "is the same as \(twin), bit for bit"
      findings.append(
        finding(
          .identical, name, [], "\(which), and would count twice",
          mend: "Leave one of them out"))
    }
    return findings
  }

  private func untouched(_ readings: [IngredientReading], _ reference: String) -> [Finding] {
    readings.filter { $0.distance == 0 && $0.name != reference }.map {
      finding(.untouched, $0.name, [], "has not moved from \(reference)")
    }
  }

  /// Learning rates of one sweep span two orders of magnitude and distances about one, so only what
  /// moved ten times as far as the median is called far.
  private func distances(_ readings: [IngredientReading], _ reference: String) -> [Finding] {
    let moved = readings.filter { $0.nonFinite.isEmpty && ($0.distance ?? 0) > 0 }
    let sorted = moved.compactMap(\.distance).sorted()
    guard sorted.count >= 4 else { return [] }
    let median = sorted[sorted.count / 2]
    return moved.compactMap { reading in
      guard let distance = reading.distance, distance > 10 * median else { return nil }
      let ratio = (distance / median).rounded()
      // More digits than a person reads: a run that has diverged.
      let times = ratio < 1e6 ? "\(Int(ratio))" : "\(ratio)"
      return finding(
        .distance, reading.name, [],
        "lies \(times) times as far from \(reference) as the median ingredient",
        mend: "Look at its training: a high learning rate breaks soups")
    }
  }

  /// Ingredients that do not come from the reference's initialisation.
  ///
  /// Weight matrices of networks initialised apart are independent: over n elements their cosine
  /// lies within ±4/√n of zero, and shared structure (scales, biases) is left out by looking at
  /// matrices alone. Fine-tuning turns weights little: it would have to add a vector 1.7 times as
  /// long as θ0 and orthogonal to it to bring the cosine down to a half. So below a half it is said,
  /// unless matrices are so tiny that twice the noise reaches that far; where the reference itself is
  /// the stranger (most others are), it alone is named.
  func strangers(_ measured: [Kinship], _ reference: String) -> [Finding] {
    let strange = measured.filter { kinship in
      let noise = 4 / Double(max(1, kinship.elements)).squareRoot()
      return noise < 0.25 && kinship.cosine < 0.5
    }
    let mend = "Average only models fine-tuned from one initialisation"
    if measured.count > 2, strange.count * 2 > measured.count {
      return [
        finding(
          .initialisation, reference, [],
          "does not share its initialisation with \(strange.count) of \(measured.count) ingredients",
          mend: mend)
      ]
    }
    return strange.map { kinship in
      // Zero added: no negative one.
      let cosine = (kinship.cosine * 100).rounded() / 100 + 0
      return finding(
        .initialisation, kinship.name, [],
        "does not seem to be fine-tuned from \(reference): the cosine of their weights is \(cosine)",
        mend: mend)
    }
  }
}
