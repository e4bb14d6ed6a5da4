import Evaluation
import Foundation
import Sweeps
import Testing
import TmuxDriver

/// The real program in a real terminal, on the bundled sweep with the embedded evaluator.
@Suite(
  .serialized,
  .enabled(if: Tmux.isAvailable(for: "stockpot"), "needs tmux, and the program built"),
  .enabled(if: OnnxRuntime.locate().runtime != nil, "needs ONNX Runtime: run `stockpot setup`"))
struct DashboardSceneTests {
  @Test(arguments: [(160, 45), (100, 30), (60, 20), (40, 12)])
  func aSession(columns: Int, rows: Int) throws {
    let tmux = try Tmux.dashboard(columns: columns, rows: rows)
    #expect(try tmux.screen().contains("ft_00"))
    for _ in 0..<5 { try tmux.press("Space") }
    try tmux.press("2")
    // Five of the best: 544 of 600, the count that the kitchen's tests hold too.
    try tmux.wait("the soup's count") { $0.contains("544/600") }
    try tmux.press("R")
    try tmux.wait("the recipes") { $0.contains("greedy") && $0.contains("Start a recipe") }
    try tmux.press("s", "4")
    try tmux.wait("decisions as they come") { $0.contains("running") && $0.contains("ft_00") }
    try tmux.wait("the greedy soup, and the last that was accepted") {
      let isSummedUp = columns < 60 || $0.contains("10 of 24") && $0.contains("92.83")
      return $0.contains("done") && isSummedUp && $0.contains("ft_05") && $0.contains("557")
    }
    try tmux.quitDashboard()
  }

  @Test func whoComesBackFindsTheSoupAndTheRecipes() throws {
    let tmux = try Tmux.dashboard(columns: 120, rows: 34)
    try tmux.press("Space", "Space", "Space")
    try tmux.wait("the soup") { $0.contains("soup · 3 of 24") && $0.contains("545/600") }
    try tmux.press("R", "s")
    try tmux.wait("the greedy soup") { $0.contains("10 of 24  val 92.83") }
    try tmux.quitDashboard()
    try tmux.startDashboard("sweep")
    try tmux.wait("the soup again") { $0.contains("soup · 3 of 24") && $0.contains("545/600") }
    try tmux.wait("the recipe again") {
      $0.contains("10 of 24  val 92.83") && $0.contains("cooked 20")
    }
    try tmux.quitDashboard()
  }

  @Test func filterSortUndoAndResize() throws {
    let tmux = try Tmux.dashboard(columns: 160, rows: 45)
    try tmux.press("/")
    try tmux.wait("the prompt") { $0.contains("-mixup:0") }
    try tmux.type("lr<3e-4 val>0.88")
    // Not a count that the first words alone give too, while the rest is being typed.
    try tmux.wait("the filter") { $0.contains("· 3 of 24") && !$0.contains("ft_17") }
    try tmux.press("a")
    try tmux.wait("all shown in the soup") { $0.contains("soup · 3 of 24") }
    try tmux.press("Escape")
    try tmux.wait("the filter gone") { $0.contains("· 24 ") && $0.contains("ft_17") }
    try tmux.press("U")
    try tmux.wait("the soup empty") { !$0.contains("soup · 3") }
    try tmux.press("u")
    try tmux.wait("the soup back") { $0.contains("soup · 3 of 24") }
    try tmux.press(">", ">")
    try tmux.wait("another order") { $0.contains("shifts▼") }
    for (columns, rows) in [(100, 30), (60, 20), (30, 8), (200, 60), (160, 45)] {
      try tmux.resize(columns: columns, rows: rows)
    }
    try tmux.wait("the screen as it was") {
      $0.contains("soup · 3 of 24") && $0.contains("shifts▼") && $0.contains("4 jobs")
    }
    try tmux.quitDashboard()
  }

  @Test func anExportAsksBeforeItReplaces() throws {
    let tmux = try Tmux.dashboard(columns: 100, rows: 30)
    try tmux.press("Space", "Space", "e")
    try tmux.wait("where to") { $0.contains("Write the soup to") }
    try tmux.press("C-u")
    try tmux.type("mine.safetensors")
    try tmux.wait("the members") { $0.contains("2 ingredients") && $0.contains("0.5000") }
    try tmux.press("y")
    try tmux.wait("the file") { $0.contains("written to") }
    let file = tmux.folder.appending(path: "mine.safetensors").path
    let first = try Data(contentsOf: URL(fileURLWithPath: file))
    try tmux.press("Space", "e")
    try tmux.wait("where to") { $0.contains("Write the soup to") }
    try tmux.press("C-u")
    try tmux.type("mine.safetensors")
    try tmux.wait("the members") { $0.contains("3 ingredients") && $0.contains("0.3333") }
    try tmux.press("y")
    try tmux.wait("the question") { $0.contains("Replace the file?") }
    try tmux.press("Enter")
    try tmux.wait("the answer") { !$0.contains("Replace the file?") }
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == first)
    try tmux.quitDashboard()
  }

  @Test func helpAndPaletteListTheCommands() throws {
    let tmux = try Tmux.dashboard(columns: 160, rows: 45)
    try tmux.press("?")
    try tmux.wait("help") { $0.contains("Why soups work") && $0.contains("undo the last change") }
    try tmux.press("Escape")
    try tmux.wait("the help closed") { !$0.contains("Why soups work") }
    try tmux.press(":")
    try tmux.type("members-only")
    try tmux.wait("an empty table") { $0.contains("soup only") }
    try tmux.quitDashboard()
  }

  @Test func asciiAloneIsShownWhenAsked() throws {
    let tmux = try Tmux(columns: 80, rows: 24)
    try DemoSweep.write(to: tmux.folder.appending(path: "sweep").path)
    try tmux.startDashboard("sweep --ascii", environment: "NO_COLOR=1")
    let screen = try tmux.screen()
    #expect(screen.contains("ft_00"))
    #expect(screen.utf8.allSatisfy { $0 < 0x80 }, "\(screen)")
    try tmux.quitDashboard()
  }

  @Test func withoutOnnxRuntimeItBrowsesAndSaysTheMend() throws {
    let tmux = try Tmux.dashboard(
      columns: 100, rows: 30,
      environment: "env -u VIRTUAL_ENV ORT_DYLIB_PATH= XDG_DATA_HOME=/nonexistent HOME=$PWD")
    try tmux.press("Space")
    try tmux.wait("the mend") { $0.contains("stockpot setup") }
    try tmux.press("Down", "2")
    try tmux.wait("the soup in front, and the cursor two rows on") {
      $0.contains("[2 soup]") && $0.contains("▌○ ft_14")
    }
    try tmux.quitDashboard()
  }
}
