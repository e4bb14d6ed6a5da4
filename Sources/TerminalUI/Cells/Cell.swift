package import Themes

/// One place of the screen: what is drawn there, and how.
///
/// Sixteen bytes: a scalar, or the number of a cluster in the buffer's side table, and a style. A
/// wide character owns two cells, of which the second is its `continuation`.
package struct Cell: Hashable, Sendable {
  /// A scalar; or, with the highest bit set, an index into `CellBuffer.clusters`.
  private(set) var glyph: UInt32
  /// How it looks.
  package var style: Style
  /// 1 or 2 columns; 0 for the second half of a wide character.
  private(set) var width: UInt8

  private init(glyph: UInt32, style: Style, width: UInt8) {
    self.glyph = glyph
    self.style = style
    self.width = width
  }

  /// A cell that shows one scalar of known width, which the caller has found fit to be drawn.
  init(_ scalar: Unicode.Scalar, width: Int = 1, style: Style) {
    self.init(glyph: scalar.value, style: style, width: UInt8(truncatingIfNeeded: width))
  }

  /// A cell that shows several scalars, kept in the buffer's side table.
  init(cluster: Int, width: UInt8, style: Style) {
    self.init(
      glyph: Self.clusterFlag | UInt32(truncatingIfNeeded: cluster), style: style, width: width)
  }

  /// A cell with nothing in it but its background.
  package static func blank(_ style: Style) -> Cell { Cell(" ", style: style) }

  /// The second half of a wide character.
  static func continuation(_ style: Style) -> Cell { Cell(glyph: 0x20, style: style, width: 0) }

  private static let clusterFlag: UInt32 = 1 << 31

  /// Whether the cell is the second half of the wide character to its left.
  package var isContinuation: Bool { width == 0 }

  /// The columns of what is drawn here; 0 for the second half of a wide character.
  package var columns: Int { Int(width) }

  /// The index into the buffer's side table, for a cell of several scalars.
  var cluster: Int? {
    glyph & Self.clusterFlag == 0 ? nil : Int(glyph & ~Self.clusterFlag)
  }

  /// The scalar of a cell that shows only one; nil for clusters.
  package var scalar: Unicode.Scalar? { Unicode.Scalar(glyph) }
}
