package import Themes

/// A picture of data, in characters, as SVG and as the numbers it shows.
package protocol Chart: Sendable {
  /// The picture in characters, in a frame of any size.
  func render(columns: Int, rows: Int, marker: PlotMarker) -> ChartFrame

  /// The picture as a document of SVG 1.1, so many pixels in size.
  func svg(width: Int, height: Int, palette: SVGPalette) -> String

  /// The numbers, with a header row (RFC 4180, lines ended by a line feed).
  func csv() -> String
}

/// Writes comma-separated values.
package struct CSV {
  private var lines: [String]

  init(_ header: String...) { self.init(header) }

  package init(_ header: [String]) { lines = [Self.line(header)] }

  mutating func add(_ fields: String...) { add(fields) }

  package mutating func add(_ fields: [String]) { lines.append(Self.line(fields)) }

  /// Every row, the header first (RFC 4180, lines ended by a line feed).
  package var text: String { lines.joined(separator: "\n") + "\n" }

  private static func line(_ fields: [String]) -> String {
    fields.map { field in
      guard field.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else { return field }
      return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }.joined(separator: ",")
  }

  /// A number that reads back the same; nothing for a missing one.
  static func field(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
}
