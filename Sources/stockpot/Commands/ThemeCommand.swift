import ArgumentParser
import Dashboard
import Foundation
import Sweeps
import TerminalUI
import Themes

/// Themes: which there are, how they look, and whether they can be read by everyone.
struct ThemeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "theme", abstract: "List, show and check themes.",
    discussion: """
      A theme of your own is a .toml file in the folder `stockpot paths` calls themes. In the \
      dashboard, T (or :theme) chooses one.

      Examples:
        stockpot theme
        stockpot theme show dark light
        stockpot theme check mine.toml
      """,
    subcommands: [ThemeList.self, ThemeShow.self, ThemeCheckCommand.self],
    defaultSubcommand: ThemeList.self)

  /// Every theme that has a name.
  static var library: ThemeLibrary {
    ThemeLibrary(folders: [URL(fileURLWithPath: SweepOpening.paths.config + "/themes")])
  }

  /// The themes named, or all.
  static func themes(_ names: [String], depth: ColorDepth) throws -> [Theme] {
    let source = ThemeSource(library: library, depth: depth)
    return try (names.isEmpty ? library.names : names).map { try source.theme($0) }
  }
}

/// Lists the themes.
struct ThemeList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the themes (the default).",
    discussion: """
      Examples:
        stockpot theme list
        stockpot theme list --json | jq -r '.themes[].name'
      """)

  @Flag(help: "One JSON document instead of a table.")
  var json = false

  private struct Entry: Encodable {
    let name, appearance, origin: String
  }

  func run() async throws {
    let json = json
    try await Ending.of {
      let library = ThemeCommand.library
      let entries = try library.themes.map { item in
        let theme = try library.load(named: item.name, depth: .truecolor)
        let origin: String =
          switch item.origin {
          case .builtin: "built in"
          case .file(let url): url.path
          }
        return Entry(name: item.name, appearance: theme.appearance.rawValue, origin: origin)
      }
      if json { return try Console.json(["themes": entries]) }
      var table = TextTable([("theme", .left), ("ground", .left), ("origin", .left)])
      for entry in entries { table.add([entry.name, entry.appearance, entry.origin]) }
      print(table.text)
    }
  }
}

/// Shows the colours of a theme in this terminal.
struct ThemeShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a theme's colours and glyphs in this terminal.",
    discussion: """
      Examples:
        stockpot theme show dark light
        stockpot theme show mine.toml --color 256
      """)

  @Argument(help: "A theme's name, or a .toml file (default: every theme).")
  var names: [String] = []

  @Option(help: "Colours: auto, truecolor, 256, 16 or never.")
  var color: ColorChoice = .auto

  @Flag(help: "One JSON document, in truecolor unless --color says another.")
  var json = false

  func run() async throws {
    let (names, color, json) = (names, color, json)
    try await Ending.of {
      if json {
        let depth =
          color == .auto
          ? ColorDepth.truecolor
          : ColorDepth.detect(environment: SweepOpening.environment, choice: color)
        let themes = try ThemeCommand.themes(names, depth: depth)
        return try Console.json(["themes": themes.map(ThemeDocument.init)])
      }
      let isTerminal = isatty(STDOUT_FILENO) == 1
      let forced = SweepOpening.environment["CLICOLOR_FORCE"].map { $0 != "0" && !$0.isEmpty }
      let isPainted = isTerminal || forced == true || color != .auto
      let depth =
        isPainted
        ? ColorDepth.detect(environment: SweepOpening.environment, choice: color) : ColorDepth.none
      for theme in try ThemeCommand.themes(names, depth: depth) {
        print(ThemeSheet(theme: theme, isPainted: isPainted).text)
      }
    }
  }
}

/// Measures themes.
struct ThemeCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Measure a theme's contrast, and how its series look to every kind of vision.",
    discussion: """
      Text should have a contrast of 4.5 to its ground and marks 3 (WCAG 2.2); any two series \
      should be 0.07 apart in OKLab, to common vision and simulated for protanopia, deuteranopia \
      and tritanopia (Machado et al. 2009). Exit code 1 when something falls short.

      Examples:
        stockpot theme check
        stockpot theme check mine.toml --depth 256
      """)

  @Argument(help: "A theme's name, or a .toml file (default: every theme).")
  var names: [String] = []

  @Option(help: "The colours it is fitted to: truecolor or 256.")
  var depth: CheckDepth = .truecolor

  @Flag(help: "One JSON document instead of a table.")
  var json = false

  /// The depths at which a theme's colours are its own.
  enum CheckDepth: String, CaseIterable, ExpressibleByArgument {
    case truecolor
    case indexed256 = "256"
  }

  private struct Entry: Encodable {
    let name: String
    let leastContrast: Measure?
    let leastDistances: [String: Double]
    let faults: [String]

    enum CodingKeys: String, CodingKey {
      case name, faults
      case leastContrast = "least_contrast"
      case leastDistances = "least_distances"
    }
  }

  private struct Measure: Encodable {
    let of: String
    let ratio: Double
  }

  func run() async throws {
    let (names, json) = (names, json)
    let depth = depth == .truecolor ? ColorDepth.truecolor : .indexed256
    try await Ending.of {
      let entries = try ThemeCommand.themes(names, depth: depth).map(Self.entry)
      if json {
        try Console.json(["themes": entries])
      } else {
        Self.show(entries)
      }
      if entries.contains(where: { !$0.faults.isEmpty }) { throw Ending.failed }
    }
  }

  private static func entry(_ theme: Theme) -> Entry {
    let check = ThemeCheck(theme)
    let least = check.contrasts.filter { $0.floor >= 4.5 }.min { $0.ratio < $1.ratio }
    var distances: [String: Double] = [:]
    for vision in ColorVision.allCases {
      let apart = check.separations.filter { $0.vision == vision }.map(\.distance)
      if let nearest = apart.min() { distances[vision.rawValue] = nearest }
    }
    return Entry(
      name: theme.name, leastContrast: least.map { Measure(of: $0.name, ratio: $0.ratio) },
      leastDistances: distances, faults: check.faults)
  }

  private static func show(_ entries: [Entry]) {
    func number(_ value: Double?, _ decimals: Int) -> String {
      value.map { String(format: "%.\(decimals)f", $0) } ?? "–"
    }
    let visions = ColorVision.allCases.map(\.rawValue)
    var table = TextTable(
      [("theme", .left), ("contrast", .right), ("of", .left)] + visions.map { ($0, .right) }
        + [("faults", .right)])
    for entry in entries {
      table.add(
        [entry.name, number(entry.leastContrast?.ratio, 2), entry.leastContrast?.of ?? "–"]
          + visions.map { number(entry.leastDistances[$0], 3) } + ["\(entry.faults.count)"])
    }
    print(table.text)
    print("contrast: the least of all text to its ground; then the least distance of two series")
    for entry in entries {
      for fault in entry.faults { print("\(entry.name): \(fault)") }
    }
  }
}
