package import Checkpoints
import Foundation
import TOMLKit
import TOMLText
package import Themes

/// What a person has set in `config.toml`; everything else is as the program has it.
///
/// What cannot be read is a problem to be told, never a reason not to start.
package struct Settings: Sendable {
  /// The theme: a name, a file, or `auto`; nil when the file does not say.
  package var theme: String?
  /// The colours to use, when neither the command line nor the environment says.
  package var color: ColorDepth?
  /// Whether the mouse is used.
  package var mouse = true
  /// Whether the terminal's own background shows through.
  package var transparent = false
  /// Whether only ASCII is shown, for a terminal or a font that lacks the rest.
  package var ascii = false
  /// The keys.
  package var keymap = Keymap.standard
  /// What is wrong in the file, each with its line.
  package var problems: [InputError] = []

  /// The settings of a program without a file.
  package init() {}

  /// Reads a settings file; one that is not there says nothing.
  package static func read(file path: String?) -> Settings {
    guard let path, let data = FileManager.default.contents(atPath: path) else { return Settings() }
    guard let text = String(data: data, encoding: .utf8), !text.contains("\0") else {
      var settings = Settings()
      settings.problems = [
        InputError(file: path, problem: "is not UTF-8 text", mend: "Save it as UTF-8")
      ]
      return settings
    }
    return parse(text, file: path)
  }

  /// Reads the text of a settings file.
  package static func parse(_ text: String, file: String) -> Settings {
    do {
      let toml = try TOMLText(text)
      var reader = SettingsReader(file: file, places: toml.places)
      return reader.read(toml.table)
    } catch {
      var settings = Settings()
      settings.problems = [
        InputError(
          file: file, place: error.place.map { "line \($0.line)" }, problem: error.problem,
          mend: "Nothing of the file is used until it can be read")
      ]
      return settings
    }
  }
}

/// Takes a parsed file apart, key by key.
private struct SettingsReader {
  let file: String
  let places: TOMLPlaces
  private var settings = Settings()

  init(file: String, places: TOMLPlaces) {
    self.file = file
    self.places = places
  }

  private static let known = ["theme", "color", "ascii", "mouse", "transparent", "keys"]

  mutating func read(_ table: TOMLTable) -> Settings {
    for key in table.keys {
      switch key {
      case "theme": settings.theme = text(table, key)
      case "color":
        guard let name = text(table, key), name != "auto" else { continue }
        settings.color = name == "never" ? ColorDepth.none : ColorDepth(rawValue: name)
        if settings.color == nil {
          complain(
            [key], "\"\(name)\" is no number of colours", "Write auto, truecolor, 256, 16 or never")
        }
      case "ascii": settings.ascii = truth(table, key) ?? settings.ascii
      case "mouse": settings.mouse = truth(table, key) ?? settings.mouse
      case "transparent": settings.transparent = truth(table, key) ?? settings.transparent
      case "keys":
        if let keys = table[key]?.table {
          readKeys(keys)
        } else {
          complain([key], "is not a table", "Write [keys], and a line for each command below it")
        }
      default:
        let near = Spelling.nearest(to: key, among: Self.known)
        complain(
          [key], "there is no setting \"\(key)\"",
          near.map { "Write \($0)" } ?? "There are \(Self.known.joined(separator: ", "))")
      }
    }
    return settings
  }

  private mutating func readKeys(_ table: TOMLTable) {
    var found: [KeySetting] = []
    for command in table.keys {
      let path = ["keys", command]
      guard let value = table[command] else { continue }
      let names = value.string.map { [$0] } ?? value.array?.compactMap(\.string)
      guard let names, names.count == value.array?.count ?? 1 else {
        complain(path, "is neither a key nor a list of keys", "Write \(command) = [\"x\", \"f5\"]")
        continue
      }
      found.append(
        KeySetting(
          command: command, keys: names.filter { $0 != "none" }, line: places[path]?.line ?? 1))
    }
    // In the order of the file, so that of two lines with one key the first keeps it.
    found.sort { $0.line < $1.line }
    let (keymap, problems) = settings.keymap.applying(found, from: file)
    settings.keymap = keymap
    settings.problems += problems
  }

  private mutating func text(_ table: TOMLTable, _ key: String) -> String? {
    if let text = table[key]?.string { return text }
    complain([key], "is not a text", "Put it in quotes")
    return nil
  }

  private mutating func truth(_ table: TOMLTable, _ key: String) -> Bool? {
    if let truth = table[key]?.bool { return truth }
    complain([key], "is neither true nor false", "Write true or false, without quotes")
    return nil
  }

  private mutating func complain(_ path: [String], _ problem: String, _ mend: String) {
    settings.problems.append(
      InputError(
        file: file, place: places[path].map { "line \($0.line)" }, problem: problem, mend: mend))
  }
}
