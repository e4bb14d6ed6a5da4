package import TOMLKit

/// A TOML text that was read: its table, and where its keys stand.
package struct TOMLText {
  package let table: TOMLTable
  package let places: TOMLPlaces

  /// Reads a text, whatever it holds.
  ///
  /// The parser must not be given a text by another way: it ends the process on some.
  /// - Throws: `TOMLFlaw` for what is no TOML.
  package init(_ text: String) throws(TOMLFlaw) {
    guard !text.unicodeScalars.contains("\0") else {
      throw TOMLFlaw(place: nil, problem: "a NUL byte in the text", mend: "Save it as UTF-8")
    }
    places = TOMLPlaces(text)
    if let place = places.fatal {
      throw TOMLFlaw(
        place: place, problem: "a name or a value is missing here",
        mend: "Put names other than of A-Z, a-z, 0-9, _ and - in quotes")
    }
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      let begin = error.source.begin
      let line = error.description.split(separator: "\n").first.map(String.init)
      throw TOMLFlaw(
        place: .init(line: begin.line, column: begin.column), problem: line ?? "a mistake")
    } catch {
      throw TOMLFlaw(place: nil, problem: "\(error)")
    }
  }
}

/// Why a text is no TOML.
package struct TOMLFlaw: Error, Hashable, Sendable {
  package let place: TOMLPlaces.Place?
  /// A clause without a full stop.
  package let problem: String
  /// A sentence in the imperative without a full stop.
  package let mend: String?

  package init(place: TOMLPlaces.Place?, problem: String, mend: String? = nil) {
    self.place = place
    self.problem = problem
    self.mend = mend
  }
}
