/// What is done at a terminal, written down: for demos, tests and reports of faults.
///
/// A line is a step: a word that says what, then the rest of the line. Blank lines and lines that
/// start with `#` mean nothing. See `words` for the steps.
package struct Script: Hashable, Sendable {
  /// One thing done, or waited for.
  package enum Step: Hashable, Sendable {
    case events([InputEvent])
    /// Until the screen shows a text, or does not show it any more.
    case wait(String, isShown: Bool)
    case pause(Duration)
    /// The time between the following steps, for people who watch.
    case pace(Duration)
    case size(Size)
    /// The screen must show a text now.
    case expect(String)
    /// The screen is written down, into a file where one is named.
    case show(String?)
  }

  /// A step and the line that says it.
  package struct Line: Hashable, Sendable {
    package let number: Int
    package let step: Step
  }

  /// The steps in order.
  package let lines: [Line]
  /// The file's name, for messages.
  package let file: String

  /// The words that begin a line, what follows them, and what they mean.
  package static let words: [(form: String, meaning: String)] = [
    ("keys NAME…", "keys by name: j, space, ctrl-r, pgdn"),
    (":COMMAND", "a line of the palette"),
    ("type TEXT", "the text's letters, as keys"),
    ("paste TEXT", "the text, as one paste"),
    ("click X Y", "the left button; the corner is 1 1"),
    ("press X Y", "the left button goes down"),
    ("drag X Y", "it is moved there"),
    ("release X Y", "it goes up"),
    ("scroll up|down X Y", "the wheel"),
    ("wait TEXT", "until the screen shows it, for a minute at most"),
    ("gone TEXT", "until the screen shows it no more"),
    ("pause SECONDS", "nothing for so long"),
    ("pace SECONDS", "so long between the following steps"),
    ("size WIDTH HEIGHT", "another size of the screen"),
    ("expect TEXT", "the screen must show it now"),
    ("show [FILE]", "write the screen down, or print it without FILE"),
  ]

  /// Reads a script.
  /// - Throws: `ScriptError` for the first line that is no step.
  package init(parsing text: String, file: String) throws(ScriptError) {
    self.file = file
    var lines: [Line] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let trimmed = line.drop { $0 == " " || $0 == "\t" }
      guard let first = trimmed.first, first != "#" else { continue }
      do {
        lines.append(Line(number: index + 1, step: try Self.step(String(trimmed))))
      } catch {
        throw ScriptError(file: file, line: index + 1, problem: error.text)
      }
    }
    self.lines = lines
  }

  /// What is wrong with a line.
  private struct Fault: Error {
    let text: String
  }

  private static func step(_ line: String) throws(Fault) -> Step {
    if line.hasPrefix(":") {
      return .events(typed(line) + [.key(KeyPress(.enter))])
    }
    let cut = line.firstIndex(of: " ") ?? line.endIndex
    let rest = String(line[cut...].drop { $0 == " " })
    switch line[..<cut] {
    case "keys":
      var events: [InputEvent] = []
      for name in rest.split(separator: " ") {
        guard let key = KeyPress(parsing: String(name)) else {
          throw Fault(text: "\"\(name)\" is not a key")
        }
        events.append(.key(key))
      }
      return .events(events)
    case "type": return .events(typed(rest))
    case "paste": return .events([.paste(rest)])
    case "click":
      let point = try place(rest)
      return .events([
        .mouse(MouseEvent(.press(.left), at: point)),
        .mouse(MouseEvent(.release(.left), at: point)),
      ])
    case "press": return .events([.mouse(MouseEvent(.press(.left), at: try place(rest)))])
    case "drag": return .events([.mouse(MouseEvent(.drag(.left), at: try place(rest)))])
    case "release": return .events([.mouse(MouseEvent(.release(.left), at: try place(rest)))])
    case "scroll":
      let isUp = rest.hasPrefix("up ")
      guard isUp || rest.hasPrefix("down ") else {
        throw Fault(text: "scroll up or down, and where")
      }
      let point = try place(String(rest.drop { $0 != " " }))
      return .events([.mouse(MouseEvent(isUp ? .scrollUp : .scrollDown, at: point))])
    case "wait": return .wait(try text(rest), isShown: true)
    case "gone": return .wait(try text(rest), isShown: false)
    case "pause": return .pause(try time(rest))
    case "pace": return .pace(try time(rest))
    case "size":
      let point = try place(rest)
      return .size(Size(columns: point.column + 1, rows: point.row + 1))
    case "expect": return .expect(try text(rest))
    case "show": return .show(rest.isEmpty ? nil : rest)
    default:
      let known = words.map { $0.form.prefix { $0 != " " } }
      throw Fault(
        text: "\"\(line[..<cut])\" is no step; there are \(known.joined(separator: ", "))")
    }
  }

  private static func typed(_ text: String) -> [InputEvent] { text.map { .key(KeyPress($0)) } }

  private static func text(_ rest: String) throws(Fault) -> String {
    guard !rest.isEmpty else { throw Fault(text: "a text is missing") }
    return rest
  }

  private static func place(_ rest: String) throws(Fault) -> Point {
    let numbers = rest.split(separator: " ").map { Int($0) }
    guard numbers.count == 2, let column = numbers[0], let row = numbers[1],
      (1...10_000).contains(column), (1...10_000).contains(row)
    else { throw Fault(text: "\"\(rest)\" are not a column and a row, counted from 1") }
    return Point(column: column - 1, row: row - 1)
  }

  private static func time(_ rest: String) throws(Fault) -> Duration {
    guard let seconds = Double(rest), (0...86_400).contains(seconds) else {
      throw Fault(text: "\"\(rest)\" is not a number of seconds")
    }
    return .seconds(seconds)
  }
}

/// A script that cannot be read, or whose screen was not as it says.
package struct ScriptError: Error, Hashable, Sendable, CustomStringConvertible {
  package let file: String
  package let line: Int
  package let problem: String

  /// What is wrong with a line of a script.
  package init(file: String, line: Int, problem: String) {
    self.file = file
    self.line = line
    self.problem = problem
  }

  package var description: String { "\(file): line \(line): \(problem)." }
}
