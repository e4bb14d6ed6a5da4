package import Averaging
package import Checkpoints
import Foundation
import Ledger
import Sweeps
import Synchronization

/// The pre-flight comparison of a sweep: what is known so far.
///
/// Headers are compared in one go and cost no reading of tensors. Bytes are read one ingredient at a
/// time; what a reading told is kept in the ledger, so that a file is read once.
package final class SweepCheck: Sendable {
  private let sweep: Sweep
  private let ledger: Ledger
  private let files: IngredientFiles
  private let preflight: Preflight
  private let known = Mutex(Known())

  private struct Known: Sendable {
    var headers: Headers?
    var readings: [String: IngredientReading] = [:]
    /// Of ingredients whose bytes could not be read.
    var failures: [Finding] = []
    /// Of ingredients whose files have gone since headers were read.
    var vanished: [Finding] = []
  }

  /// What opening every checkpoint told.
  private struct Headers: Sendable {
    let findings: [Finding]
    let reference: NamedTable?
  }

  init(sweep: Sweep, ledger: Ledger, files: IngredientFiles) {
    self.sweep = sweep
    self.ledger = ledger
    self.files = files
    preflight = Preflight(severities: sweep.severities)
  }

  /// Names of what can be read: ingredients with files, in sweep order.
  package var names: [String] { sweep.ingredients.filter { $0.file != nil }.map(\.name) }

  /// What readings are measured against: the initialisation where it fits, else an ingredient.
  package var reference: String? { headers().reference?.name }

  /// The readings so far, in sweep order.
  package var readings: [IngredientReading] {
    let readings = known.withLock(\.readings)
    return names.compactMap { readings[$0] }
  }

  /// All that was found so far; headers are compared when that was not done.
  package func findings() -> [Finding] {
    let headers = headers()
    let failures = known.withLock { $0.failures + $0.vanished }
    return headers.findings + failures
      + preflight.compare(readings, reference: headers.reference?.name)
  }

  /// Why ingredients are left out of soups, by name.
  package func refusals() -> [String: String] {
    Dictionary(
      findings().filter { $0.severity == .refuse }.compactMap { finding in
        finding.subject.map { ($0, finding.problem) }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Reads an ingredient's bytes, unless they were read before.
  ///
  /// One that does not fit, or cannot be read, gets a finding and no reading.
  /// - Parameter workers: threads; nil: as many as there are processors.
  /// - Throws: `CancellationError`.
  package func read(_ name: String, workers: Int? = nil) throws {
    let headers = headers()
    guard
      known.withLock({ known in
        known.readings[name] == nil && !known.vanished.contains { $0.subject == name }
      }),
      !headers.findings.contains(where: { $0.subject == name && !$0.rule.isChoosable })
    else { return }
    do {
      let reading = try reading(of: name, headers.reference, workers)
      known.withLock { $0.readings[name] = reading }
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      let finding = unreadable(name, error)
      known.withLock { known in
        if !known.failures.contains(finding) { known.failures.append(finding) }
      }
    }
  }

  /// Looks whether every file is still there.
  package func lookAgain() {
    let unread = Set(headers().findings.compactMap(\.subject))
    let vanished = names.filter { !unread.contains($0) }.compactMap { name -> Finding? in
      do {
        _ = try files.table(of: name)
        return nil
      } catch {
        return unreadable(name, error)
      }
    }
    known.withLock { $0.vanished = vanished }
  }

  // MARK: Headers

  private func headers() -> Headers {
    if let headers = known.withLock(\.headers) { return headers }
    let made = makeHeaders()
    return known.withLock { known in
      if let headers = known.headers { return headers }
      known.headers = made
      return made
    }
  }

  private func makeHeaders() -> Headers {
    var findings: [Finding] = []
    func open(_ name: String) -> NamedTable? {
      do {
        return NamedTable(name, try files.table(of: name))
      } catch {
        findings.append(unreadable(name, error))
        return nil
      }
    }
    let tables = names.compactMap(open)
    let initialisation =
      sweep.initialisation?.file == nil
      ? nil : sweep.initialisation.flatMap { open($0.name) }
    findings += preflight.headers(tables, initialisation: initialisation)
    return Headers(
      findings: findings,
      reference: preflight.reference(for: tables, initialisation: initialisation))
  }

  private func unreadable(_ name: String, _ error: any Error) -> Finding {
    let input = error as? InputError
    let place = input?.place.map { "\($0): " } ?? ""
    return preflight.finding(
      .unreadable, name, [], place + (input?.problem ?? "\(error)"), mend: input?.mend)
  }

  // MARK: Readings

  private func reading(
    of name: String, _ reference: NamedTable?, _ workers: Int?
  ) throws -> IngredientReading {
    let address = try files.address(of: name)
    // One that is damaged itself is no fault of those that would be measured against it.
    let against = reference.flatMap { try? files.address(of: $0.name) }
    let reference = against == nil ? nil : reference
    if let text = try ledger.reading(of: address, against: against),
      var kept = try? JSONDecoder().decode(IngredientReading.self, from: Data(text.utf8))
    {
      kept.name = name
      return kept
    }
    let table = NamedTable(name, try files.table(of: name))
    let reading = try preflight.read(table, reference: reference, workers: workers)
    if let text = try? JSONEncoder().encode(reading) {
      try? ledger.keepReading(String(decoding: text, as: UTF8.self), of: address, against: against)
    }
    return reading
  }
}
