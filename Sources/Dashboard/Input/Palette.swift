import Sweeps
import TerminalUI

/// What the `:` line understands.
package enum Palette {
  /// Something to put on the line.
  package struct Suggestion: Hashable, Sendable {
    /// What the line would say.
    package let line: String
    /// What it does.
    package let detail: String
    /// The command it begins with.
    package let command: Command
    /// What is to be typed after it; nil when it says all there is to say.
    package let awaited: String?
  }

  /// A command's name and what was typed after it.
  package static func parse(_ text: String) -> (name: String, argument: String?) {
    let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard let first = words.first else { return ("", nil) }
    let rest = words.count > 1 ? words[1].drop { $0 == " " } : ""
    return (String(first), rest.isEmpty ? nil : String(rest))
  }

  /// Whether a line is no command and cannot become one.
  static func isUnknown(_ text: String, in state: State) -> Bool {
    let name = parse(text).name
    return Command(rawValue: name) == nil && suggestions(for: text, in: state).isEmpty
  }

  /// What a line may become: words after a whole command's name, otherwise commands.
  ///
  /// On an empty line those given lately come first.
  package static func suggestions(for text: String, in state: State) -> [Suggestion] {
    let (name, argument) = parse(text)
    if let command = Command(rawValue: name), text.contains(" ") {
      return arguments(of: command, from: argument ?? "", in: state)
    }
    guard name.isEmpty else { return commands(for: name).map(suggestion) }
    var recent: [Suggestion] = []
    for line in state.recentCommands.reversed() where recent.count < 5 {
      guard let command = Command(rawValue: parse(line).name),
        !recent.contains(where: { $0.line == line })
      else { continue }
      recent.append(
        Suggestion(line: line, detail: "again", command: command, awaited: nil))
    }
    let others = commands(for: "").map(suggestion).filter { other in
      !recent.contains { $0.line == other.line }
    }
    return recent + others
  }

  private static func suggestion(_ command: Command) -> Suggestion {
    Suggestion(
      line: command.rawValue, detail: command.summary, command: command,
      awaited: command.argumentName)
  }

  /// Commands that were meant by what was typed so far: by name first, then by what they do.
  private static func commands(for text: String) -> [Command] {
    let commands = Command.allCases.filter { !text.isEmpty || $0 != .palette }
    let items = commands.map { Menu.Item($0.rawValue, detail: "\($0.summary) \($0.otherWords)") }
    return Menu.filtered(items, by: TextFilter(text)).map { commands[$0] }
  }

  /// Words that a command takes, where they are known.
  private static func arguments(
    of command: Command, from typed: String, in state: State
  ) -> [Suggestion] {
    switch command {
    case .versus: return soups(from: typed, in: state)
    case .weights: return weights(from: typed, in: state)
    default: break
    }
    // Of several names, the last is the one that is being typed.
    let words = typed.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    let isOpen = typed.hasSuffix(" ") || words.isEmpty
    let last = isOpen ? "" : words.last ?? ""
    let before = isOpen ? words : Array(words.dropLast())
    let known: [String] =
      switch command.argumentName {
      case "COLUMN" where command == .sort || command == .hideColumn:
        state.table.columns.map(\.title)
      case "COLUMN", "X Y": state.scatterColumns.map(\.title)
      case "NAMES": state.table.ingredients.map(\.name)
      case "NAME" where command == .theme: state.look.choices
      default: []
      }
    return filtered(known.filter { !before.contains($0) }, by: last) { name in
      Suggestion(
        line: ([command.rawValue] + before + [name]).joined(separator: " "), detail: "",
        command: command, awaited: nil)
    }
  }

  private static func filtered(
    _ words: [String], by typed: some StringProtocol, suggest: (String) -> Suggestion
  ) -> [Suggestion] {
    Menu.filtered(words.map { Menu.Item($0) }, by: TextFilter(String(typed))).map {
      suggest(words[$0])
    }
  }

  /// One soup, or two; there are blanks in what they are called.
  private static func soups(from typed: String, in state: State) -> [Suggestion] {
    let titles = state.soupSources.map { state.title(of: $0) }
    let first = titles.filter { typed.hasPrefix($0 + " ") }.max { $0.count < $1.count }
    let before = first.map { $0 + " " } ?? ""
    return filtered(titles.filter { $0 != first }, by: typed.dropFirst(before.count)) { title in
      Suggestion(
        line: "\(Command.versus.rawValue) \(before)\(title)", detail: "", command: .versus,
        awaited: nil)
    }
  }

  /// A member, whose weight is then typed, or that all weigh the same.
  private static func weights(from typed: String, in state: State) -> [Suggestion] {
    guard !typed.contains(" ") else { return [] }
    return filtered(["equal"] + state.set.members, by: typed) { word in
      let weight = state.set.weight(of: word)
      return Suggestion(
        line: "\(Command.weights.rawValue) \(word)",
        detail: weight.map { "now \(Numbers.weight($0))" } ?? "the same for all",
        command: .weights, awaited: weight == nil ? nil : "0.4")
    }
  }
}
