package import Analysis
package import Averaging

/// What an analysis is about; at most one of each is under way.
package enum AnalysisTopic: String, CaseIterable, Hashable, Sendable {
  case gap
  case paths
  case landscape
  case angles
  case pairs
  case sizes

  /// For a person: `the landscape`.
  package var title: String {
    switch self {
    case .gap: "the gap"
    case .paths: "the paths"
    case .landscape: "the landscape"
    case .angles: "the angles"
    case .pairs: "the pairs"
    case .sizes: "accuracy by size"
    }
  }
}

/// Something that a person asks to be analysed, whatever it takes.
package enum AnalysisRequest: Hashable, Sendable {
  /// Soup against ensemble, with predictions, calibration and paths to each ingredient.
  case gap(of: Blend)
  /// From a soup to each of its ingredients; for two also the line between them, and from
  /// the initialisation to each where there is one.
  case paths(of: Blend)
  /// The plane through three checkpoints.
  case landscape(names: [String], divisions: Int)
  /// All ingredients with weights, seen from the initialisation.
  case angles
  /// All pairs half and half, or a seeded choice of so many.
  case pairs(limit: Int?)
  /// Accuracy against the number of ingredients, over so many seeded orders.
  case sizes(orders: Int)

  package var topic: AnalysisTopic {
    switch self {
    case .gap: .gap
    case .paths: .paths
    case .landscape: .landscape
    case .angles: .angles
    case .pairs: .pairs
    case .sizes: .sizes
    }
  }
}

/// Whose soup an analysis is of.
package enum AnalysisSubject: Hashable, Sendable {
  case handPicked
  /// A running recipe's, as it stood after so many decisions.
  case job(Job.ID, step: Int)
}

/// What analyses tell, as values.
package enum AnalysisEvent: Sendable {
  /// Told again as curvatures come in.
  case gap(AnalysisSubject, GapReport)
  case calibration(AnalysisSubject, CalibrationReport)
  case path(AnalysisSubject, PathReport)
  case landscape(Landscape)
  case angles(AngleTable)
  case pairs(PairReport)
  case sizes(SizeCurve)
  case progress(AnalysisTopic, done: Int, of: Int)
  /// Nothing more comes of this one; with the cause when it failed.
  case ended(AnalysisTopic, failure: String?)
  /// Not begun unasked: it would take about so many seconds.
  case declined(AnalysisTopic, seconds: Double)
}
