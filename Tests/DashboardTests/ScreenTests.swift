import Averaging
import Checkpoints
import Evaluation
import Foundation
import Kitchen
import OrderedCollections
import Recipes
import Sweeps
import TerminalUI
import Testing
import Themes

@testable import Dashboard

/// Whole frames against files, at three sizes and in the stages of a session.
struct ScreenTests {
  static let sizes = [(160, 45), (100, 30), (60, 20), (40, 12)]

  private func theme(unicode: Bool = true, depth: ColorDepth = .indexed256) throws -> Theme {
    try ThemeLibrary().load(named: "dark", depth: depth, unicode: unicode)
  }

  /// A session half-way: three ingredients picked and measured, a greedy recipe at work.
  private func busy(columns: Int, rows: Int) -> State {
    let now = SmallSweep.epoch
    var state = SmallSweep.state(columns: columns, rows: rows)
    for command: Command in [.toggle, .toggle, .down, .toggle] {
      _ = reduce(&state, .command(command), at: now)
    }
    for (split, correct) in [("val", 94), ("test", 93), ("noise", 75)] {
      let reading = Reading(
        members: state.set.members, subject: .soup, split: split,
        score: .init(correct: correct, n: 100))
      _ = reduce(&state, .kitchen(.reading(reading)), at: now)
    }
    _ = reduce(&state, .kitchen(.job(greedyJob(now))), at: now)
    return state
  }

  private func greedyJob(_ now: Date) -> Job {
    var job = Job(id: 1, spec: RecipeSpec(.greedy), queuedAt: now)
    job.status = .running
    job.startedAt = now.addingTimeInterval(-8)
    job.step = 4
    job.steps = 12
    job.current = "ft_11"
    var chosen: [String] = []
    for (name, correct, accepted) in [
      ("ft_9", 92, true), ("ft_1", 93, true), ("ft_2", 90, false), ("ft_5", 94, true),
    ] {
      if accepted { chosen.append(name) }
      job.decisions.append(
        Decision(
          candidate: name, tried: .uniform(accepted ? chosen : chosen + [name]),
          judgement: Judgement(
            score: .init(correct: correct, n: 100), merit: Double(correct),
            evaluatedExamples: 100),
          isAccepted: accepted, margin: chosen == ["ft_9"] ? nil : Double(correct - 92),
          ingredients: chosen))
    }
    job.best = job.decisions.last?.judgement
    job.ingredients = chosen
    return job
  }

  @Test(arguments: sizes)
  func aFreshSweep(columns: Int, rows: Int) throws {
    let frame = Screen.render(SmallSweep.state(columns: columns, rows: rows), theme: try theme())
    try Frames.expect(frame.buffer.text, matches: "fresh-\(columns)x\(rows)")
  }

  @Test(arguments: sizes)
  func aRecipeAtWork(columns: Int, rows: Int) throws {
    let frame = Screen.render(busy(columns: columns, rows: rows), theme: try theme())
    try Frames.expect(frame.buffer.text, matches: "busy-\(columns)x\(rows)")
  }

  @Test(arguments: [Pane.soup, .plot, .jobs])
  func eachPaneAlone(pane: Pane) throws {
    var state = busy(columns: 60, rows: 20)
    state.focus = pane
    let frame = Screen.render(state, theme: try theme())
    try Frames.expect(frame.buffer.text, matches: "\(pane.title)-60x20")
  }

  /// Nothing is known but the files: they are there to be looked at and picked.
  @Test func checkpointsAloneAreListedByName() throws {
    let sweep = Sweep(
      directory: "/runs", name: "runs", manifest: nil,
      ingredients: ["run_10", "run_9"].map {
        Ingredient(name: $0, file: "/runs/\($0).safetensors", hyperparameters: [:], metrics: [:])
      }, initialisation: nil, evaluator: nil, splits: [])
    var state = State(
      sweep: sweep, size: Size(columns: 80, rows: 24), now: SmallSweep.epoch)
    #expect(state.table.shown == ["run_9", "run_10"])
    #expect(state.table.cursor == "run_9")
    _ = reduce(&state, .command(.toggle), at: SmallSweep.epoch)
    #expect(state.set.members == ["run_9"])
    let text = Screen.render(state, theme: try theme()).buffer.text
    #expect(text.contains("run_10") && !text.contains("passes the filter"))
  }

  @Test func whatThePreflightFoundIsMarkedWithItsReason() throws {
    var state = busy(columns: 120, rows: 30)
    let findings = [
      Finding(
        rule: .identical, severity: .warn, subject: "ft_1", tensors: [],
        problem: "is the same as ft_2, bit for bit, and would count twice",
        mend: "Leave one of them out"),
      Finding(
        rule: .nonFinite, severity: .refuse, subject: "ft_4", tensors: ["head.weight"],
        problem: "holds infinities or NaN, and so would every soup with it", mend: "Leave it out"),
      Finding(
        rule: .mixedPrecision, severity: .note, subject: "ft_7", tensors: [],
        problem: "stores 3 tensors in another precision than most", mend: nil),
    ]
    _ = reduce(&state, .kitchen(.findings(findings)), at: SmallSweep.epoch)
    state.table.moveCursor(to: "ft_4")
    let frame = Screen.render(state, theme: try theme())
    try Frames.expect(frame.buffer.text, matches: "findings-120x30")
  }

  @Test func withoutUnicodeNothingButASCIIIsDrawn() throws {
    let frame = Screen.render(busy(columns: 120, rows: 40), theme: try theme(unicode: false))
    let odd = frame.buffer.text.unicodeScalars.filter { !$0.isASCII }
    #expect(Set(odd).isEmpty, "\(Set(odd))")
  }

  /// What every part means, by the tokens of the theme, at each number of colours.
  @Test(arguments: ColorDepth.allCases)
  func everyPartHasItsToken(depth: ColorDepth) throws {
    let theme = try ThemeLibrary().load(named: depth == .none ? "mono" : "dark", depth: depth)
    var names: [Style: String] = [:]
    for token in Token.allCases.reversed() { names[theme[token]] = token.rawValue }
    names[theme[.text]] = ""
    let frame = Screen.render(busy(columns: 60, rows: 20), theme: theme)
    try Frames.expect(
      frame.buffer.styledText { names[$0] ?? "?" }, matches: "tokens-\(depth.rawValue)-60x20")
  }

  @Test(arguments: [Command.help, .palette, .run, .messages, .export, .filter])
  func overlays(command: Command) throws {
    var state = busy(columns: 100, rows: 30)
    _ = reduce(&state, .command(command), at: SmallSweep.epoch)
    let frame = Screen.render(state, theme: try theme())
    try Frames.expect(frame.buffer.text, matches: "overlay-\(command.rawValue)-100x30")
  }

  /// Characters may take two columns, and the line scrolls with the cursor.
  @Test(arguments: ["", "name:温度 ", String(repeating: "name:温度 ", count: 12)])
  func aMistakeInTheFilterIsMarkedWhereItStands(before: String) throws {
    var state = SmallSweep.state(columns: 60, rows: 20)
    _ = reduce(&state, .command(.filter), at: state.now)
    _ = reduce(&state, .paste(before + "vla>1"), at: state.now)
    let buffer = Screen.render(state, theme: try theme()).buffer
    let row = buffer.size.rows - 1
    let marked = (0..<buffer.size.columns).filter {
      buffer[$0, row].style.attributes.contains(.underline)
    }
    #expect(marked.map { buffer.text(of: buffer[$0, row]) }.joined() == "vla>1")
  }

  /// Every size from nothing to large draws, stays inside, and shows the focused pane whole.
  @Test func everySizeDraws() throws {
    let theme = try theme()
    for columns in stride(from: 0, through: 300, by: 7) {
      for rows in stride(from: 0, through: 100, by: 9) {
        for pane in Pane.allCases {
          var state = busy(columns: columns, rows: rows)
          state.focus = pane
          let canvas = Screen.render(state, theme: theme)
          let bounds = canvas.buffer.bounds
          #expect(bounds == Rect(Size(columns: columns, rows: rows)))
          #expect(canvas.hits.allSatisfy { bounds.contains($0.rect) }, "\(columns)×\(rows)")
          guard columns >= 40, rows >= 12 else {
            let hasRoom = columns >= 20 && rows >= 3
            #expect(!hasRoom || canvas.buffer.text.contains("\(columns)×\(rows) is too small"))
            continue
          }
          let rect = try #require(state.layout.panes[pane])
          #expect(Frames.corners(of: rect, in: canvas) == "╭╮╰╯", "\(columns)×\(rows) \(pane)")
          let title = " \(pane.rawValue + 1) \(pane == .ingredients ? "small" : pane.title)"
          let isTitled = pane == .plot || canvas.buffer.row(rect.top).contains(title)
          #expect(isTitled, "\(columns)×\(rows) \(pane)")
          #expect(canvas.buffer[rect.left, rect.top].style == theme[.borderFocus])
          #expect(canvas.buffer.row(rows - 1).contains("?"), "the help's key")
        }
      }
    }
  }

  @Test func controlCharactersInNamesNeverReachTheScreen() throws {
    var state = SmallSweep.state(columns: 100, rows: 30)
    _ = reduce(
      &state, .kitchen(.trouble("bad \u{1B}[31mname\u{07}\u{9B}2J")), at: SmallSweep.epoch)
    let frame = Screen.render(state, theme: try theme())
    let controls = frame.buffer.text.unicodeScalars.filter {
      ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value)
    }
    #expect(controls.isEmpty)
    #expect(frame.buffer.row(29).contains("bad"))
  }
}
