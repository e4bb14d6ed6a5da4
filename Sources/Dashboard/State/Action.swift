package import Kitchen
package import Recipes
package import TerminalUI
package import Themes

/// Something that happened: the only way into `reduce`.
package enum Action: Sendable {
  /// A command, by key, mouse, `:` line or script, with what was typed after its name.
  case command(Command, argument: String? = nil)
  /// A key that no binding takes, or any key while a prompt is open.
  case key(KeyPress)
  case paste(String)
  case resize(Size)
  /// A click on an ingredient's row, or on the title of a column, a pane, a plot or a job.
  case click(ClickTarget)
  case scroll(Pane, rows: Int)
  /// The border between panes is taken to a place.
  case drag(Divider, to: Point)
  /// The crosshair goes to a place on the screen.
  case inspect(PlotSight, at: Point)
  /// So many times as much of a plot is seen, about a place on the screen.
  case magnify(PlotSight, at: Point, by: Double)
  /// What the terminal says of its own colours.
  case appearance(Theme.Appearance)
  /// The settings file was read anew.
  case settings(Settings)
  case kitchen(KitchenEvent)
  /// What came of a request.
  case told(Answer)
  /// Time has passed and nothing else.
  case tick
  /// Confirmed: leave whatever is running.
  case leave
  case write(ExportRequest)
  /// The file is there already.
  case askOverwrite(ExportRequest)
}

/// What a mouse can hit.
package enum ClickTarget: Hashable, Sendable {
  case ingredient(String)
  case mark(String)
  case columnTitle(Column)
  case pane(Pane)
  case plot(PlotState.Kind)
  /// The data of a plot.
  case picture(PlotSight)
  case job(Int)
  /// A line of an open menu, or an answer to a question.
  case choice(Int)
  /// A hint in the last row.
  case command(Command)
}

/// A soup to be written to a file.
package struct ExportRequest: Hashable, Sendable {
  package enum Source: Hashable, Sendable {
    case handPicked([String], weights: [Double]? = nil)
    case job(Int)
  }
  package let source: Source
  package let path: String
  package let overwrites: Bool
}

/// What the reducer wants done; the effect runner does it and answers with actions.
package enum Effect: Hashable, Sendable {
  /// Average and evaluate this set, instead of any set asked for before; none of it when empty.
  case measure([String], weights: [Double]? = nil)
  case start(RecipeSpec)
  case pause(Job.ID)
  case resume(Job.ID)
  case cancel(Job.ID)
  case comparison(ComparisonRequest)
  case startForecasting
  /// Say what would come of this, instead of anything asked before.
  case forecast(ForecastQuestion)
  case export(ExportRequest)
  /// Measure this, instead of the same with other names asked for before.
  case analyse(AnalysisRequest)
  case stopAnalyses
  case ask(Request)
  case raise(Job.ID, by: Int)
  /// To the clipboard of the machine at which the person sits.
  case copy(String)
  /// Send every cell again.
  case repaint
  /// Read the settings file anew.
  case readSettings
  /// Have the mouse reported, or not.
  case setMouse(Bool)
  case savePlot(PlotPicture, path: String, format: PlotFile.Format)
}
