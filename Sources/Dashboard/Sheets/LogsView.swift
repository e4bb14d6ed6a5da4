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
struct LogTextLines {
  let state: State
  let sheet: LogSheet

  private var log: LogText? {
    let logs = state.contents.logs
    return sheet.tab > 0 && sheet.tab <= logs.count ? logs[sheet.tab - 1] : nil
  }

  var count: Int { log?.lines.count ?? state.log.messages.count }

  private func text(at place: Int) -> String {
    log?.lines[place]
      ?? state.log.messages[place].text.split(separator: "\n").joined(separator: " · ")
  }

  /// Whether the line has what is looked for.
  func matches(at place: Int) -> Bool {
    !sheet.query.isEmpty
      && text(at: place).contains(
        sheet.query, ignoringCase: !sheet.query.contains(where: \.isUppercase))
  }

  func line(at place: Int) -> SheetLine {
    if log != nil { return SheetLine(text(at: place), matches(at: place) ? .match : .text) }
    let message = state.log.messages[place]
    let token: Token =
      switch message.severity {
      case .notice: .text
      case .success: .success
      case .trouble: .error
      }
    let time = message.date.formatted(.dateTime.hour().minute().second())
    return SheetLine([
      (time + "  ", .muted), (text(at: place), matches(at: place) ? .match : token),
    ])
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
