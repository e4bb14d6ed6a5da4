import Foundation
package import Themes

/// What the dashboard remembers from one sitting to the next, apart from the settings.
///
/// It lives in the state folder: a file that people edit is never written by the program.
package struct ScreenMemory: Hashable, Sendable, Codable {
  /// How large the panes were made.
  package var shares = PaneShares()
  /// The theme that was chosen on the screen; nil for none.
  package var theme: String?
  /// What the settings file said when it was chosen: a file changed since comes first.
  package var themeSetting: String?
  /// Whether the terminal was dark or light: what the first frame goes by before it has answered.
  package var appearance: Theme.Appearance?
  /// What was given on the `:` line, the newest last.
  package var commands: [String] = []
  /// What was filtered by, the newest last.
  package var filters: [String] = []

  /// Nothing remembered.
  package init() {}

  /// What is worth remembering of a screen; nothing grows without end.
  package init(_ state: State) {
    shares = state.shares
    appearance = state.look.appearance
    commands = Array(state.recentCommands.suffix(Self.most))
    filters = Array(state.filterHistory.suffix(Self.most))
  }

  private static let most = 50

  /// The theme to begin with, from what the settings file says now.
  package func theme(over setting: String?) -> String {
    if let theme, themeSetting == setting { return theme }
    return setting ?? LookChoice.automatic
  }

  /// Reads what was remembered; nothing when the file is not there or is not understood, which is
  /// no reason to complain.
  package static func read(file path: String) -> ScreenMemory {
    guard let data = FileManager.default.contents(atPath: path) else { return ScreenMemory() }
    return (try? JSONDecoder().decode(ScreenMemory.self, from: data)) ?? ScreenMemory()
  }

  /// Writes it, by a temporary file that replaces the other.
  /// - Throws: what the file system says.
  package func write(file path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try encoder.encode(self).write(to: url, options: .atomic)
  }
}

extension State {
  /// Takes up what was remembered.
  package mutating func recall(_ memory: ScreenMemory) {
    shares = memory.shares
    look.appearance = memory.appearance ?? look.appearance
    recentCommands = memory.commands
    filterHistory = memory.filters
  }
}
