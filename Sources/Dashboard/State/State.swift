package import Charts
import Evaluation
package import Foundation
package import Kitchen
import Recipes
package import Sweeps
package import TerminalUI

/// A part of the screen that can have the keys.
package enum Pane: Int, CaseIterable, Hashable, Sendable {
  case ingredients
  case soup
  case plot
  case jobs

  package var title: String {
    switch self {
    case .ingredients: "ingredients"
    case .soup: "soup"
    case .plot: "plot"
    case .jobs: "jobs"
    }
  }
}

/// Everything the dashboard shows, as one value.
///
/// `reduce` is the only thing that changes it, `Screen.render` the only thing that draws it.
package struct State: Sendable {
  package let sweep: Sweep
  package var table: IngredientTable
  package var set = SoupSet()
  package var bench: SoupBench
  package var jobs: [Job] = []
  /// The job whose decisions are shown; nil for the newest.
  package var jobCursor: Int?
  package var evidence = SoupEvidenceState()
  /// The comparison of every recipe; nil before one was asked for.
  package var comparison: ComparisonStanding?
  /// Decisions of the shown job after the last one that is seen: 0 follows the newest.
  package var decisionsBack = 0
  package var plot = PlotState()
  package var analysis = AnalysisState()
  /// Place in `table.shown` of the topmost row that is seen.
  package var firstRow = 0
  package var focus = Pane.ingredients
  package var isMaximised = false
  /// How large the panes are made by hand.
  package var shares = PaneShares()
  package var look = LookChoice()
  package var settings = Settings()
  /// What was given on the `:` line, the newest last.
  package var recentCommands: [String] = []
  package var modes: [Mode] = []
  /// What sheets show and came after they were opened.
  package var contents = SheetContents()
  package var log = MessageLog()
  package var filterHistory: [String] = []
  package var size: Size
  /// The moment of the newest action; the reducer has no clock of its own.
  package var now: Date
  /// When the person last did something: rows do not move under the cursor right after.
  package var lastInput = Date.distantPast
  package var isQuitting = false
  /// Whether weights can be evaluated; the reason if not.
  package var evaluatorTrouble: String?

  package init(sweep: Sweep, size: Size, now: Date, evaluatorTrouble: String? = nil) {
    self.sweep = sweep
    self.size = size
    self.now = now
    self.evaluatorTrouble = evaluatorTrouble
    table = IngredientTable(sweep: sweep)
    bench = SoupBench(selectionSplit: sweep.splits.first?.name ?? "val")
  }

  /// Splits by role: val first, then test, then shifts.
  package var splits: [String] { sweep.splits.map(\.name) }
  package var selectionSplit: String { splits.first ?? "val" }
  package var shifts: [String] { sweep.splits.filter { $0.role == .shift }.map(\.name) }

  /// The set as a set, for membership.
  package var members: Set<String> { self.set.membership }

  /// Members that the table does not show.
  package var hiddenMembers: Int {
    self.set.members.count { table.row(of: $0) == nil && table.ingredient($0) != nil }
  }

  /// The best ingredient alone on val, measured or reported.
  package var bestSingle: (name: String, accuracy: Double)? { table.best }

  /// What quitting would break off, a line each.
  package var atWork: [String] {
    var lines = jobs.filter { !$0.status.isOver }.map {
      "#\($0.id) \($0.spec.title), \($0.step) of \($0.steps) steps"
    }
    if let comparison, comparison.isAtWork {
      let done = comparison.rows.count { $0.result != nil }
      lines.append("the comparison, \(done) of \(comparison.rows.count) recipes")
    }
    if let export = contents.export { lines.append("writing \(export.path)") }
    return lines
  }

  /// The job whose decisions are shown.
  package var shownJob: Job? {
    jobCursor.flatMap { id in jobs.first { $0.id == id } } ?? jobs.last
  }
}

/// What has the keys besides the panes; the last of `State.modes` sees them first.
package enum Mode: Sendable {
  case filter(FilterPrompt)
  case palette(PalettePrompt)
  case recipes(selected: Int)
  case recipeForm(RecipeForm)
  case comparison(selected: Int)
  case help(HelpPrompt)
  case themes(ThemePrompt)
  case axis(AxisPrompt)
  case confirm(Confirmation)
  case export(LineEditor)
  case sheet(Sheet)
}

/// The filter line while it is edited: what was there before, what is typed, and what is wrong with it.
package struct FilterPrompt: Sendable {
  package var field: LineEditor
  package let previous: Filter
  /// The ingredient under the cursor before the first letter.
  package let cursor: String?
  package var mistake: Filter.Mistake?
  /// Place in the history while walking it; nil for the line being typed.
  package var historyPlace: Int?
  /// The line being typed, while the history is walked.
  package var draft = ""
}

/// The `:` line: what is typed and which suggestion is chosen.
package struct PalettePrompt: Sendable {
  package var field = LineEditor()
  package var selected = 0
  /// Whether the suggestion was gone to, and so comes before what is typed.
  package var isChosen = false
}

/// The help: what is looked for in it, and how far it is scrolled.
package struct HelpPrompt: Sendable {
  package var field = LineEditor()
  package var scroll = 0
}

/// The choice of a theme: the screen shows the one under the cursor until it is chosen or not.
package struct ThemePrompt: Sendable {
  package let names: [String]
  package var selected: Int
  package let previous: String
}

/// A question that has to be answered before something irreversible or costly is done.
package struct Confirmation: Sendable {
  package let title: String
  package let lines: [String]
  /// The first is the safe one and is chosen to begin with.
  package let choices: [(label: String, action: Action)]
  package var selected = 0
}

/// What the plot pane shows.
package struct PlotState: Hashable, Sendable {
  /// The plots, in tab order.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    case accuracy
    case scatter
    case gap
    case flatness
    case landscape
    case angles
    case calibration
    case pairs
    case sizes
  }
  package var kind = Kind.accuracy
  /// Which of its views each plot shows; the first where none was chosen.
  package var views: [Kind: Int] = [:]
  /// What the scatter plot has on its axes.
  package var axes = ScatterAxes()
  package var crosshairs: [Kind: Crosshair] = [:]
  /// The layer group whose angles are shown; nil for all layers.
  package var layerGroup: String?
  /// Whether two plots are shown at once; nil where there is room for both.
  package var showsTwo: Bool?
  /// How each plot is drawn; plainly where nothing else was asked for.
  package var manners: [Kind: PlotManner] = [:]
  /// The part of the horizontal axis that is seen.
  package var viewports: [Kind: Charts.Viewport] = [:]
}

/// Messages to the person: the newest is shown for a while, all are kept.
package struct MessageLog: Sendable {
  package enum Severity: Hashable, Sendable {
    case notice
    case success
    case trouble
  }

  package struct Message: Hashable, Sendable {
    package let text: String
    package let severity: Severity
    package let date: Date
  }

  /// How long a message that is not an error stays on the screen, in seconds.
  package static let lifetime = 4.0

  package private(set) var messages: [Message] = []
  /// Trouble stays on the screen until a key was pressed after it.
  package var isTroubleSeen = true

  package mutating func add(_ text: String, _ severity: Severity, at date: Date) {
    messages.append(Message(text: text, severity: severity, date: date))
    if messages.count > 500 { messages.removeFirst() }
    if severity == .trouble { isTroubleSeen = false }
  }

  /// The message to show at `now`: trouble that nobody has seen goes before anything newer.
  package func current(at now: Date) -> Message? {
    if !isTroubleSeen { return messages.last { $0.severity == .trouble } }
    guard let last = messages.last, last.severity != .trouble else { return nil }
    return now.timeIntervalSince(last.date) < Self.lifetime ? last : nil
  }

  /// When the shown message goes by itself.
  package func expiry(at now: Date) -> Date? {
    guard let current = current(at: now), current.severity != .trouble else { return nil }
    return current.date.addingTimeInterval(Self.lifetime)
  }
}
