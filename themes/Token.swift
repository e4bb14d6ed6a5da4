/// What a part of the screen means, so that a theme can give it a look.
///
/// The raw value is the key in a theme file's `[ui]` table.
package enum Token: String, CaseIterable, Sendable {
  // Ground
  case text
  case background
  case muted
  case accent

  // Panes
  case border
  case borderFocus = "border-focus"
  case title
  case titleFocus = "title-focus"
  case tab
  case tabActive = "tab-active"
  case scrollBar = "scroll-bar"
  case status
  case keyHint = "key-hint"

  // Lists
  case header
  case selection
  case selectionUnfocused = "selection-unfocused"
  case mark
  case match

  // Feedback
  case error
  case warning
  case success
  case pending
  case stale
  case running
  case toast
  case gauge
  case gaugeEmpty = "gauge-empty"

  // The field's own things
  case accepted
  case rejected
  case best
  case soup
  case ensemble
  case uniform
  case initialisation

  // Charts
  case plotTitle = "plot-title"
  case axis
  case axisLabel = "axis-label"
  case grid
  case crosshair
  case legend

  // Dialogs and text fields
  case dialog
  case dialogTitle = "dialog-title"
  case dialogBorder = "dialog-border"
  case button
  case buttonFocus = "button-focus"
  case input
  case inputCursor = "input-cursor"
  case placeholder
}
