/// What the `:` line understands.
package enum Palette {
  /// A command's name and what was typed after it.
  package static func parse(_ text: String) -> (name: String, argument: String?) {
    let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard let first = words.first else { return ("", nil) }
    let rest = words.count > 1 ? words[1].drop { $0 == " " } : ""
    return (String(first), rest.isEmpty ? nil : String(rest))
  }

  /// Commands whose name begins with, contains, or is described by what was typed so far.
  package static func suggestions(for text: String) -> [Command] {
    let wanted = parse(text).name.lowercased()
    guard !wanted.isEmpty else { return Command.allCases.filter { $0 != .palette } }
    let ranked = Command.allCases.compactMap { command -> (Command, Int)? in
      let name = command.rawValue
      if name == wanted { return (command, 0) }
      if name.hasPrefix(wanted) { return (command, 1) }
      if name.contains(wanted) { return (command, 2) }
      return command.summary.lowercased().contains(wanted) ? (command, 3) : nil
    }
    return ranked.enumerated()
      .sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }
      .map(\.element.0)
  }
}
