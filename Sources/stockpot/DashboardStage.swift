import ArgumentParser
import Dashboard
import Foundation
import Sweeps
import TerminalUI
import Themes

/// Scripts: how the dashboard is played, recorded, and shown without a terminal.
struct PlayOptions: ParsableArguments, Sendable {
  @Option(
    help: ArgumentHelp(
      "Play a script of keys and commands; see `stockpot help browse`.",
      valueName: "file"))
  var script: String?

  @Option(help: ArgumentHelp("Write down what is done, as a script.", valueName: "file"))
  var record: String?

  @Option(
    help: ArgumentHelp(
      "Without a terminal: a screen of that size in memory, printed at the script's end.",
      valueName: "columnsxrows"))
  var screen: ScreenSize?

  func validate() throws {
    guard screen != nil, script == nil else { return }
    throw ValidationError("--screen shows how a script ends: give --script as well")
  }

  /// Whether no terminal is used.
  var isHeadless: Bool { screen != nil || (script != nil && !Console.isTerminal) }
}

/// An extent as `--screen` takes it: `160x45`.
struct ScreenSize: ExpressibleByArgument, Sendable {
  let size: Size

  init?(argument: String) {
    let numbers = argument.split(separator: "x").map { Int($0) }
    guard numbers.count == 2, let columns = numbers[0], let rows = numbers[1],
      (1...1000).contains(columns), (1...1000).contains(rows)
    else { return nil }
    size = Size(columns: columns, rows: rows)
  }
}

/// Where a sitting takes place: the person's terminal, or none, with a script or a record on top.
final class DashboardStage {
  /// What the event loop runs on.
  let terminal: any Terminal
  /// The colours that are shown.
  let depth: ColorDepth
  /// Whether more than ASCII is shown.
  let isUnicode: Bool

  private let real: NcursesTerminal?
  private let scripted: ScriptedTerminal?
  private let screens = Screens()

  /// Screens that a script asked for, kept until standard output is free.
  private final class Screens {
    var texts: [String] = []
    var failures: [String] = []

    func take(_ text: String, _ file: String?) {
      guard let file else { return texts.append(text) }
      do {
        try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
      } catch {
        failures.append("\(file): \(error.localizedDescription)")
      }
    }
  }

  /// - Throws: an exit code, after saying why.
  init(look: LookOptions, play: PlayOptions, settings: Settings) throws {
    let script: Script?
    do {
      script = try play.script.map { path in
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
          throw ScriptError(file: path, line: 1, problem: "the file cannot be read")
        }
        return try Script(parsing: text, file: path)
      }
    } catch {
      Console.error("stockpot: \(error)")
      throw Ending.failed
    }
    var base: any Terminal
    if play.isHeadless {
      let size = play.screen?.size ?? Size(columns: 100, rows: 30)
      base = HeadlessTerminal(size: size, isLive: true)
      (real, depth, isUnicode) = (nil, ColorDepth.indexed256, !look.ascii)
    } else {
      let terminal = try Self.takeTerminal(look, settings)
      base = terminal
      (real, depth, isUnicode) = (
        terminal, terminal.depth, terminal.isUnicode && !look.ascii
      )
    }
    if let path = play.record { base = RecordingTerminal(base, write: try Self.lines(to: path)) }
    if let script {
      let scripted = ScriptedTerminal(
        base, script: script, afterwards: play.isHeadless ? .end : .goOn
      ) { [screens] in screens.take($0, $1) }
      (self.scripted, terminal) = (scripted, scripted)
    } else {
      (scripted, terminal) = (nil, base)
    }
  }

  /// Where what other code says on stderr is kept while the screen is up.
  static var errorLog: String { SweepOpening.paths.state + "/stderr.log" }

  private static func takeTerminal(
    _ look: LookOptions, _ settings: Settings
  ) throws -> NcursesTerminal {
    let depth = ColorDepth.detect(
      environment: SweepOpening.environment, choice: look.color, configured: settings.color)
    let folder = SweepOpening.paths.state
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    do {
      return try NcursesTerminal(
        NcursesTerminal.Options(
          depth: depth, mouse: settings.mouse, errorLog: errorLog))
    } catch {
      Console.error("stockpot: \(error)")
      throw Ending.misuse
    }
  }

  /// Appends lines to a new file, each at once: a record must survive what it is a record of.
  private static func lines(to path: String) throws -> (String) -> Void {
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let file = FileHandle(forWritingAtPath: path)
    else {
      Console.error("stockpot: \(path): the record cannot be written there")
      throw Ending.failed
    }
    return { line in try? file.write(contentsOf: Data((line + "\n").utf8)) }
  }

  /// Asks the terminal whether it is dark or light.
  func askAppearance() { real?.askBackground() }

  /// What has come from the terminal before the first frame, its answer perhaps among it, so that
  /// the frame has the right colours; an answer is not waited for.
  func takeEarly() -> TerminalWake { real?.wait(for: nil, until: .now) ?? TerminalWake() }

  /// Has the mouse reported, or left to the terminal's own selection.
  func setMouse(_ isReported: Bool) { real?.setMouse(isReported) }

  /// Puts a text on the person's clipboard.
  /// - Returns: false for a text that is too long.
  func copy(_ text: String) -> Bool { real?.copy(text) ?? true }

  /// Has the next frame sent whole.
  func repaint() { real?.repaint() }

  /// Gives the terminal back, then says what could not be said meanwhile.
  func close() {
    let said = real?.close() ?? ""
    if !said.isEmpty { Console.error(said) }
  }

  /// Prints the screens that a script asked for; without any, the last one of a screen in memory.
  /// - Parameter last: the last screen.
  /// - Throws: an exit code when the script found something else than it says.
  func report(last: String) throws {
    if real == nil, screens.texts.isEmpty { screens.texts.append(last) }
    for text in screens.texts { print(text) }
    for failure in screens.failures { Console.error("stockpot: \(failure)") }
    if let failure = scripted?.failure { Console.error("stockpot: \(failure)") }
    if scripted?.failure != nil || !screens.failures.isEmpty { throw Ending.failed }
  }
}
