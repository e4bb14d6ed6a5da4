import Averaging
import Checkpoints
import Kitchen

/// What `blend --json` prints.
struct BlendDocument: Encodable {
  struct MemberDocument: Encodable {
    let file: String
    let sha256: String
    let weight: Double
    let notes: [String]
  }

  struct NonFiniteDocument: Encodable {
    let tensor: String
    let files: [String]
  }

  let ingredients: [MemberDocument]
  let averaged: Int
  let copied: Int
  let bytesRead: Int
  let bytesWritten: Int
  let integersFromFirst: [String]
  let nonFinite: [NonFiniteDocument]
  let ties: [[String]]
  let brokenTies: [[String]]
  let findings: [FindingDocument]
  let output: [String]
  let seconds: Double

  enum CodingKeys: String, CodingKey {
    case ingredients, averaged, copied, ties, findings, output, seconds
    case bytesRead = "bytes_read"
    case bytesWritten = "bytes_written"
    case integersFromFirst = "integers_from_first"
    case nonFinite = "non_finite"
    case brokenTies = "broken_ties"
  }

  init(
    _ blend: FileBlend, _ members: [Provenance.Member], _ report: AverageReport,
    findings: [Finding], output: [String], seconds: Double
  ) {
    ingredients = zip(zip(blend.terms, members), blend.notes).map { pair, notes in
      MemberDocument(
        file: pair.0.name, sha256: pair.1.sha256, weight: pair.0.weight, notes: notes)
    }
    averaged = report.averaged
    copied = report.copied
    bytesRead = report.bytesRead
    bytesWritten = report.bytesMade
    integersFromFirst = report.integersFromFirst
    nonFinite = report.nonFinite.map { NonFiniteDocument(tensor: $0.tensor, files: $0.terms) }
    ties = report.ties
    brokenTies = report.brokenTies
    self.findings = findings.map(FindingDocument.init)
    self.output = output
    self.seconds = seconds
  }
}
