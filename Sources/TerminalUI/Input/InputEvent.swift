/// Something that came from the terminal.
package enum InputEvent: Hashable, Sendable {
  /// A key was pressed.
  case key(KeyPress)
  /// The mouse was used.
  case mouse(MouseEvent)
  /// Text was pasted: one event, however long, at most `InputDecoder.pasteLimit` bytes of it.
  case paste(String)
  /// The terminal's window gained or lost the focus.
  case focus(Bool)
  /// The screen has a new extent.
  case resize(Size)
  /// The terminal answered a question.
  case report(TerminalReport)
}

/// What a terminal says about itself when it is asked.
package enum TerminalReport: Hashable, Sendable {
  /// Its background colour (the answer to OSC 11), eight bits a channel.
  case background(red: UInt8, green: UInt8, blue: UInt8)
  /// Whether its colours are dark, from terminals that tell when that changes (mode 2031).
  case appearance(isDark: Bool)
}

/// One thing done with the mouse.
package struct MouseEvent: Hashable, Sendable {
  /// A button of the mouse.
  package enum Button: Hashable, Sendable { case left, middle, right }

  /// What was done.
  package enum Kind: Hashable, Sendable {
    case press(Button)
    case release(Button)
    /// Moved with a button held down.
    case drag(Button)
    /// Moved without a button; only terminals asked for it report this.
    case move
    case scrollUp, scrollDown, scrollLeft, scrollRight
  }

  /// What was done.
  package var kind: Kind
  /// The cell under the pointer.
  package var position: Point
  /// The keys held down meanwhile.
  package var modifiers: KeyModifiers

  /// One thing done with the mouse.
  package init(_ kind: Kind, at position: Point, _ modifiers: KeyModifiers = []) {
    self.kind = kind
    self.position = position
    self.modifiers = modifiers
  }
}
