package import Checkpoints
import TOMLText
import TerminalUI
import Themes

/// What a settings file says of one command's keys.
package struct KeySetting: Hashable, Sendable {
  /// The command as it is written there.
  package let command: String
  /// The keys as they are written there; none for a command that shall have no key.
  package let keys: [String]
  /// The line, for messages.
  package let line: Int

  /// What is said of one command's keys.
  package init(command: String, keys: [String], line: Int) {
    self.command = command
    self.keys = keys
    self.line = line
  }
}

extension Keymap {
  /// These bindings with what a settings file says instead.
  ///
  /// A command that the file names has the file's keys and no others. A key that the file gives to
  /// one command is taken from those that have it by default. What cannot be followed is left out.
  /// - Parameter file: the file's name, for the problems.
  /// - Returns: the bindings, and what is wrong: unknown commands and keys, a key given twice, and
  ///   commands that are left without any key.
  package func applying(
    _ settings: [KeySetting], from file: String
  ) -> (keymap: Keymap, problems: [InputError]) {
    var reader = SettingsReading(file: file)
    for setting in settings { reader.take(setting) }
    var result: [Binding] = []
    for binding in bindings {
      if let keys = reader.keys[binding.command] {
        result.append(Binding(command: binding.command, keys: keys))
        continue
      }
      let kept = binding.keys.filter { reader.owner(of: $0, besides: binding.command) == nil }
      if kept.isEmpty, let lost = binding.keys.first,
        let owner = reader.owner(of: lost, besides: binding.command)
      {
        reader.problems.append(
          InputError(
            file: file, place: "line \(owner.line)",
            problem: "\(lost) was the only key of \(binding.command.rawValue), which has none now",
            mend: "Give it another: \(binding.command.rawValue) = \"…\""))
      }
      result.append(Binding(command: binding.command, keys: kept))
    }
    return (Keymap(result), reader.problems)
  }
}

/// The reading of a file's keys, line by line.
private struct SettingsReading {
  let file: String
  var keys: [Command: [KeyPress]] = [:]
  var problems: [InputError] = []
  private var owners: [KeyPress: [(command: Command, line: Int)]] = [:]

  init(file: String) { self.file = file }

  mutating func take(_ setting: KeySetting) {
    let place = "line \(setting.line)"
    guard let command = Command(rawValue: setting.command) else {
      let near = Spelling.nearest(to: setting.command, among: Command.allCases.map(\.rawValue))
      problems.append(
        InputError(
          file: file, place: place, problem: "there is no command \"\(setting.command)\"",
          mend: near.map { "Write \($0)" } ?? "`?` in the dashboard lists the commands"))
      return
    }
    var taken: [KeyPress] = []
    for name in setting.keys {
      guard let key = KeyPress(parsing: name) else {
        problems.append(
          InputError(
            file: file, place: place, problem: "\"\(name)\" is not a key",
            mend: "Write it like \"x\", \"ctrl-x\", \"alt-x\", \"f5\", \"space\" or \"pgdn\""))
        continue
      }
      if let other = owners[key]?.first(where: { $0.command.pane == command.pane }) {
        problems.append(
          InputError(
            file: file, place: place,
            problem: "\(key) is given to \(command.rawValue) here and to "
              + "\(other.command.rawValue) in line \(other.line), which keeps it",
            mend: "Give one of them another key"))
        continue
      }
      owners[key, default: []].append((command, setting.line))
      taken.append(key)
    }
    keys[command] = taken
  }

  /// Who has a key by the file, in the pane where a command would have it too.
  func owner(of key: KeyPress, besides command: Command) -> (command: Command, line: Int)? {
    owners[key]?.first { $0.command != command && $0.command.pane == command.pane }
  }
}
