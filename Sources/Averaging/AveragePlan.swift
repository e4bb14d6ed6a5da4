import CKernels
import Checkpoints

/// An average that was found possible: where every tensor comes from and what becomes of it.
struct AveragePlan {
  /// What is done with one tensor.
  enum Work {
    /// A weighted sum over a divisor; one weight and type a stream.
    case sum(WholeWeights, dtypes: [ck_dtype], rounding: ck_dtype, output: ck_dtype)
    /// The first stream's bytes; the others are compared with it.
    case copy
  }

  /// The result's tensors, in the order of the first term.
  let outputs: [TensorInfo]
  let works: [Work]
  let lockstep: Lockstep
  /// Names of the terms that each tensor's streams come from.
  let streamNames: [[String]]
  let report: AverageReport

  /// Checks that an average of `terms` can be taken.
  ///
  /// - Throws: `InputError` naming the term and its tensors that do not fit.
  init(_ terms: [AverageTerm], _ options: AverageOptions) throws {
    guard let first = terms.first else {
      throw InputError(file: "blend", problem: "names no ingredient", mend: "Name at least one")
    }
    try Self.checkWeights(terms, options, tensors: first.table.tensors.count)
    let infos = first.table.tensors
    let averaged = infos.map { info in
      info.dtype.isFloatingPoint
        && (options.only.map { $0.contains { $0.matches(info.name) } } ?? true)
    }
    for pattern in options.only ?? [] { try Self.check(pattern, among: first.named) }
    let alignment = try terms.dropFirst().map {
      try Alignment($0.named, to: first.named, exactly: !options.leavesOutExtraTensors)
    }
    let rest = try options.rest.map { try Alignment($0, to: first.named, exactly: false) }
    var tables = terms.map(\.table)
    if let rest = options.rest { tables.append(rest.table) }

    var builder = Builder()
    for (index, info) in infos.enumerated() {
      let sources = [index] + alignment.map { $0.indexes[index] }
      let isFiltered = info.dtype.isFloatingPoint && !averaged[index]
      if averaged[index] {
        let weights = options.rows?[index] ?? terms.map(\.weight)
        let dtypes = zip(tables, sources).map { $0.tensors[$1].dtype }
        builder.addSum(
          info, sources: sources, dtypes: dtypes, weights: weights, names: terms.map(\.name),
          output: options.dtype)
      } else if let rest, let restTerm = options.rest, isFiltered {
        let output = restTerm.table.tensors[rest.indexes[index]]
        builder.addUnmixed(
          TensorInfo(name: info.name, dtype: output.dtype, shape: info.shape),
          source: (tables.count - 1, rest.indexes[index]), name: restTerm.name,
          output: options.dtype)
      } else if isFiltered {
        builder.addUnmixed(info, source: (0, index), name: first.name, output: options.dtype)
      } else {
        builder.addCopy(
          info, sources: Array(sources.enumerated()).map { ($0.offset, $0.element) },
          names: terms.map(\.name))
      }
    }
    (builder.report.ties, builder.report.brokenTies) = try Self.ties(
      terms, alignment, works: builder.works, rows: options.rows)
    self.outputs = builder.outputs
    self.works = builder.works
    self.lockstep = Lockstep(tables: tables, items: builder.items)
    self.streamNames = builder.names
    self.report = builder.report
  }

  /// Bytes of the result.
  var bytesMade: Int { report.bytesMade }

  /// A pattern that fits no tensor is a slip, and would leave out what somebody meant to average.
  private static func check(_ pattern: NamePattern, among first: NamedTable) throws {
    let names = first.table.tensors.filter(\.dtype.isFloatingPoint).map(\.name)
    guard !names.contains(where: pattern.matches) else { return }
    let near = pattern.nearest(among: names, count: 3)
    let some = near.isEmpty ? "Its names are" : "Names near it are"
    throw InputError(
      file: first.name, problem: "no tensor that can be averaged has a name like '\(pattern)'",
      mend: "\(some) \((near.isEmpty ? names.prefix(3) + ["…"] : near).joined(separator: ", "))")
  }

  private static func checkWeights(
    _ terms: [AverageTerm], _ options: AverageOptions, tensors: Int
  ) throws {
    for term in terms where !term.weight.isFinite {
      throw InputError(
        file: term.name, problem: "its weight is \(term.weight)", mend: "Give a finite number")
    }
    guard let rows = options.rows else { return }
    guard rows.count == tensors, rows.allSatisfy({ $0.count == terms.count }) else {
      throw InputError(
        file: "blend",
        problem: "weights by tensor need \(tensors) rows of \(terms.count)",
        mend: "Give one row for each tensor and one weight for each ingredient")
    }
    guard rows.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw InputError(
        file: "blend", problem: "a weight by tensor is not finite", mend: "Give finite numbers")
    }
  }
}

extension AveragePlan {
  /// Collects the parts of a plan, tensor by tensor.
  private struct Builder {
    var outputs: [TensorInfo] = []
    var works: [Work] = []
    var items: [Lockstep.Item] = []
    var names: [[String]] = []
    var report = AverageReport()
    private var lastWhole: (given: [Double], whole: WholeWeights)?

    /// Bytes of output in a piece: small enough for two levels of cache beside the inputs' blocks,
    /// large enough that handing out pieces costs nothing.
    private static let pieceBytes = 1 << 20

    mutating func addSum(
      _ info: TensorInfo, sources: [Int], dtypes: [DType], weights: [Double], names: [String],
      output: OutputDType
    ) {
      // A term of weight zero is not there: its infinities must not turn into NaN.
      var used = weights.indices.filter { weights[$0] != 0 }
      if used.isEmpty { used = [0] }
      let target = output.dtype(of: info)
      let rounding: DType = if case .asFirstThen = output { info.dtype } else { target }
      guard let roundingKernel = rounding.kernel, let outputKernel = target.kernel else {
        return addCopy(info, sources: [(0, sources[0])], names: [names[0]])
      }
      var distinct: [DType] = []
      for dtype in used.map({ dtypes[$0] }) where !distinct.contains(dtype) {
        distinct.append(dtype)
      }
      if distinct.count > 1 { report.mixed.append(.init(tensor: info.name, dtypes: distinct)) }
      works.append(
        .sum(
          whole(used.map { weights[$0] }), dtypes: used.compactMap { dtypes[$0].kernel },
          rounding: roundingKernel, output: outputKernel))
      report.averaged += 1
      add(
        TensorInfo(name: info.name, dtype: target, shape: info.shape),
        sources: used.map { ($0, sources[$0]) },
        names: used.map { names[$0] }, read: used.reduce(0) { $0 + dtypes[$1].size } * info.count)
    }

    /// Looked for once in a row of tensors with the same weights.
    private mutating func whole(_ weights: [Double]) -> WholeWeights {
      if let last = lastWhole, last.given == weights { return last.whole }
      let whole = WholeWeights(weights)
      lastWhole = (weights, whole)
      return whole
    }

    /// A tensor of one source alone, in the element type of the others; its values are rounded once.
    mutating func addUnmixed(
      _ info: TensorInfo, source: (table: Int, tensor: Int), name: String, output: OutputDType
    ) {
      let target = output.dtype(of: info)
      guard target != info.dtype, let from = info.dtype.kernel, let to = target.kernel else {
        return addCopy(info, sources: [source], names: [name])
      }
      works.append(.sum(WholeWeights([1]), dtypes: [from], rounding: to, output: to))
      report.copied += 1
      add(
        TensorInfo(name: info.name, dtype: target, shape: info.shape), sources: [source],
        names: [name], read: info.byteCount)
    }

    mutating func addCopy(
      _ info: TensorInfo, sources: [(table: Int, tensor: Int)], names: [String]
    ) {
      works.append(.copy)
      report.copied += 1
      add(
        info, sources: sources, names: names, read: info.byteCount * sources.count)
    }

    private mutating func add(
      _ info: TensorInfo, sources: [(table: Int, tensor: Int)], names: [String], read: Int
    ) {
      outputs.append(info)
      self.names.append(names)
      items.append(
        Lockstep.Item(
          sources: sources, count: info.count, piece: Self.pieceBytes / info.dtype.size))
      report.bytesRead += read
      report.bytesMade += info.byteCount
    }
  }
}

extension OutputDType {
  /// The element type of a tensor of floating-point numbers in the result.
  fileprivate func dtype(of info: TensorInfo) -> DType {
    switch self {
    case .asFirst: info.dtype
    case .dtype(let dtype), .asFirstThen(let dtype): dtype
    }
  }
}
