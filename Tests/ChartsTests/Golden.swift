import Foundation
import Testing

@testable import Charts

/// Frames kept as text, to compare with.
enum Golden {
  /// Compares a frame's characters and paints with `Fixtures/NAME.txt`.
  ///
  /// With `RECORD_GOLDENS` in the environment the file is written instead, and the test fails, so that a recording
  /// never passes for a test.
  static func check(
    _ frame: ChartFrame, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let drawn = frame.text + "\n--- paints\n" + frame.paintText + "\n"
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] != nil {
      let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      let file = folder.appendingPathComponent("Fixtures/\(name).txt")
      try drawn.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name)", sourceLocation: sourceLocation)
      return
    }
    let file = Bundle.module.resourceURL?.appendingPathComponent("Fixtures/\(name).txt")
    let kept = try String(contentsOf: #require(file), encoding: .utf8)
    #expect(drawn == kept, "\(name):\n\(drawn)", sourceLocation: sourceLocation)
  }
}

/// A small seeded generator (Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
