/// Writes the elements of an SVG document.
struct SVGDocument {
  struct Fill {
    let color: String
    let opacity: Double

    func attributes(_ name: String) -> String {
      opacity < 1
        ? "\(name)=\"\(color)\" \(name)-opacity=\"\(SVGDocument.number(opacity))\""
        : "\(name)=\"\(color)\""
    }
  }

  struct Stroke {
    let fill: Fill
    let width: Double
    let stroke: Scene.Stroke

    var attributes: String {
      var text = "fill=\"none\" \(fill.attributes("stroke")) "
      text += "stroke-width=\"\(SVGDocument.number(width))\""
      switch stroke {
      case .solid: break
      case .dashed: text += " stroke-dasharray=\"6 4\""
      case .dotted: text += " stroke-dasharray=\"1.5 4\""
      }
      return text
    }
  }

  private var lines: [String]
  private var clips = 0

  init(width: Int, height: Int, background: String) {
    lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
        + "viewBox=\"0 0 \(width) \(height)\" font-family=\"ui-monospace, Menlo, Consolas, "
        + "'DejaVu Sans Mono', monospace\">",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"\(background)\"/>",
    ]
  }

  var text: String { (lines + ["</svg>", ""]).joined(separator: "\n") }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ stroke: Stroke) {
    path([(x1, y1), (x2, y2)], stroke)
  }

  /// A line through places; one place alone is a dot.
  mutating func path(_ places: [(Double, Double)], _ stroke: Stroke) {
    guard let first = places.first else { return }
    guard places.count > 1 else {
      disc(first.0, first.1, stroke.width, stroke.fill)
      return
    }
    let points = places.map { Self.pair($0) }.joined(separator: " ")
    lines.append(
      "<polyline points=\"\(points)\" \(stroke.attributes) stroke-linejoin=\"round\"/>")
  }

  mutating func segments(
    _ segments: [((Double, Double), (Double, Double))], _ stroke: Stroke
  ) {
    guard !segments.isEmpty else { return }
    let path = segments.map { "M\(Self.pair($0)) L\(Self.pair($1))" }.joined(separator: " ")
    lines.append("<path d=\"\(path)\" \(stroke.attributes)/>")
  }

  mutating func polygon(_ places: [(Double, Double)], _ fill: Fill) {
    let points = places.map { Self.pair($0) }.joined(separator: " ")
    lines.append("<polygon points=\"\(points)\" \(fill.attributes("fill"))/>")
  }

  mutating func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ fill: Fill) {
    let size = "width=\"\(Self.number(max(0, width)))\" height=\"\(Self.number(max(0, height)))\""
    lines.append(
      "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" \(size) \(fill.attributes("fill"))/>")
  }

  mutating func ring(_ x: Double, _ y: Double, _ stroke: Stroke) {
    lines.append(
      "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"8\" \(stroke.attributes)/>")
  }

  private mutating func disc(_ x: Double, _ y: Double, _ radius: Double, _ fill: Fill) {
    lines.append(
      "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\" "
        + "\(fill.attributes("fill"))/>")
  }

  /// A point's character as a shape, since fonts draw them in many sizes.
  mutating func glyph(_ glyph: Unicode.Scalar, _ x: Double, _ y: Double, _ fill: Fill) {
    func around(_ offsets: [(Double, Double)]) -> [(Double, Double)] {
      offsets.map { (x + $0.0, y + $0.1) }
    }
    switch glyph {
    case "●", "*": disc(x, y, 4, fill)
    case "·": disc(x, y, 1.5, fill)
    case "○", "o": ring(x, y, .init(fill: fill, width: 1.5, stroke: .solid), radius: 4)
    case "◆", "@": polygon(around([(0, -5), (5, 0), (0, 5), (-5, 0)]), fill)
    case "▲", "%": polygon(around([(0, -5), (5, 4), (-5, 4)]), fill)
    case "▼", "v": polygon(around([(0, 5), (5, -4), (-5, -4)]), fill)
    case "■", "=", "▇": box(x - 4, y - 4, 8, 8, fill)
    case "─": box(x - 5, y - 1, 10, 2, fill)
    case "✚", "+":
      box(x - 5, y - 1.5, 10, 3, fill)
      box(x - 1.5, y - 5, 3, 10, fill)
    default: text(String(glyph), x, y + 4, fill, anchor: "middle")
    }
  }

  private mutating func ring(_ x: Double, _ y: Double, _ stroke: Stroke, radius: Double) {
    lines.append(
      "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\" "
        + "\(stroke.attributes)/>")
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ fill: Fill, anchor: String, size: Int = 12
  ) {
    guard !text.isEmpty else { return }
    lines.append(
      "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(size)\" "
        + "text-anchor=\"\(anchor)\" \(fill.attributes("fill"))>\(Self.escaped(text))</text>")
  }

  /// Text that runs upwards.
  mutating func upright(_ text: String, _ x: Double, _ y: Double, _ fill: Fill) {
    let place = "\(Self.number(x)) \(Self.number(y))"
    lines.append(
      "<text transform=\"translate(\(place)) rotate(-90)\" font-size=\"12\" "
        + "text-anchor=\"middle\" \(fill.attributes("fill"))>\(Self.escaped(text))</text>")
  }

  /// Cuts off what follows, up to `endClip`, at a box.
  mutating func clip(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double) {
    clips += 1
    let size =
      "width=\"\(Self.number(right - left))\" height=\"\(Self.number(bottom - top))\""
    lines.append(
      "<clipPath id=\"plot\(clips)\"><rect x=\"\(Self.number(left))\" y=\"\(Self.number(top))\" "
        + "\(size)/></clipPath><g clip-path=\"url(#plot\(clips))\">")
  }

  mutating func endClip() { lines.append("</g>") }

  private static func pair(_ place: (Double, Double)) -> String {
    "\(number(place.0)),\(number(place.1))"
  }

  /// A number to a hundredth, without zeros that say nothing.
  private static func number(_ value: Double) -> String {
    var text = NumberFormat.fixed(value, decimals: 2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// Text as XML content: markup is escaped, and what XML 1.0 forbids is left out.
  private static func escaped(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
      case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
      case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): continue
      case "\u{FFFE}", "\u{FFFF}": continue
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }
}
