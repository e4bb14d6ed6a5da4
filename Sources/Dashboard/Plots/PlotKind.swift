import Charts
import Kitchen

extension PlotState.Kind {
  /// What it can show, the first unless another is chosen; one name when there is no choice.
  package var views: [String] {
    switch self {
    case .accuracy: ["accuracy", "spread"]
    case .scatter, .sizes: ["accuracy"]
    case .gap: ["loss", "ingredients", "accuracy"]
    case .flatness: ["loss", "error"]
    case .landscape: ["val loss", "test error", "shift error"]
    case .angles: ["degrees", "cosine", "norms"]
    case .calibration: ["soup", "ensemble"]
    case .pairs: ["gap", "accuracy", "angle"]
    }
  }

  /// The plot beside it where two are shown.
  package var companion: PlotState.Kind {
    switch self {
    case .accuracy: .scatter
    case .scatter, .sizes: .accuracy
    case .gap: .flatness
    case .flatness, .calibration: .gap
    case .landscape: .flatness
    case .angles: .pairs
    case .pairs: .angles
    }
  }

  /// What it shows that has to be asked for; nil for plots of what is measured anyway.
  fileprivate var topic: AnalysisTopic? {
    switch self {
    case .accuracy, .scatter: nil
    case .gap, .calibration: .gap
    case .flatness: .paths
    case .landscape: .landscape
    case .angles: .angles
    case .pairs: .pairs
    case .sizes: .sizes
    }
  }
}

extension State {
  /// What Enter measures for a plot; nil when everything that it shows is measured anyway.
  func topic(of kind: PlotState.Kind) -> AnalysisTopic? {
    guard kind == .scatter else { return kind.topic }
    let awaitsDistances = ScatterAxes.Axis.allCases.contains { scatterColumn(on: $0) == .distance }
    return awaitsDistances && analysis.angles == nil ? .angles : nil
  }
}

extension PlotState {
  /// Which of its views a plot shows.
  package func view(of kind: Kind) -> Int {
    min(max(views[kind] ?? 0, 0), kind.views.count - 1)
  }

  /// Whether the shown plot is seen whole, without a crosshair and as it is drawn by itself.
  package var isPlain: Bool {
    crosshairs[kind] == nil && viewports[kind]?.isZoomed != true && manners[kind] == nil
  }

  /// The shown plot's next view.
  package mutating func turnView() {
    views[kind] = (view(of: kind) + 1) % kind.views.count
  }
}
