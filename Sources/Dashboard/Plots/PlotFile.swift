import Charts
import Checkpoints
import Foundation
import Themes

/// Plots as files.
package enum PlotFile {
  package enum Format: String, CaseIterable, Sendable {
    case svg
    case csv
  }

  /// Pixels of a saved picture.
  private static let size = (width: 960, height: 600)

  /// The format that a file's name ends with; nil for another one.
  package static func format(of path: String) -> Format? {
    Format(rawValue: URL(fileURLWithPath: path).pathExtension.lowercased())
  }

  /// Writes a plot in the light theme's colours, or its numbers; the file appears complete, or not
  /// at all.
  ///
  /// - Throws: `InputError` when the file is there and may not be replaced, or cannot be written.
  package static func write(
    _ picture: PlotPicture, to path: String, as format: Format, overwrite: Bool = true
  ) throws {
    let target = URL(fileURLWithPath: (path as NSString).expandingTildeInPath).path
    let text: String
    switch format {
    case .csv: text = picture.chart.csv()
    case .svg:
      let theme = try ThemeLibrary().load(named: "light", depth: .truecolor, unicode: true)
      text = picture.chart.svg(
        width: size.width, height: size.height, palette: SVGPalette(theme))
    }
    let file = try AtomicFile(path: target, overwrite: overwrite)
    try Array(text.utf8).withUnsafeBytes { try file.write($0, at: 0) }
    try file.commit()
  }
}
