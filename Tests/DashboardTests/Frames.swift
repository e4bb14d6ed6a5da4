import Foundation
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// Frames as text, against files in Fixtures.
///
/// Set `RECORD_FRAMES=1` to write the files anew; recording fails, so that it is never left on.
enum Frames {
  static func expect(
    _ text: String, matches name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    if ProcessInfo.processInfo.environment["RECORD_FRAMES"] != nil {
      let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/\(name).txt")
      try (text + "\n").write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name)", sourceLocation: sourceLocation)
      return
    }
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "txt"), "no frame \(name)",
      sourceLocation: sourceLocation)
    let kept = try String(contentsOf: url, encoding: .utf8)
    #expect(kept == text + "\n", "\(name):\n\(text)", sourceLocation: sourceLocation)
  }
  /// What stands in the corners of a rectangle: its frame, unless something has drawn over it.
  static func corners(of rect: Rect, in canvas: Canvas) -> String {
    [
      (rect.left, rect.top), (rect.right - 1, rect.top), (rect.left, rect.bottom - 1),
      (rect.right - 1, rect.bottom - 1),
    ].map { canvas.buffer.text(of: canvas.buffer[$0, $1]) }.joined()
  }
}

extension Canvas {
  /// Where the data of the plots stand.
  var plotSights: [PlotSight] {
    hits.compactMap { if case .picture(let sight) = $0.target { sight } else { nil } }
  }

  /// How the cells of the first plot's data look.
  var stylesOfFirstPlot: [Style] {
    guard let rect = plotSights.first?.rect else { return [] }
    return (rect.top..<rect.bottom).flatMap { row in
      (rect.left..<rect.right).map { buffer[$0, row].style }
    }
  }
}
