import CTerminal
package import Themes

/// The user's terminal: ncurses draws, the keyboard and mouse are read by `InputDecoder`.
///
/// Not `Sendable`: made, used and closed on one thread, which curses requires. While it is open it
/// owns the terminal's modes, and gives them back on `close`, at exit, on fatal signals and traps.
package final class NcursesTerminal: Terminal {
  /// What is asked of the terminal.
  package struct Options: Sendable {
    /// The colours to use at most; see `ColorDepth.detect`.
    package var depth: ColorDepth
    /// Whether the mouse is reported; without it the terminal's own selection works unhindered.
    package var mouse: Bool
    /// The file that takes standard error while the screen is up.
    ///
    /// Nil to leave it; ignored when standard error does not lead to a terminal.
    package var errorLog: String?

    /// What is asked of the terminal.
    package init(depth: ColorDepth = .indexed256, mouse: Bool = true, errorLog: String? = nil) {
      self.depth = depth
      self.mouse = mouse
      self.errorLog = errorLog
    }
  }

  /// The present extent of the screen.
  package private(set) var size = Size.zero
  /// The colours that the terminal really shows, at most those asked for.
  package let depth: ColorDepth
  /// Whether it shows more than ASCII.
  package let isUnicode: Bool

  private let numbers: ColorNumbers
  private var pairs: ColorPairs
  /// What the colours of styles have come to, so that each is worked out once.
  private var looks: [Style: Look] = [:]
  private static let mostPairs = 8192
  private var decoder = InputDecoder()
  /// When bytes last came, for settling a lone Esc.
  private var lastRead = ContinuousClock.now
  private var shown: CellBuffer?
  private var cursor: Point?
  private var isOpen = true

  /// Takes the terminal over.
  /// - Throws: `TerminalError` when there is no terminal, or none of a known kind; nothing has been
  ///   written then.
  package init(_ options: Options = Options()) throws(TerminalError) {
    var screen = ct_screen()
    var failure = Int32(CT_TERM_UNKNOWN.rawValue)
    var isDirect = false
    let term = Environment.value("TERM") ?? ""
    if options.depth == .truecolor, let entry = TruecolorEntry.ofUser() {
      failure = ct_open(entry.variable(name: term), options.mouse, &screen)
      isDirect = screen.colors == 1 << 24
    } else {
      failure = ct_open(nil, options.mouse, &screen)
    }
    switch UInt32(bitPattern: failure) {
    case CT_OPENED.rawValue: break
    case CT_TERM_UNSET.rawValue: throw .termUnset
    case CT_TERM_UNKNOWN.rawValue: throw .termUnknown(term)
    case CT_TERM_INCAPABLE.rawValue: throw .termIncapable(term)
    case CT_NOT_A_TERMINAL.rawValue: throw .notATerminal
    default: throw .system(ct_last_error())
    }
    isUnicode = screen.is_utf8
    let colors = options.depth == .none ? 0 : Int(screen.colors)
    let numbering: ColorNumbers.Numbering
    switch colors {
    case ..<8: numbering = .none
    case ..<16: numbering = .palette(8)
    case ..<256: numbering = .palette(16)
    default:
      numbering = isDirect ? .direct : .palette(options.depth == .ansi16 ? 16 : 256)
    }
    switch numbering {
    case .none: depth = .none
    case .palette(256): depth = .indexed256
    case .palette: depth = .ansi16
    case .direct: depth = .truecolor
    }
    numbers = ColorNumbers(numbering: numbering, hasDefaults: screen.has_default_colors)
    pairs = ColorPairs(capacity: min(Int(screen.pairs), Self.mostPairs))
    if let log = options.errorLog { ct_capture_errors(log) }
    measure()
  }

  deinit { if isOpen { ct_close() } }

  /// Gives the terminal back as it was.
  /// - Returns: the last 8 KiB of what was written to standard error meanwhile, for the caller to
  ///   show now that it can be read.
  @discardableResult
  package func close() -> String {
    guard isOpen else { return "" }
    isOpen = false
    ct_close()
    let tail = [CChar](unsafeUninitializedCapacity: 8192) { buffer, count in
      count = buffer.baseAddress.map { ct_release_errors($0, buffer.count) } ?? 0
    }
    return String(decoding: tail.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The present time.
  package var now: ContinuousClock.Instant { .now }

  /// Asks the terminal for its background colour; the answer, if any, comes as a report.
  package func askBackground() { send("\u{1B}]11;?\u{1B}\\") }

  /// Puts a text on the clipboard of the machine at which the user sits (OSC 52).
  /// - Returns: false, and nothing sent, for a text longer than terminals take.
  package func copy(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count <= 74_994 else { return false }
    send("\u{1B}]52;c;\(TruecolorEntry.base64(bytes))\u{1B}\\")
    return true
  }

  /// Has the mouse reported, or left to the terminal's own selection.
  package func setMouse(_ isReported: Bool) { ct_set_mouse(isReported) }

  /// Has the next frame send every cell: something else has written on the screen.
  package func repaint() {
    ct_repaint()
    shown = nil
  }

  private func send(_ sequence: String) {
    var sequence = sequence
    sequence.withUTF8 { ct_write($0.baseAddress, $0.count) }
  }

  private func measure() {
    var columns: Int32 = 0
    var rows: Int32 = 0
    ct_size(&columns, &rows)
    size = Size(columns: Int(columns), rows: Int(rows))
    ct_resize(columns, rows)
    shown = nil
  }

  // MARK: Frames

  /// Shows a frame; only what differs from the one before is sent.
  package func present(_ frame: CellBuffer, cursor: Point?) {
    var fitted = frame
    if frame.size != size {
      fitted = CellBuffer(size: size)
      fitted.draw(frame, at: .zero)
    }
    let spans = FrameDiff.spans(from: shown, to: fitted)
    guard !spans.isEmpty || cursor != self.cursor || shown == nil else { return }
    var row: [ct_cell] = []
    for span in spans {
      row.removeAll(keepingCapacity: true)
      for column in span.columns {
        let cell = fitted[column, span.row]
        if !cell.isContinuation { row.append(encode(cell, in: fitted)) }
      }
      ct_put(Int32(span.row), Int32(span.columns.lowerBound), row, Int32(row.count))
    }
    let visible = cursor.flatMap { Rect(size).contains($0) ? $0 : nil }
    ct_flush(Int32(visible?.row ?? -1), Int32(visible?.column ?? 0))
    shown = fitted
    self.cursor = cursor
  }

  private func encode(_ cell: Cell, in frame: CellBuffer) -> ct_cell {
    var result = ct_cell()
    withUnsafeMutableBytes(of: &result.scalars) { bytes in
      let scalars = bytes.bindMemory(to: UInt32.self)
      if cell.cluster == nil {
        let scalar = cell.scalar ?? " "
        scalars[0] = (isUnicode ? scalar : scalar.asciiLikeness).value
      } else {
        for (index, scalar) in frame.text(of: cell).unicodeScalars.enumerated()
        where index < CellBuffer.maximumScalars {
          scalars[index] = scalar.value
        }
      }
    }
    result.width = UInt8(cell.columns)
    let look = look(of: cell.style, in: frame)
    result.attributes = cell.style.attributes.union(look.attributes).rawValue
    result.pair = look.pair
    return result
  }

  /// How the terminal is told two colours.
  private struct Look {
    var pair: Int32
    /// What stands in for brightness.
    var attributes: Attributes
  }

  private func look(of style: Style, in frame: CellBuffer) -> Look {
    guard numbers.numbering != .none else { return Look(pair: 0, attributes: []) }
    let key = Style(foreground: style.foreground, background: style.background)
    if let known = looks[key] { return known }
    let foreground = numbers.foreground(style.foreground)
    let colors = self.colors(of: style)
    if pairs.number(of: colors) == nil, pairs.count >= pairs.capacity {
      pairs.keepOnly(Set(frame.cells.map { self.colors(of: $0.style) }))
      looks.removeAll(keepingCapacity: true)
    }
    let isBold = foreground.isBright
    let look = Look(pair: pair(colors), attributes: isBold ? .bold : [])
    if looks.count > 4 * Self.mostPairs { looks.removeAll(keepingCapacity: true) }
    looks[key] = look
    return look
  }

  /// The pair for two colours; 0, the terminal's own, when more are on the screen than it has.
  private func pair(_ colors: ColorPairs.Colors) -> Int32 {
    if let known = pairs.number(of: colors) { return known }
    guard let number = pairs.add(colors) else { return 0 }
    ct_define_pair(number, colors.foreground, colors.background)
    return number
  }

  private func colors(of style: Style) -> ColorPairs.Colors {
    ColorPairs.Colors(
      foreground: numbers.foreground(style.foreground).number,
      background: numbers.background(style.background).number)
  }

  // MARK: Input

  /// Sleeps until something comes from the terminal, a message is posted, or a time is reached.
  package func wait(
    for wake: WakeSignal?, until deadline: ContinuousClock.Instant?
  ) -> TerminalWake {
    let settle = decoder.patience.map { lastRead + $0 }
    let until = [deadline, settle].compactMap(\.self).min()
    let woken = ct_wait(wake?.descriptor ?? -1, Self.nanoseconds(until: until))
    var result = TerminalWake()
    if woken & Int32(CT_SIGNAL) != 0 { takeSignals(into: &result) }
    if woken & Int32(CT_INPUT) != 0 {
      read(into: &result)
    } else if woken & Int32(CT_HANG_UP) != 0 {
      result.ending = result.ending ?? .hangUp
    } else if let settle, settle <= .now {
      result.events += decoder.flush()
    }
    return result
  }

  private static func nanoseconds(until instant: ContinuousClock.Instant?) -> Int64 {
    guard let instant else { return -1 }
    let rest = ContinuousClock.now.duration(to: instant)
    let (seconds, attoseconds) = rest.components
    // A day is for ever here, and fits the type.
    guard seconds < 86_400 else { return 86_400 * 1_000_000_000 }
    return max(0, seconds * 1_000_000_000 + (attoseconds + 999_999_999) / 1_000_000_000)
  }

  private func read(into result: inout TerminalWake) {
    let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
      let length = ct_read(buffer.baseAddress, buffer.count)
      if length < 0 { result.ending = result.ending ?? .hangUp }
      count = Int(max(0, length))
    }
    guard !bytes.isEmpty else { return }
    lastRead = .now
    for event in decoder.decode(bytes) {
      if event == .key(KeyPress("z", .ctrl)) {
        suspend(into: &result)
      } else {
        result.events.append(event)
      }
    }
  }

  private func takeSignals(into result: inout TerminalWake) {
    let signals = ct_take_signals()
    if signals & Int32(CT_END) != 0 { result.ending = .signal(ct_ending_signal()) }
    if signals & Int32(CT_STOP) != 0 {
      suspend(into: &result)
    } else if signals & Int32(CT_CONTINUED) != 0 {
      ct_resume()
      remeasure(into: &result)
    } else if signals & Int32(CT_RESIZED) != 0 {
      remeasure(into: &result)
    }
  }

  private func suspend(into result: inout TerminalWake) {
    ct_suspend()
    remeasure(into: &result)
  }

  /// Takes the new extent, and draws again what was shown: curses has forgotten it.
  private func remeasure(into result: inout TerminalWake) {
    let before = size
    let frame = shown
    measure()
    if size == before, let frame { present(frame, cursor: cursor) }
    result.events.append(.resize(size))
  }
}
