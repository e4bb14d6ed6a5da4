import ArgumentParser
import Dashboard
import Foundation
import Kitchen
import Sweeps

/// Says where things are kept.
struct PathsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "paths",
    abstract: "Say where settings, themes, ledgers and the demo sweep are kept.",
    discussion: """
      Examples:
        stockpot paths
        stockpot paths sweeps/digits --json
      """)

  @Argument(help: "A sweep's folder: its ledger and soups too.", completion: .directory)
  var sweep: String?

  @Flag(help: "One JSON document instead of lines.")
  var json = false

  func run() async throws {
    let (sweep, json) = (sweep, json)
    try await Ending.of {
      let document = try PathsDocument(SweepOpening.paths, sweep: sweep.map(Sweep.open))
      if json {
        try Console.json(document)
      } else {
        for (name, path) in document.lines { print(name.rightPadded(to: 8), path) }
      }
    }
  }
}

/// What `paths --json` prints; every path is absolute, whether it is there or not.
struct PathsDocument: Encodable {
  let config: String
  let themes: String
  let state: String
  let data: String
  let cache: String
  /// The sweep's manifest, where it has one.
  let manifest: String?
  /// The folder of the sweep's ledger.
  let ledger: String?

  init(_ paths: StockpotPaths, sweep: Sweep?) {
    config = paths.config
    themes = paths.config + "/themes"
    state = paths.state
    data = paths.data
    cache = paths.cache
    manifest = sweep?.manifest
    ledger = sweep.map { paths.workFolder(ofSweepAt: $0.directory) }
  }

  /// Without what there is not.
  var lines: [(String, String)] {
    [
      ("config", config), ("themes", themes), ("state", state), ("data", data), ("cache", cache),
    ]
      + [("manifest", manifest), ("ledger", ledger)].compactMap { name, path in
        path.map { (name, $0) }
      }
  }
}
