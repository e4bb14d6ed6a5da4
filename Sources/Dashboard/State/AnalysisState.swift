package import Analysis
import Averaging
package import Kitchen

/// What is known of why soups work, as the kitchen told it.
package struct AnalysisState: Sendable {
  /// One soup's gap, in the order in which soups were looked at.
  package struct Entry: Sendable {
    package let subject: AnalysisSubject
    package var report: GapReport
  }

  /// How far an analysis that was asked for has come.
  package struct Progress: Hashable, Sendable {
    package let done: Int
    package let total: Int
  }

  /// The gaps of every soup looked at, oldest first; one entry a soup and subject.
  package private(set) var gaps: [Entry] = []
  package private(set) var calibration: CalibrationReport?
  /// Paths of the soup looked at last.
  package private(set) var paths: [PathReport] = []
  package private(set) var landscape: Landscape?
  package private(set) var angles: AngleTable?
  package private(set) var pairs: PairReport?
  package private(set) var sizes: SizeCurve?
  package private(set) var progress: [AnalysisTopic: Progress] = [:]
  /// Seconds that something not begun unasked would take.
  package private(set) var declined: [AnalysisTopic: Double] = [:]
  /// Why an analysis that was asked for came to nothing.
  package private(set) var failures: [AnalysisTopic: String] = [:]

  package init() {}

  /// The soup that was looked at last.
  package var gap: GapReport? { gaps.last?.report }

  /// Those of the soups that no recipe made.
  var gapsPickedByHand: [GapReport] { gaps.filter { $0.subject == .handPicked }.map(\.report) }

  /// The soups of one running recipe with the number of decisions made before each.
  package func history(of job: Job.ID) -> [(step: Int, report: GapReport)] {
    gaps.compactMap { entry in
      guard case .job(job, let step) = entry.subject else { return nil }
      return (step, entry.report)
    }
  }

  package mutating func begin(_ topic: AnalysisTopic) {
    declined[topic] = nil
    failures[topic] = nil
    progress[topic] = Progress(done: 0, total: 0)
  }

  package mutating func take(_ event: AnalysisEvent) {
    switch event {
    case .gap(let subject, let report): take(report, of: subject)
    case .calibration(_, let report): calibration = report
    case .path(_, let report): take(report)
    case .landscape(let landscape): self.landscape = landscape
    case .angles(let table): angles = table
    case .pairs(let report): pairs = report
    case .sizes(let curve): sizes = curve
    case .progress(let topic, let done, let total):
      progress[topic] = Progress(done: done, total: total)
    case .ended(let topic, let failure):
      progress[topic] = nil
      failures[topic] = failure
    case .declined(let topic, let seconds):
      declined[topic] = seconds
    }
  }

  /// A soup seen before keeps its place when its report only grows.
  private mutating func take(_ report: GapReport, of subject: AnalysisSubject) {
    declined[.gap] = nil
    let entry = Entry(subject: subject, report: report)
    if let place = gaps.lastIndex(where: {
      $0.subject == subject && $0.report.blend == report.blend
    }), subject != .handPicked || place == gaps.count - 1 {
      gaps[place] = entry
    } else {
      gaps.append(entry)
    }
    if gaps.count > 500 { gaps.removeFirst() }
  }

  /// Paths belong together while they start at the same soup, or end at one of its members.
  private mutating func take(_ report: PathReport) {
    declined[.paths] = nil
    let centre = paths.first { $0.line.anchor == 0 }?.line.from
    if report.line.anchor == 0, let centre, centre != report.line.from { paths = [] }
    if let place = paths.firstIndex(where: { $0.line == report.line }) {
      paths[place] = report
    } else {
      paths.append(report)
    }
  }
}
