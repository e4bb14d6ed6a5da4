package import Analysis
package import Averaging
import Checkpoints
package import Evaluation
import Sweeps
import Synchronization

/// The analyses of one kitchen that are under way.
struct AnalysisBoard {
  /// Those asked for, by topic.
  var requested: [AnalysisTopic: Task<Void, Never>] = [:]
  /// How many have been asked for, by topic.
  var asked: [AnalysisTopic: Int] = [:]
  /// The last of those that follow running recipes; each waits for the one before.
  var following: Task<Void, Never>?

  var all: [Task<Void, Never>] { Array(requested.values) + [following].compactMap { $0 } }
}

extension Kitchen {
  /// Starts an analysis in the background, instead of one of the same topic; the observer hears.
  package func analyse(_ request: AnalysisRequest) {
    analyses.withLock { board in
      let previous = board.requested[request.topic]
      previous?.cancel()
      let number = board.asked[request.topic, default: 0] + 1
      board.asked[request.topic] = number
      board.requested[request.topic] = Task(priority: .utility) {
        await previous?.value
        await self.work(on: request, number: number)
      }
    }
  }

  /// Stops every analysis; what was evaluated is kept.
  package func stopAnalyses() {
    for task in analyses.withLock({ $0.all }) { task.cancel() }
  }

  private func work(on request: AnalysisRequest, number: Int) async {
    var failure: String?
    do {
      try await perform(request)
    } catch is CancellationError {
      // Another one of the topic may have been asked for instead, and is under way.
      guard analyses.withLock({ $0.asked[request.topic] == number }) else { return }
    } catch {
      failure = "\(error)"
    }
    observer(.analysis(.ended(request.topic, failure: failure)))
  }

  private func perform(_ request: AnalysisRequest) async throws {
    let lane = Self.analysisLane
    switch request {
    case .gap(let blend):
      let report = try await gap(of: blend, lane: lane) { [observer] in
        observer(.analysis(.gap(.handPicked, $0)))
      }
      observer(.analysis(.gap(.handPicked, report)))
      let source = try await BlendLogits(self, split: try selectionSplit(), lane: lane)
      try await tellCalibration(of: blend, subject: .handPicked, selection: source)
    case .paths(let blend): try await tellPaths(of: blend, lane: lane)
    case .landscape(let names, let divisions):
      try await tellLandscape(names, divisions: divisions, lane: lane)
    case .angles: observer(.analysis(.angles(try angles())))
    case .pairs(let limit): try await tellPairs(limit, lane: lane)
    case .sizes(let orders): try await tellSizes(orders, lane: lane)
    }
  }

  private func tellPaths(of blend: Blend, lane: Lane) async throws {
    let val = try selectionSplit()
    let source = try await BlendLogits(self, split: val, lane: lane)
    let members = blend.ingredients
    var lines = members.count > 1 ? members.map { PathLine.spoke(of: blend, to: $0) } : []
    if members.count == 2 { lines.append(.pair(members[0], members[1])) }
    if let origin = sweep.initialisation, origin.file != nil {
      lines += members.map { PathLine.pair(origin.name, $0) }
    }
    let total = lines.reduce(0) { $0 + $1.places.count }
    var done = 0
    for line in lines {
      let before = done
      let report = try await line.report(source, split: val) { [observer] count in
        observer(.analysis(.progress(.paths, done: before + count, of: total)))
      }
      done += line.places.count
      observer(.analysis(.path(.handPicked, report)))
    }
  }

  private func tellLandscape(_ names: [String], divisions: Int, lane: Lane) async throws {
    let grid = PlaneGrid(try plane(through: names), divisions: divisions)
    let val = try selectionSplit()
    let others = sweep.splits.filter { $0.isEvaluable && $0.name != val }
    let wanted =
      [[val]]
      + [others.filter { $0.role != .shift }, others.filter { $0.role == .shift }]
      .map { $0.map(\.name) }
    var passes: [[(split: String, source: any LogitSource)]] = []
    for names in wanted where !names.isEmpty {
      var pass: [(split: String, source: any LogitSource)] = []
      for name in names {
        pass.append((name, try await BlendLogits(self, split: name, lane: lane)))
      }
      passes.append(pass)
    }
    let observer = self.observer
    let total = grid.count * passes.joined().count
    observer(.analysis(.progress(.landscape, done: 0, of: total)))
    _ = try await Landscape.measure(grid, passes: passes) { landscape in
      observer(.analysis(.landscape(landscape)))
      observer(
        .analysis(.progress(.landscape, done: landscape.done, of: landscape.total)))
    }
  }

  private func tellPairs(_ limit: Int?, lane: Lane) async throws {
    let observer = self.observer
    let report = try await pairs(limit: limit, lane: lane) { report, total in
      observer(.analysis(.pairs(report)))
      observer(.analysis(.progress(.pairs, done: report.points.count, of: total)))
    }
    observer(.analysis(.pairs(report)))
  }

  private func tellSizes(_ orders: Int, lane: Lane) async throws {
    let val = try selectionSplit()
    let test = sweep.splits.first { $0.role == .test && $0.isEvaluable }?.name ?? val
    let names = sweep.ingredients.filter { $0.file != nil }.map(\.name)
    let observer = self.observer
    let curve = try await SizeCurve.measure(
      names, orders: orders, selection: try await BlendLogits(self, split: val, lane: lane),
      report: try await BlendLogits(self, split: test, lane: lane), split: test
    ) { curve, step in
      if curve.orders > 0 { observer(.analysis(.sizes(curve))) }
      observer(.analysis(.progress(.sizes, done: step, of: orders * names.count)))
    }
    observer(.analysis(.sizes(curve)))
  }
}

// MARK: - For the command line as well

extension Kitchen {
  /// Soup against ensemble, and what predicts the difference.
  /// - Parameters:
  ///   - split: nil for the one that recipes look at.
  ///   - tell: hears of reports whose curvatures are not all there yet.
  /// - Throws: `InputError` for ingredients that are not there, `CancellationError`.
  package func gap(
    of blend: Blend, on split: String? = nil, step: Double = SecondDifference.standardStep,
    lane: Lane, tell: @Sendable (GapReport) -> Void = { _ in }
  ) async throws -> GapReport {
    let split = try split ?? selectionSplit()
    let source = try await BlendLogits(self, split: split, lane: lane)
    return try await GapAnalysis(source, split: split, step: step).report(of: blend, tell: tell)
  }

  /// Logits of any blend on one split, through the ledger.
  /// - Throws: `InputError` when there is no such split with data.
  package func logitSource(on split: String, lane: Lane) async throws -> any LogitSource {
    try await BlendLogits(self, split: split, lane: lane)
  }

  /// Reliability and temperatures of a soup and its ensemble: found on val, reported on `split`.
  package func calibration(
    of blend: Blend, on split: String, lane: Lane
  ) async throws -> CalibrationReport {
    try await CalibrationReport.measure(
      blend, selection: try await BlendLogits(self, split: try selectionSplit(), lane: lane),
      report: try await BlendLogits(self, split: split, lane: lane), split: split)
  }

  /// Loss and accuracy along a line.
  package func path(
    _ line: PathLine, on split: String? = nil, lane: Lane
  ) async throws -> PathReport {
    let split = try split ?? selectionSplit()
    return try await line.report(
      try await BlendLogits(self, split: split, lane: lane), split: split)
  }

  /// Directions and lengths of ingredients seen from the initialisation.
  /// - Parameter names: nil for all that have weights.
  /// - Throws: `InputError` without an initialisation, or when tensors do not fit together.
  package func angles(of names: [String]? = nil) throws -> AngleTable {
    guard let origin = sweep.initialisation, origin.file != nil else {
      throw InputError(
        file: sweep.manifest ?? sweep.directory, place: "sweep.initialisation",
        problem: "angles are seen from the initialisation, and the sweep names none",
        mend: "Name the checkpoint that all were fine-tuned from in stockpot.toml")
    }
    let names = names ?? sweep.ingredients.filter { $0.file != nil }.map(\.name)
    return AngleTable(
      names: names, geometry: try geometry(of: names, from: origin.name, grouped: true))
  }

  /// The plane through three checkpoints.
  /// - Throws: `InputError` when there are not three, or they lie on one line.
  package func plane(through names: [String]) throws -> Plane {
    guard names.count == 3, Set(names).count == 3 else {
      throw InputError(
        file: sweep.directory, problem: "a landscape is a plane through three checkpoints",
        mend: "Name three; the initialisation may be one of them")
    }
    let gram = try geometry(of: [names[1], names[2]], from: names[0], grouped: false).total
    guard let plane = Plane(origin: names[0], first: names[1], second: names[2], gram: gram)
    else {
      throw InputError(
        file: sweep.directory, problem: "\(names.joined(separator: ", ")) lie on one line",
        mend: "Choose three checkpoints that differ in more than length")
    }
    return plane
  }

  /// Pairs of ingredients half and half.
  /// - Parameters:
  ///   - limit: a seeded choice of so many; nil for all.
  ///   - tell: hears after each pair, with how many there will be.
  package func pairs(
    among names: [String]? = nil, limit: Int?, on split: String? = nil,
    step: Double = SecondDifference.standardStep, lane: Lane,
    tell: @escaping @Sendable (PairReport, Int) -> Void = { _, _ in }
  ) async throws -> PairReport {
    let split = try split ?? selectionSplit()
    let names = names ?? sweep.ingredients.filter { $0.file != nil }.map(\.name)
    let pairs = PairReport.pairs(of: names, limit: limit)
    let angles = sweep.initialisation?.file == nil ? nil : try angles(of: names)
    return try await PairReport.measure(
      pairs, of: names.count * (names.count - 1) / 2,
      source: try await BlendLogits(self, split: split, lane: lane), split: split, step: step,
      angles: angles
    ) { tell($0, pairs.count) }
  }

  private func geometry(
    of names: [String], from origin: String, grouped: Bool
  ) throws -> Geometry.Result {
    try Geometry.gram(
      of: names.map { NamedTable($0, try files.table(of: $0)) },
      minus: NamedTable(origin, try files.table(of: origin)),
      group: { grouped ? LayerGroups.group(ofTensor: $0.name) : nil })
  }
}
