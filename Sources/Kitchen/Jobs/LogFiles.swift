import Foundation
import Ledger

/// The end of a log that other code wrote.
package struct LogText: Hashable, Sendable {
  /// Its file's name.
  package let name: String
  package let path: String
  package let lines: [String]
  /// Whether it is longer than that.
  package let isCut: Bool

  package init(name: String, path: String, lines: [String], isCut: Bool) {
    self.name = name
    self.path = path
    self.lines = lines
    self.isCut = isCut
  }
}

extension Kitchen {
  /// The ends of the logs that evaluators wrote, and of `others`; those without a word are left out.
  package func logTexts(besides others: [String]) -> [LogText] {
    let folder = ledger.directory + "/logs"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let paths = others + names.sorted().map { folder + "/" + $0 }
    return paths.compactMap(LogText.init(endOf:)).filter { !$0.lines.isEmpty }
  }
}

extension LogText {
  /// Bytes that are read of a log at most.
  private static var most: Int { 256 << 10 }

  /// Nil when it cannot be read.
  init?(endOf path: String) {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    guard let end = try? file.seekToEnd() else { return nil }
    let start = end > UInt64(Self.most) ? end - UInt64(Self.most) : 0
    guard (try? file.seek(toOffset: start)) != nil, let data = try? file.readToEnd() ?? Data()
    else { return nil }
    var lines = String(decoding: data, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    if lines.last == "" { lines.removeLast() }
    // The first line of a cut log is a piece of one.
    if start > 0, !lines.isEmpty { lines.removeFirst() }
    self.init(
      name: (path as NSString).lastPathComponent, path: path, lines: lines, isCut: start > 0)
  }
}
