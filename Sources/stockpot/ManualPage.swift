import Foundation

/// The manual page, from what the commands say of themselves.
struct ManualPage {
  /// The page in roff, for `man -l`.
  let text: String

  /// - Parameters:
  ///   - description: of the whole command line, as `--experimental-dump-help` prints it.
  ///   - date: ISO 8601, a day.
  init(description: String, version: String, date: String) throws {
    let tool = try JSONDecoder().decode(Tool.self, from: Data(description.utf8))
    let root = tool.command
    var page = Roff()
    page.request("TH", root.commandName.uppercased(), "1", date, "Stockpot \(version)")
    page.section("NAME")
    page.text("\(root.commandName) - \(root.abstract ?? "")")
    page.section("SYNOPSIS")
    page.text("\(root.commandName) [SWEEP]")
    page.request("br")
    page.text("\(root.commandName) COMMAND [ARGUMENTS]")
    page.section("DESCRIPTION")
    page.prose(root.discussion ?? "")
    page.section("COMMANDS")
    for command in root.subcommands ?? [] where command.isShown && command.commandName != "help" {
      Self.describe(command, of: [root.commandName], in: &page)
    }
    page.section("EXIT STATUS")
    page.text("0 done, 1 failed, 2 the command line is wrong, 130 interrupted.")
    page.section("ENVIRONMENT")
    for (names, meaning) in Self.environment { page.entry(names, meaning) }
    page.section("FILES")
    page.text(
      "stockpot.toml in a sweep's folder says what the sweep is; .stockpot beside it keeps what was "
        + "measured. `stockpot paths` lists all others.")
    text = page.lines.joined(separator: "\n") + "\n"
  }

  private static let environment = [
    ("VIRTUAL_ENV", "The Python environment that evaluators and ONNX Runtime are looked for in."),
    ("ORT_DYLIB_PATH", "The shared library of ONNX Runtime, before any other."),
    ("NO_COLOR, COLORTERM", "No colours; how many the terminal has. --color goes before both."),
    (
      "XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_DATA_HOME",
      "Where settings, journals and what is installed are kept, each in its folder stockpot."
    ),
  ]

  /// A command and those below it.
  /// - Parameter path: the words before its name.
  private static func describe(_ command: Tool.Command, of path: [String], in page: inout Roff) {
    let words = path + [command.commandName]
    let arguments = (command.arguments ?? []).filter(\.isShown)
    let positional = arguments.filter { $0.kind == "positional" }.map(\.placeholder)
    page.request("SS", (words + positional).joined(separator: " "))
    page.text(command.abstract ?? "")
    page.request("PP")
    page.prose(command.discussion ?? "")
    for argument in arguments where !argument.isGeneral {
      let standard = argument.defaultValue.map { " (default: \($0))" } ?? ""
      page.entry(argument.label, (argument.abstract ?? "") + standard)
    }
    for part in command.subcommands ?? [] where part.isShown && part.commandName != "help" {
      describe(part, of: words, in: &page)
    }
  }
}

/// What swift-argument-parser says of a command line, as far as the manual needs it.
private struct Tool: Decodable {
  struct Command: Decodable {
    let commandName: String
    let shouldDisplay: Bool?
    let abstract: String?
    let discussion: String?
    let subcommands: [Command]?
    let arguments: [Argument]?

    var isShown: Bool { shouldDisplay ?? true }
  }

  struct Argument: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String

      var text: String { (kind == "long" ? "--" : "-") + name }
    }

    let kind: String
    let shouldDisplay: Bool?
    let isOptional: Bool
    let isRepeating: Bool
    let names: [Name]?
    let valueName: String?
    let defaultValue: String?
    let abstract: String?

    var isShown: Bool { shouldDisplay ?? true }

    var placeholder: String {
      let name = (valueName ?? "value").uppercased() + (isRepeating ? "..." : "")
      return isOptional ? "[\(name)]" : name
    }

    /// Whether every command has it.
    var isGeneral: Bool { (names ?? []).contains { ["help", "version"].contains($0.name) } }

    /// `-o, --output FILE`, or a positional argument's name.
    var label: String {
      guard kind != "positional" else { return (valueName ?? "value").uppercased() }
      let names = (names ?? []).sorted { $0.name.count < $1.name.count }.map(\.text)
      let value = kind == "option" ? " " + (valueName ?? "value").uppercased() : ""
      return names.joined(separator: ", ") + value
    }
  }

  let command: Command
}

/// Lines of roff.
private struct Roff {
  private(set) var lines: [String] = []

  mutating func request(_ name: String, _ arguments: String...) {
    lines.append(
      ([".\(name)"] + arguments.map { "\"\(Self.escaped($0))\"" }).joined(separator: " "))
  }

  mutating func section(_ title: String) { request("SH", title) }

  /// What something is called, and below it what it means.
  mutating func entry(_ label: String, _ meaning: String) {
    request("TP")
    lines.append("\\fB\(Self.escaped(label))\\fR")
    text(meaning)
  }

  /// Lines that are filled.
  mutating func text(_ text: String) {
    for line in text.split(separator: "\n") { lines.append(Self.escaped(String(line))) }
  }

  /// Paragraphs; indented lines, examples, stay as they are.
  mutating func prose(_ text: String) {
    var isVerbatim = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let wantsVerbatim = line.hasPrefix("  ")
      if wantsVerbatim != isVerbatim {
        lines.append(wantsVerbatim ? ".nf" : ".fi")
        isVerbatim = wantsVerbatim
      }
      lines.append(line.isEmpty ? ".PP" : Self.escaped(String(line)))
    }
    if isVerbatim { lines.append(".fi") }
    lines.append(".PP")
  }

  /// Without what roff would obey: backslashes, and dots and quotes at a line's start.
  ///
  /// What is no ASCII is named, so that it does not matter how the page is read.
  static func escaped(_ text: String) -> String {
    let safe = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      .replacing("\"", with: "\\(dq")
    let plain = safe.unicodeScalars.map { scalar in
      scalar.isASCII ? String(scalar) : String(format: "\\[u%04X]", scalar.value)
    }.joined()
    return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
  }
}
