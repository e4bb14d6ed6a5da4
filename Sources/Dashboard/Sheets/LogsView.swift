import Foundation
import Kitchen
import TerminalUI
import Themes

extension LogSheet {
  /// Lines of a log that are seen at once.
  static func rows(on state: State) -> Int { max(1, state.size.rows - 6) }

  /// The first line that is seen of so many.
  func first(of count: Int, rows: Int) -> Int { min(first ?? .max, max(0, count - rows)) }
}

/// The messages, or a log, line by line; the newest last.
///
/// A message takes as many lines as it needs.
struct LogTextLines {
  private struct Line {
    /// The moment of a message, or as many blanks.
    var time = ""
    let text: String
    var token = Token.text
    /// Whether what is looked for is in the line, or in the message that it is a part of.
    let matches: Bool
    /// Whether nothing of a message follows.
    var isLast = true
  }

  private let lines: [Line]

  init(state: State, sheet: LogSheet) {
    let logs = state.contents.logs
    func matches(_ text: String) -> Bool {
      !sheet.query.isEmpty
        && text.contains(
          sheet.query, ignoringCase: !sheet.query.contains(where: \.isUppercase))
    }
    if sheet.tab > 0, sheet.tab <= logs.count {
      lines = logs[sheet.tab - 1].lines.map { Line(text: $0, matches: matches($0)) }
    } else {
      lines = state.log.messages.flatMap { message in
        Self.lines(of: message, columns: state.size.columns - 4, matches: matches(message.text))
      }
    }
  }

  private static func lines(
    of message: MessageLog.Message, columns: Int, matches: Bool
  ) -> [Line] {
    let token: Token =
      switch message.severity {
      case .notice: .text
      case .success: .success
      case .trouble: .error
      }
    let time = message.date.formatted(.dateTime.hour().minute().second()) + "  "
    let texts = WordWrap.lines(message.text, columns: columns - time.count)
    return texts.enumerated().map { place, text in
      Line(
        time: place == 0 ? time : String(repeating: " ", count: time.count), text: text,
        token: token, matches: matches, isLast: place == texts.count - 1)
    }
  }

  var count: Int { lines.count }

  /// Whether what is looked for ends here: the line has it, or the message whose last line it is.
  func matches(at place: Int) -> Bool { lines[place].matches && lines[place].isLast }

  func line(at place: Int) -> SheetLine {
    let line = lines[place]
    return SheetLine([(line.time, .muted), (line.text, line.matches ? .match : line.token)])
  }
}

/// Messages and logs over the whole screen.
struct LogsView {
  let state: State
  let sheet: LogSheet

  func draw(_ canvas: inout Canvas) {
    let rect = canvas.buffer.bounds.inset(bottom: 1)
    let text = LogTextLines(state: state, sheet: sheet)
    let rows = LogSheet.rows(on: state)
    let first = sheet.first(of: text.count, rows: rows)
    let inside = canvas.sheet(
      title: "Messages and logs", note: note(text, below: text.count - first - rows), in: rect)
    canvas.sheetTabs(
      ["messages"] + state.contents.logs.map(\.name), shown: sheet.tab, in: inside)
    let body = inside.cutTop(2).rest.inset(bottom: 1)
    if text.count == 0 {
      canvas.write(SheetLine("Nothing so far.", .muted), in: body, row: 0)
    }
    for row in 0..<min(rows, text.count - first) {
      canvas.write(text.line(at: first + row), in: body, row: row)
    }
    canvas.sheetScrollBar(body, first: first, rows: rows, count: text.count)
    let foot = inside.cutBottom(1).cut
    if let field = sheet.field {
      canvas.field(field, prompt: "/", hint: "what to look for", in: foot)
    } else {
      canvas.write(SheetLine(path, .muted), in: foot, row: 0)
    }
  }

  /// What was found, and whether the end is followed.
  private func note(_ text: LogTextLines, below: Int) -> String {
    let found =
      sheet.query.isEmpty ? [] : ["\((0..<text.count).count(where: text.matches)) found"]
    let end = sheet.first == nil ? "following" : "\(max(0, below)) more below"
    return (found + [end]).joined(separator: " · ")
  }

  private var path: String {
    let logs = state.contents.logs
    guard sheet.tab > 0, sheet.tab <= logs.count else { return "" }
    return (logs[sheet.tab - 1].isCut ? "the end of " : "") + logs[sheet.tab - 1].path
  }
}
