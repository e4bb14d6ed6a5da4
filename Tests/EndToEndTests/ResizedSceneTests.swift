import Evaluation
import Testing
import TmuxDriver

/// The terminal changes its size again and again while a recipe is at work.
@Suite(
  .serialized,
  .enabled(if: Tmux.isAvailable(for: "stockpot"), "needs tmux, and the program built"),
  .enabled(if: OnnxRuntime.locate().runtime != nil, "needs ONNX Runtime: run `stockpot setup`"))
struct ResizedSceneTests {
  /// Every arrangement of the panes, sizes below the smallest, and the first size again.
  private static let sizes = [
    (100, 30), (60, 20), (30, 8), (40, 12), (39, 12), (200, 60), (81, 24), (20, 4), (160, 45),
  ]

  /// The recipe is held whenever a size was reached and goes on as the next one comes, so that it
  /// is at work through many of them however fast the machine is.
  @Test(arguments: [false, true])
  func greedyEndsAsEver(cancelsOnTheWay: Bool) throws {
    let tmux = try Tmux.dashboard(columns: 160, rows: 45)
    // Ingredients are put into the soup on the way: by an order that nothing measured changes.
    try tmux.press(":")
    try tmux.type("sort ingredient")
    try tmux.wait("the order") { $0.contains("ingredient▲") || $0.contains("ingredient▼") }
    try tmux.press("Home", "R")
    try tmux.wait("the recipes") { $0.contains("Start a recipe") }
    try tmux.press("s", "4")
    try tmux.wait("the recipe at work") { $0.contains("#1   greedy") && $0.contains("ft_00") }
    var members = 0
    for (columns, rows) in Self.sizes {
      try goOn(tmux)
      try tmux.resizeDashboard(columns: columns, rows: rows)
      try tmux.press("1", "Space", "4", "p")
      // What cannot be seen is not done.
      if columns < 40 || rows < 12 { continue }
      members += 1
      try tmux.wait("the recipe held, or over") { $0.contains("paused") || $0.contains("done") }
    }
    let held = try tmux.wait("every key") { $0.contains("soup · \(members) of 24") }
    if cancelsOnTheWay, held.contains("paused") {
      try tmux.press("x")
      try tmux.wait("the recipe cancelled") { $0.contains("cancelled") }
      try tmux.press("t")
    }
    try goOn(tmux)
    let end = try tmux.wait("the greedy soup") { $0.contains("done      10 of 24  val 92.83") }
    #expect(end.contains("ft_05    557"), "the last that was accepted, with its count")
    #expect(end.contains("soup · \(members) of 24"))
    try tmux.quitDashboard()
  }
  /// Lets the recipe go on where it is held.
  private func goOn(_ tmux: Tmux) throws {
    guard try tmux.screen().contains("paused") else { return }
    try tmux.press("p")
    try tmux.wait("the recipe at work") { !$0.contains("paused") }
  }
}
