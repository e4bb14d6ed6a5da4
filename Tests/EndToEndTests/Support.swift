import Foundation
import Sweeps
import Testing
import TmuxDriver

extension Tmux {
  /// A terminal with the bundled sweep in its folder, the dashboard open on it.
  /// - Parameter prepare: lays out what else the folder holds before.
  static func dashboard(
    columns: Int = 160, rows: Int = 45, arguments: String = "", environment: String = "",
    prepare: (Tmux) throws -> Void = { _ in }
  ) throws -> Tmux {
    let tmux = try Tmux(columns: columns, rows: rows)
    try DemoSweep.write(to: tmux.folder.appending(path: "sweep").path)
    try prepare(tmux)
    try tmux.startDashboard("sweep \(arguments)", environment: environment)
    return tmux
  }

  /// Starts the dashboard and waits for the whole of its first frame.
  ///
  /// A terminal reads a frame in parts; its lines are written from the top.
  func startDashboard(_ arguments: String, environment: String = "") throws {
    try start("stockpot", arguments, environment: environment, until: "ft_00")
    try wait("the line at the bottom, or the program's end") {
      let lines = $0.split(separator: "\n", omittingEmptySubsequences: false)
      return $0.contains("status=") || lines.dropLast().last?.contains { $0 != " " } == true
    }
  }

  /// Changes the terminal's size and waits for the whole of the dashboard's frame of that size.
  func resizeDashboard(columns: Int, rows: Int) throws {
    try resize(columns: columns, rows: rows)
    try wait("a frame of \(columns)×\(rows)") {
      if $0.contains("\(columns)×\(rows) is too small") { return true }
      let lines = $0.split(separator: "\n", omittingEmptySubsequences: false)
      guard lines.count >= rows else { return false }
      let (border, hints) = (lines[rows - 2], lines[rows - 1])
      return border.count == columns && border.last == "╯" && hints.contains { $0 != " " }
    }
  }

  /// Presses q, and holds the end and the terminal to what they should be.
  func quitDashboard() throws {
    try press("q")
    let end = try wait("the end") { $0.contains("status=") }
    #expect(end.contains("status=0"))
    #expect(!end.contains("ft_0") && !end.contains("╭"), "nothing of the screen is left: \(end)")
    #expect(try damage() == [])
  }

  /// Writes a file into the terminal's folder.
  func write(_ text: String, to path: String) throws {
    let file = folder.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}
