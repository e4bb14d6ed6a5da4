import Analysis
import Evaluation
import Foundation

/// One standing as JSON.
struct StandingDocument: Encodable {
  let correct: Int
  let n: Int
  let accuracy: Double
  let nll: Double
  let nllAtBeta: Double

  init(_ standing: Standing) {
    correct = standing.correct
    n = standing.n
    accuracy = standing.accuracy
    nll = standing.nll
    nllAtBeta = standing.nllAtBeta
  }

  enum CodingKeys: String, CodingKey {
    case correct, n, accuracy, nll
    case nllAtBeta = "nll_at_beta"
  }
}

/// What `analyse` prints of a soup.
struct AnalyseDocument: Encodable {
  struct ShareDocument: Encodable {
    let ingredient: String
    let weight: Double
    let curvature: Double?
    let variance: Double
    let flatness: Double?
    let confidence: Double
    let alone: StandingDocument
  }

  struct TwoModelDocument: Encodable {
    let alpha: Double
    let curvature: Double
    let variance: Double
    let predictedGap: Double

    enum CodingKeys: String, CodingKey {
      case alpha, curvature, variance
      case predictedGap = "predicted_gap"
    }
  }

  struct CalibrationDocument: Encodable {
    let beta: Double
    let ece: Double
    let eceAfter: Double
    let nll: Double
    let nllAfter: Double

    init(_ subject: CalibrationReport.Subject) {
      beta = subject.beta
      ece = subject.before.error
      eceAfter = subject.after.error
      nll = subject.before.nll
      nllAfter = subject.after.nll
    }

    enum CodingKeys: String, CodingKey {
      case beta, ece, nll
      case eceAfter = "ece_after"
      case nllAfter = "nll_after"
    }
  }

  struct AnglesDocument: Encodable {
    let names: [String]
    let degrees: [[Double]]
    let norms: [Double]
  }

  let split: String
  let ingredients: [String]
  let beta: Double
  let step: Double
  let soup: StandingDocument
  let ensemble: StandingDocument
  let gap: Double
  let rawGap: Double
  let accuracyGap: Double
  let flatness: Double?
  let confidence: Double
  let predictedGap: Double?
  let shares: [ShareDocument]
  let twoModels: TwoModelDocument?
  let calibration: [String: CalibrationDocument]
  let angles: AnglesDocument?
  let meaning: String

  enum CodingKeys: String, CodingKey {
    case split, ingredients, beta, step, soup, ensemble, gap, flatness, confidence, shares
    case calibration, angles, meaning
    case rawGap = "raw_gap"
    case accuracyGap = "accuracy_gap"
    case predictedGap = "predicted_gap"
    case twoModels = "two_models"
  }

  init(gap report: GapReport, calibration: CalibrationReport, angles: AngleTable?) {
    split = report.split
    ingredients = report.ingredients
    beta = report.beta
    step = report.step
    soup = StandingDocument(report.soup)
    ensemble = StandingDocument(report.ensemble)
    gap = report.gap
    rawGap = report.rawGap
    accuracyGap = report.accuracyGap
    flatness = report.flatness
    confidence = report.confidence
    predictedGap = report.predicted
    shares = report.shares.map {
      ShareDocument(
        ingredient: $0.ingredient, weight: $0.weight, curvature: $0.curvature,
        variance: $0.variance, flatness: $0.flatness, confidence: $0.confidence,
        alone: StandingDocument($0.standing))
    }
    twoModels = report.twoModels.map {
      TwoModelDocument(
        alpha: $0.alpha, curvature: $0.curvature, variance: $0.variance,
        predictedGap: $0.predicted)
    }
    self.calibration = [
      "soup": CalibrationDocument(calibration.soup),
      "ensemble": CalibrationDocument(calibration.ensemble),
    ]
    self.angles = angles.map { table in
      let range = table.names.indices
      return AnglesDocument(
        names: table.names, degrees: range.map { i in range.map { table.total.angle(i, $0) } },
        norms: range.map(table.total.norm))
    }
    meaning = report.meaning
  }
}

/// What `analyse --pairs` prints.
struct PairsDocument: Encodable {
  struct AgreementDocument: Encodable {
    let count: Int
    let correlation: Double?
    let rankCorrelation: Double?
    let signAgreement: Double?
    let slope: Double?

    init(_ agreement: Agreement) {
      count = agreement.count
      correlation = agreement.correlation
      rankCorrelation = agreement.rankCorrelation
      signAgreement = agreement.signAgreement
      slope = agreement.slope
    }

    enum CodingKeys: String, CodingKey {
      case count, correlation, slope
      case rankCorrelation = "rank_correlation"
      case signAgreement = "sign_agreement"
    }
  }

  struct PairDocument: Encodable {
    let ingredients: [String]
    let beta: Double
    let gap: Double
    let predictedGap: Double?
    let flatness: Double?
    let confidence: Double
    let soupCorrect: Int
    let ensembleCorrect: Int
    let n: Int
    let interpolationAdvantage: Double
    let angle: Double?

    enum CodingKeys: String, CodingKey {
      case ingredients, beta, gap, flatness, confidence, n, angle
      case predictedGap = "predicted_gap"
      case soupCorrect = "soup_correct"
      case ensembleCorrect = "ensemble_correct"
      case interpolationAdvantage = "interpolation_advantage"
    }
  }

  let split: String
  let possible: Int
  let loss: AgreementDocument
  let error: AgreementDocument
  let pairs: [PairDocument]
  let meaning: String

  init(_ report: PairReport) {
    split = report.split
    possible = report.possible
    loss = AgreementDocument(report.agreement)
    error = AgreementDocument(report.errorAgreement)
    pairs = report.points.map { point in
      PairDocument(
        ingredients: [point.first, point.second], beta: point.gap.beta, gap: point.gap.gap,
        predictedGap: point.gap.predicted, flatness: point.gap.flatness,
        confidence: point.gap.confidence, soupCorrect: point.gap.soup.correct,
        ensembleCorrect: point.gap.ensemble.correct, n: point.gap.soup.n,
        interpolationAdvantage: point.interpolationAdvantage, angle: point.angle)
    }
    meaning = report.meaning
  }
}

/// The same for a person.
enum AnalyseText {
  static func soup(_ document: AnalyseDocument) -> String {
    var lines = ["\(document.ingredients.joined(separator: " + ")) on \(document.split)", ""]
    lines.append("            \(cell("soup")) \(cell("ensemble")) \(cell("soup − ensemble"))")
    lines.append(
      "right       \(cell(count(document.soup))) \(cell(count(document.ensemble))) "
        + cell(signed(-document.accuracyGap * 100, 2) + " points"))
    lines.append(
      row("nll", document.soup.nll, document.ensemble.nll, document.rawGap))
    lines.append(
      row("nll at β", document.soup.nllAtBeta, document.ensemble.nllAtBeta, document.gap))
    if let soup = document.calibration["soup"], let ensemble = document.calibration["ensemble"] {
      lines.append(row("ece", soup.ece, ensemble.ece, soup.ece - ensemble.ece))
    }
    lines += ["", "β \(fixed(document.beta, 4)), gap in loss \(signed(document.gap, 5))"]
    if let predicted = document.predictedGap, let flatness = document.flatness {
      lines.append(
        "predicted \(signed(predicted, 5)) = flatness \(signed(flatness, 5)) + confidence "
          + signed(document.confidence, 5))
    }
    lines += ["", "            \(cell("weight")) \(cell("flatness")) \(cell("confidence"))"]
    for share in document.shares {
      lines.append(
        share.ingredient.padding(toLength: 12, withPad: " ", startingAt: 0)
          + "\(cell(fixed(share.weight, 4))) \(cell(share.flatness.map { signed($0, 5) } ?? "–")) "
          + cell(signed(share.confidence, 5)))
    }
    return (lines + angles(document.angles) + ["", document.meaning]).joined(separator: "\n")
  }

  static func pairs(_ report: PairReport) -> String {
    var lines = ["pair                 gap  predicted   flatness confidence  soup  ens   angle"]
    for point in report.points {
      let gap = point.gap
      lines.append(
        point.name.padding(toLength: 14, withPad: " ", startingAt: 0)
          + [gap.gap, gap.predicted ?? .nan, gap.flatness ?? .nan, gap.confidence]
          .map { right(signed($0, 5), 11) }.joined()
          + right("\(gap.soup.correct)", 6) + right("\(gap.ensemble.correct)", 5)
          + right(point.angle.map { fixed($0, 1) + "°" } ?? "–", 8))
    }
    let agreement = report.agreement
    lines += [
      "",
      "loss:  correlation \(text(agreement.correlation)), of ranks "
        + "\(text(agreement.rankCorrelation)), same sign \(share(agreement.signAgreement)), "
        + "slope \(text(agreement.slope))",
      "error: correlation \(text(report.errorAgreement.correlation)), of ranks "
        + "\(text(report.errorAgreement.rankCorrelation)), same sign "
        + share(report.errorAgreement.signAgreement), "", report.meaning,
    ]
    return lines.joined(separator: "\n")
  }

  private static func angles(_ table: AnalyseDocument.AnglesDocument?) -> [String] {
    guard let table else { return [] }
    var lines = ["", "angles at the initialisation, and distances from it"]
    for (place, name) in table.names.enumerated() {
      let degrees = table.degrees[place].enumerated().map { other, value in
        right(other == place ? "·" : fixed(value, 1) + "°", 8)
      }
      lines.append(
        name.padding(toLength: 12, withPad: " ", startingAt: 0) + degrees.joined()
          + right(fixed(table.norms[place], 3), 10))
    }
    return lines
  }

  private static func row(
    _ title: String, _ soup: Double, _ ensemble: Double, _ difference: Double
  ) -> String {
    title.padding(toLength: 12, withPad: " ", startingAt: 0)
      + "\(cell(fixed(soup, 5))) \(cell(fixed(ensemble, 5))) \(cell(signed(difference, 5)))"
  }

  private static func count(_ standing: StandingDocument) -> String {
    "\(fixed(standing.accuracy * 100, 2)) % \(standing.correct)/\(standing.n)"
  }

  private static func cell(_ text: String) -> String { right(text, 17) }
  private static func right(_ text: String, _ columns: Int) -> String {
    String(repeating: " ", count: max(0, columns - text.count)) + text
  }
  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }
  private static func signed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "–" }
    return (value < 0 ? "−" : "+") + fixed(abs(value), decimals)
  }
  private static func text(_ value: Double?) -> String { value.map { fixed($0, 3) } ?? "–" }
  private static func share(_ value: Double?) -> String {
    value.map { "\(Int(($0 * 100).rounded())) %" } ?? "–"
  }
}
