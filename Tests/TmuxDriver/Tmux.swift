package import Foundation
import Glibc

/// A real terminal to run a program in: a tmux server of its own, without anybody's settings.
package final class Tmux {
  /// A folder that goes with the terminal; the shell starts in it.
  package let folder: URL

  /// Whether tmux is there, and the program that is built beside the tests.
  package static func isAvailable(for program: String) -> Bool {
    guard FileManager.default.isExecutableFile(atPath: path(of: program)) else { return false }
    return (try? run(["-V"]))?.hasPrefix("tmux") == true
  }

  /// Where a program lies that is built beside the tests.
  package static func path(of program: String) -> String {
    Bundle.main.bundleURL.appending(path: program).path
  }

  /// A shell in a window of that size, which has noted the modes of its terminal.
  package init(columns: Int, rows: Int) throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "stockpot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try tmux(
      "-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "-c",
      folder.path, "env", "-u", "NO_COLOR", "-u", "COLORTERM",
      "XDG_CONFIG_HOME=\(folder.path)/config", "XDG_STATE_HOME=\(folder.path)/state",
      "SWIFT_BACKTRACE=enable=no", "PS1=$ ", "bash", "--norc", "--noprofile")
    try type("stty -g > before; echo rea''dy")
    try wait("the shell") { $0.contains("ready") }
  }

  deinit {
    _ = try? tmux("kill-server")
    try? FileManager.default.removeItem(at: folder)
  }

  /// Starts a program that is built beside the tests and waits for its first frame, or its end.
  /// - Parameters:
  ///   - marker: what its first frame shows.
  ///   - environment: assignments before the command, as the shell takes them.
  package func start(
    _ program: String, _ arguments: String = "", environment: String = "", until marker: String
  ) throws {
    // Written in two parts, so that the line that is typed is not taken for what it prints.
    try type(
      "clear; \(environment) '\(Self.path(of: program))' \(arguments); echo sta''tus=$?")
    try wait(program) { $0.contains(marker) || $0.contains("status=") }
  }

  /// Types a line into the shell.
  package func type(_ line: String) throws {
    try tmux("send-keys", "-l", line)
    try tmux("send-keys", "Enter")
  }

  /// Presses keys, by tmux's names.
  package func press(_ keys: String...) throws { try tmux(["send-keys"] + keys) }

  /// Sends bytes as the terminal would, given in hexadecimal.
  package func send(hex bytes: String) throws {
    try tmux(["send-keys", "-H"] + bytes.split(separator: " ").map(String.init))
  }

  /// What is on the screen; with colours as escape sequences when asked.
  package func screen(colors: Bool = false) throws -> String {
    try tmux(["capture-pane", "-p"] + (colors ? ["-e"] : []))
  }

  /// What the program put on the clipboard through the terminal (OSC 52); empty when it did not.
  ///
  /// tmux takes it into a buffer of its own once `set-clipboard` is on.
  package func clipboard() -> String { (try? tmux("show-buffer")) ?? "" }

  /// Lets programs write to the clipboard, which tmux otherwise keeps to itself.
  package func allowClipboard() throws { try tmux("set-option", "-s", "set-clipboard", "on") }

  /// Changes the window's size.
  package func resize(columns: Int, rows: Int) throws {
    try tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
  }

  /// Sends a signal to the program.
  package func signal(_ number: Int32) throws {
    let shell = try tmux("display", "-p", "#{pane_pid}").trimmingCharacters(in: .newlines)
    let children = try String(
      contentsOfFile: "/proc/\(shell)/task/\(shell)/children", encoding: .utf8)
    guard let program = children.split(separator: " ").first.flatMap({ pid_t($0) }) else {
      throw Failure(text: "no program runs in the terminal")
    }
    kill(program, number)
  }

  /// Waits until the screen is as it should be; throws when it is not within a minute, which is far
  /// more than a loaded machine takes.
  @discardableResult
  package func wait(_ what: String, until isDone: (String) -> Bool) throws -> String {
    var last = ""
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      last = try screen()
      if isDone(last) { return last }
      usleep(25_000)
    }
    throw Failure(text: "waited in vain for \(what):\n\(last)")
  }

  /// Waits for the shell to be back, and says what of the terminal is not as it was before.
  package func damage() throws -> [String] {
    try wait("the shell's return") { $0.contains("status=") }
    try type("clear; stty -g | cmp -s - before && echo mo''des=same || echo mo''des=changed")
    let modes = try wait("the modes") { $0.contains("modes=") }
    var found: [String] = modes.contains("modes=same") ? [] : ["modes"]
    let flags = [
      "alternate_on": "0", "cursor_flag": "1", "mouse_button_flag": "0", "mouse_sgr_flag": "0",
    ]
    for (flag, wanted) in flags {
      let value = try tmux("display", "-p", "#{\(flag)}").trimmingCharacters(in: .newlines)
      if value != wanted { found.append(flag) }
    }
    return found
  }

  @discardableResult
  private func tmux(_ arguments: String...) throws -> String { try tmux(arguments) }

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String {
    try Self.run(["-S", folder.appending(path: "socket").path] + arguments)
  }

  /// Runs tmux and gives what it prints.
  ///
  /// Not with Foundation's `Process`, which waits until everything that the command started has
  /// ended: the first command starts the server.
  private static func run(_ arguments: [String]) throws -> String {
    let output = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: output) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // Threads of the test runner block signals, which children would inherit.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let environment = ProcessInfo.processInfo.environment.filter { $0.key != "TMUX" }
      .map { strdup("\($0.key)=\($0.value)") }
    let words = (["tmux"] + arguments).map { strdup($0) }
    defer { (environment + words).forEach { free($0) } }
    var child = pid_t()
    guard
      posix_spawnp(&child, "tmux", &actions, &attributes, words + [nil], environment + [nil]) == 0
    else { throw Failure(text: "tmux could not be started") }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else {
      throw Failure(text: "tmux \(arguments.joined(separator: " ")) failed")
    }
    return try String(contentsOfFile: output, encoding: .utf8)
  }

  /// Why a test in a terminal could not go on.
  package struct Failure: Error, CustomStringConvertible {
    let text: String
    package var description: String { text }
  }
}
