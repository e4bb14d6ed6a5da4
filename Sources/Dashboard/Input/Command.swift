/// Everything the dashboard can be told to do, by key, by `:name`, by mouse or by script.
package enum Command: String, CaseIterable, Hashable, Sendable {
  case up, down
  case pageUp = "page-up"
  case pageDown = "page-down"
  case halfPageUp = "half-page-up"
  case halfPageDown = "half-page-down"
  case top, bottom
  case toggle, range, all, clear, undo, redo
  case membersOnly = "members-only"
  case filter
  case nextMatch = "next-match"
  case previousMatch = "previous-match"
  case sort
  case columns
  case hideColumn = "hide-column"
  case details
  case sortNext = "sort-next"
  case sortPrevious = "sort-previous"
  case sortReverse = "sort-reverse"
  case weights, keep, soups, versus
  case run
  case uniform, greedy, pruned, ensemble
  case greedyEnsemble = "greedy-ensemble"
  case best
  case compare, forecast
  case pause
  case cancelJob = "cancel-job"
  case raiseJob = "raise-job"
  case lowerJob = "lower-job"
  case retry
  case adopt
  case export
  case gap, paths, landscape, angles, pairs, sizes
  case stopAnalysis = "stop-analysis"
  case nextView = "next-view"
  case crosshairLeft = "crosshair-left"
  case crosshairRight = "crosshair-right"
  case zoomIn = "zoom-in"
  case zoomOut = "zoom-out"
  case zoomReset = "zoom-reset"
  case panLeft = "pan-left"
  case panRight = "pan-right"
  case followTail = "follow-tail"
  case scale, smooth
  case scatter
  case plotX = "plot-x"
  case plotY = "plot-y"
  case twoPlots = "two-plots"
  case savePlot = "save-plot"
  case nextPane = "next-pane"
  case previousPane = "previous-pane"
  case focusIngredients = "focus-ingredients"
  case focusSoup = "focus-soup"
  case focusPlot = "focus-plot"
  case focusJobs = "focus-jobs"
  case maximise
  case grow, shrink
  case resetLayout = "reset-layout"
  case theme
  case copy
  case copyCommand = "copy-command"
  case redraw
  case reloadSettings = "reload-settings"
  case nextPlot = "next-plot"
  case previousPlot = "previous-plot"
  case messages, palette, help
  case back
  case quit

  /// A heading of the help.
  package enum Section: String, CaseIterable, Sendable {
    case moving = "Moving"
    case soup = "The soup"
    case table = "The table"
    case recipes = "Recipes and jobs"
    case analysis = "Why soups work"
    case screen = "The screen"
  }

  package var section: Section {
    switch self {
    case .up, .down, .pageUp, .pageDown, .halfPageUp, .halfPageDown, .top, .bottom: .moving
    case .toggle, .range, .all, .clear, .undo, .redo, .export, .adopt, .weights, .keep,
      .soups, .versus, .copy, .copyCommand:
      .soup
    case .membersOnly, .filter, .nextMatch, .previousMatch, .sort, .sortNext, .sortPrevious,
      .sortReverse, .columns, .hideColumn, .details:
      .table
    case .run, .uniform, .greedy, .pruned, .ensemble, .greedyEnsemble, .best, .compare, .forecast,
      .pause, .cancelJob, .raiseJob, .lowerJob, .retry:
      .recipes
    case .gap, .paths, .landscape, .angles, .pairs, .sizes, .stopAnalysis, .nextView, .savePlot,
      .scatter, .plotX, .plotY, .twoPlots, .crosshairLeft, .crosshairRight, .zoomIn, .zoomOut,
      .zoomReset, .panLeft, .panRight, .followTail, .scale, .smooth:
      .analysis
    default: .screen
    }
  }

  /// What it does, for the help and the palette.
  package var summary: String {
    switch self {
    case .up: "up one row"
    case .down: "down one row"
    case .pageUp: "up one page"
    case .pageDown: "down one page"
    case .halfPageUp: "up half a page"
    case .halfPageDown: "down half a page"
    case .top: "to the first row"
    case .bottom: "to the last row"
    case .toggle: "put the ingredient into the soup, or take it out"
    case .range: "start a range; Space then toggles all of it"
    case .all: "put every ingredient shown into the soup"
    case .clear: "empty the soup"
    case .undo: "undo the last change of the soup"
    case .redo: "redo it"
    case .membersOnly: "show only what is in the soup"
    case .filter: "filter: val>0.9 lr<1e-4 name:ft -mixup:0"
    case .nextMatch: "next ingredient in the soup"
    case .previousMatch: "previous ingredient in the soup"
    case .sort: "sort by a column: sort lr"
    case .sortNext: "sort by the next column"
    case .sortPrevious: "sort by the previous column"
    case .sortReverse: "turn the order round"
    case .columns: "choose, hide, move and sort columns"
    case .hideColumn: "hide a column, or show it: hide-column lr"
    case .details: "everything about the ingredient"
    case .weights: "weights of the members: weights NAME 0.4"
    case .keep: "keep the soup under a name"
    case .soups: "the soups that are kept"
    case .versus: "two soups side by side, with a test"
    case .raiseJob: "let the job go first"
    case .lowerJob: "let the others go first"
    case .retry: "start the job's recipe again"
    case .run: "choose a recipe and start it"
    case .uniform: "start a uniform soup of everything"
    case .greedy: "start a greedy soup (paper's Recipe 1)"
    case .pruned: "start a pruned soup"
    case .ensemble: "start the logit ensemble of everything"
    case .greedyEnsemble: "start a greedy ensemble"
    case .best: "measure every ingredient alone"
    case .forecast: "predict the soup of any set: what if"
    case .compare: "compare every recipe: the paper's table 3"
    case .pause: "pause or resume the job"
    case .cancelJob: "cancel the job"
    case .adopt: "take the job's soup as your own; measure the plot"
    case .export: "write the soup to a file"
    case .gap: "soup against ensemble, and what predicts it"
    case .paths: "loss along lines from the soup and the initialisation"
    case .landscape: "the plane through three checkpoints: landscape A B C"
    case .angles: "angles between the ingredients' directions: angles LAYERS"
    case .pairs: "all pairs half and half, or so many of them"
    case .sizes: "accuracy against the number of ingredients"
    case .stopAnalysis: "stop what is being analysed"
    case .nextView: "the plot's next view"
    case .crosshairLeft: "values at the point to the left"
    case .crosshairRight: "values at the point to the right"
    case .zoomIn: "show half of the plot's axis"
    case .zoomOut: "show twice as much of it"
    case .zoomReset: "show all of it, plainly and without a crosshair"
    case .panLeft: "what lies to the left of what is seen"
    case .panRight: "what lies to the right of it"
    case .followTail: "follow the newest values, or stay"
    case .scale: "upright axis: as the data, from zero, held"
    case .smooth: "a smoothed line over the raw one, or none"
    case .scatter: "one column against another: scatter lr val"
    case .plotX: "choose what the scatter plot has across"
    case .plotY: "choose what the scatter plot has upright"
    case .twoPlots: "two plots at once, or one"
    case .savePlot: "save the plot: save-plot FILE.svg or FILE.csv"
    case .nextPane: "next pane"
    case .previousPane: "previous pane"
    case .focusIngredients: "to the ingredients"
    case .focusSoup: "to the soup"
    case .focusPlot: "to the plot"
    case .focusJobs: "to the jobs"
    case .maximise: "make the pane fill the screen, or back"
    case .grow: "make the pane larger"
    case .shrink: "make the pane smaller"
    case .resetLayout: "panes as large as they were at first"
    case .theme: "choose how it looks; what is chosen is remembered"
    case .copy: "copy the soup's names to the clipboard"
    case .copyCommand: "copy the command that measures this soup"
    case .redraw: "draw the whole screen again"
    case .reloadSettings: "read config.toml and the theme again"
    case .nextPlot: "next plot"
    case .previousPlot: "previous plot"
    case .messages: "messages, and what evaluators wrote"
    case .palette: "any command by name"
    case .help: "this help"
    case .back: "back: close, clear the range, clear the filter"
    case .quit: "quit"
    }
  }

  /// Words that people look for it by besides those of its name and its summary.
  package var otherWords: String {
    switch self {
    case .toggle: "add remove select mark"
    case .clear: "delete reset none"
    case .undo: "revert"
    case .keep: "save store snapshot"
    case .export: "save"
    case .best: "evaluate eval test all"
    case .run: "cook"
    case .forecast: "what-if estimate"
    case .versus: "compare diff"
    case .compare: "all"
    case .details: "info inspect"
    case .filter: "search find"
    case .messages: "log errors"
    case .theme: "colours colors"
    case .sizes: "histogram"
    default: ""
    }
  }

  /// The pane that the command is for, whose keys may mean something else in the others.
  package var pane: Pane? {
    switch self {
    case .nextView, .stopAnalysis, .crosshairLeft, .crosshairRight, .zoomIn, .zoomOut, .zoomReset,
      .panLeft, .panRight, .followTail, .scale, .smooth, .plotX, .plotY:
      .plot
    case .raiseJob, .lowerJob, .retry: .jobs
    default: nil
    }
  }

  /// Whether it wants a word after its name on the `:` line.
  package var argumentName: String? {
    switch self {
    case .filter: "TERMS"
    case .sort, .hideColumn, .plotX, .plotY: "COLUMN"
    case .scatter: "X Y"
    case .keep, .theme: "NAME"
    case .versus: "SOUPS"
    case .weights: "NAME 0.4"
    case .export, .savePlot: "FILE"
    case .gap, .paths, .landscape: "NAMES"
    case .pairs, .sizes: "COUNT"
    default: nil
    }
  }
}
