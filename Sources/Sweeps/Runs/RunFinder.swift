import Checkpoints
import Foundation

/// Looks for the folders of runs below a folder.
struct RunFinder {
  /// Folders below the sweep's own that are looked into.
  private static let deepest = 6
  /// Folders that are looked into at all: what is larger is no sweep but somebody's disk.
  private static let mostFolders = 20_000

  /// Runs by who wrote them.
  private(set) var runs: [RunFormat: [TrackedRun]] = [:]
  private(set) var notes: [Note] = []
  private var visited = 0

  init(in folder: String) { visit(folder, depth: 0) }

  private mutating func visit(_ folder: String, depth: Int) {
    visited += 1
    guard visited <= Self.mostFolders else { return }
    let entries = entries(of: folder)
    let names = Set(entries)
    var isRun = false
    for format in RunFormat.allCases where !isRun {
      do {
        guard let run = try format.run(in: folder, names: names) else { continue }
        runs[format, default: []].append(run)
        isRun = true
      } catch {
        notes.append(Note(error))
        isRun = true
      }
    }
    guard !isRun, depth < Self.deepest else { return }
    for name in entries where !isCheckpointName(name) && !Self.skipped.contains(name) {
      let path = folder + "/" + name
      if isRealFolder(path) { visit(path, depth: depth + 1) }
    }
  }

  private static let skipped: Set<String> = ["data", "datasets", "node_modules", "__pycache__"]

  /// Links are not followed: W&B's `latest-run` is one of the runs.
  private func isRealFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The format that has the most runs with checkpoints; of equals the one with the most runs.
  ///
  /// A training library's own folders go before a tracker's records of the same runs.
  var chosen: (format: RunFormat, runs: [TrackedRun])? {
    let ranked = RunFormat.allCases.compactMap { format in runs[format].map { (format, $0) } }
    let best = ranked.enumerated().max { left, right in
      let (a, b) = (left.element.1, right.element.1)
      let (first, second) = (a.count { $0.checkpoint != nil }, b.count { $0.checkpoint != nil })
      if first != second { return first < second }
      return a.count == b.count ? left.offset > right.offset : a.count < b.count
    }
    return best.map { (format: $0.element.0, runs: $0.element.1) }
  }
}
