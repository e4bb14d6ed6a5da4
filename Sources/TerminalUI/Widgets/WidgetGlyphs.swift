package import Themes

/// The signs that widgets draw, in Unicode or in ASCII alone; each is one column wide.
package struct WidgetGlyphs: Hashable, Sendable {
  /// Marks the row of the cursor, so that it is seen without colour.
  package var cursor: Unicode.Scalar
  /// Stand behind the title of a sorted column.
  package var ascending, descending: Unicode.Scalar
  /// The scroll bar.
  package var thumb, track: Unicode.Scalar
  /// Say that there is more above or below.
  package var moreAbove, moreBelow: Unicode.Scalar
  /// Parts of a bar from an eighth to the whole, or only the whole.
  package var bars: [Unicode.Scalar]
  /// The empty part of a bar.
  package var barTrack: Unicode.Scalar
  /// Stands between things in a row.
  package var separator: Unicode.Scalar

  /// For terminals that show Unicode.
  package static let unicode = WidgetGlyphs(
    cursor: "▌", ascending: "▲", descending: "▼", thumb: "█", track: "│", moreAbove: "▲",
    moreBelow: "▼", bars: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"], barTrack: "─",
    separator: "│")

  /// For terminals that do not.
  package static let ascii = WidgetGlyphs(
    cursor: ">", ascending: "^", descending: "v", thumb: "#", track: "|", moreAbove: "^",
    moreBelow: "v", bars: ["="], barTrack: "-", separator: "|")
}

extension Style {
  /// This style with what another says: its colours where they are not the terminal's own, and
  /// its attributes besides those there are.
  package func overlaid(by other: Style) -> Style {
    Style(
      foreground: other.foreground == .default ? foreground : other.foreground,
      background: other.background == .default ? background : other.background,
      attributes: attributes.union(other.attributes))
  }
}
