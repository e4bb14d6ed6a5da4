import Evaluation
import Foundation
import Ledger
import Sweeps
import TerminalUI
import Themes

/// What works here and what does not.
struct Diagnosis: Encodable {
  /// One thing that was looked at.
  struct Check: Encodable {
    enum State: String, Encodable {
      case ok
      /// Something is less than it could be.
      case warning
      /// Something does not work.
      case failed
    }

    let name: String
    let state: State
    let detail: String
    /// What to do about it; nil where nothing is to be done.
    let mend: String?

    init(_ name: String, _ state: State, _ detail: String, mend: String? = nil) {
      self.name = name
      self.state = state
      self.detail = detail
      self.mend = mend
    }
  }

  let checks: [Check]

  var isWell: Bool { !checks.contains { $0.state == .failed } }

  /// - Parameter sweep: whose ledger and disk are looked at too.
  init(environment: [String: String], paths: StockpotPaths, sweep: Sweep?) {
    var checks = [
      Self.terminal(environment), Self.locale(environment),
      Check("colours", .ok, ColorDepth.detect(environment: environment).rawValue),
      Self.onnxRuntime(isNeeded: sweep?.evaluator?.kind != .python),
      Self.python(environment, folder: sweep?.directory ?? "."),
      Self.memory(), Self.disk(at: paths.data, name: "disk of data"),
    ]
    if let sweep {
      let folder = paths.workFolder(ofSweepAt: sweep.directory)
      checks.append(Self.disk(at: folder, name: "disk of sweep"))
      checks.append(Self.ledger(in: folder))
    }
    self.checks = checks
  }

  // MARK: The screen

  private static func terminal(_ environment: [String: String]) -> Check {
    let term = environment["TERM"] ?? ""
    guard !term.isEmpty, term != "dumb" else {
      return Check(
        "terminal", .failed, term.isEmpty ? "TERM is not set" : "TERM is dumb",
        mend: "Run in a terminal, or set TERM=xterm-256color")
    }
    let home = environment["HOME"] ?? ""
    let folders =
      [environment["TERMINFO"]].compactMap(\.self) + [
        home + "/.terminfo", "/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo",
        "/usr/lib/terminfo", "/usr/local/share/terminfo",
      ]
    let initial = String(term.prefix(1))
    let isKnown = folders.contains {
      FileManager.default.fileExists(atPath: "\($0)/\(initial)/\(term)")
    }
    guard isKnown else {
      return Check(
        "terminal", .failed, "\(term) is not in the terminal database",
        mend: "Install it (Debian: apt-get install ncurses-term), or set TERM=xterm-256color")
    }
    guard Console.isTerminal else { return Check("terminal", .ok, "\(term), not in use now") }
    var size = winsize()
    let isKnownSize = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    guard isKnownSize, size.ws_col < 40 || size.ws_row < 12 else {
      return Check(
        "terminal", .ok, isKnownSize ? "\(term), \(size.ws_col)×\(size.ws_row)" : term)
    }
    return Check(
      "terminal", .warning, "\(term), \(size.ws_col)×\(size.ws_row)",
      mend: "Make it at least 40×12")
  }

  private static func locale(_ environment: [String: String]) -> Check {
    let name = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty }
    guard Console.isUnicode else {
      return Check(
        "locale", .warning, "\(name ?? "none set"): plots are drawn in ASCII",
        mend: "Set LANG=C.UTF-8")
    }
    return Check("locale", .ok, name ?? "UTF-8")
  }

  // MARK: What evaluates

  private static func onnxRuntime(isNeeded: Bool) -> Check {
    let location = OnnxRuntime.locate()
    if let runtime = location.runtime {
      return Check("ONNX Runtime", .ok, "\(runtime.version)  \(runtime.path)")
    }
    let tried = location.attempts.map { "\($0.source): \($0.problem ?? "")" }
    return Check(
      "ONNX Runtime", isNeeded ? .failed : .warning,
      "not found (\(tried.joined(separator: "; ")))", mend: "Run `stockpot setup`")
  }

  private static func python(_ environment: [String: String], folder: String) -> Check {
    let mend = "Activate the environment you train in, where models are evaluated in Python"
    do {
      let python = try PythonLocation.find(asked: nil, folder: folder, environment: environment)
      let question =
        "import sys, importlib.util as u; print('.'.join(map(str, sys.version_info[:3])), "
        + "'with PyTorch' if u.find_spec('torch') else 'without PyTorch')"
      guard let answer = answer(of: python, to: question) else {
        return Check("Python", .warning, "\(python) does not run", mend: mend)
      }
      return Check("Python", .ok, "\(answer)  \(python)")
    } catch {
      return Check("Python", .warning, "not found", mend: mend)
    }
  }

  /// What a line of Python prints; nil when it fails.
  private static func answer(of python: String, to question: String) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["-I", "-c", question]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  // MARK: Room

  private static func memory() -> Check {
    let lines = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    func bytes(_ key: String) -> Int? {
      lines.split(separator: "\n").first { $0.hasPrefix(key + ":") }
        .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }.map {
          $0 * 1024
        }
    }
    guard let free = bytes("MemAvailable"), let all = bytes("MemTotal") else {
      return Check("memory", .warning, "not known")
    }
    let text = "\(ByteText.of(free)) of \(ByteText.of(all)) free"
    return free < 1 << 30
      ? Check("memory", .warning, text, mend: "Close other programs: a soup takes its own size")
      : Check("memory", .ok, text)
  }

  private static func disk(at path: String, name: String) -> Check {
    var folder = path
    while !FileManager.default.fileExists(atPath: folder), folder != "/" {
      folder = (folder as NSString).deletingLastPathComponent
    }
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return Check(name, .warning, "\(path): not known") }
    let free = Int(status.f_bavail) * Int(status.f_frsize)
    let text = "\(ByteText.of(free)) free  \(path)"
    return free < 1 << 30
      ? Check(name, .warning, text, mend: "Free space: logits and soups are kept there")
      : Check(name, .ok, text)
  }

  private static func ledger(in folder: String) -> Check {
    guard FileManager.default.fileExists(atPath: folder + "/ledger.sqlite") else {
      return Check("ledger", .ok, "none yet  \(folder)")
    }
    do {
      let ledger = try Ledger(directory: folder)
      if let aside = ledger.setAside {
        return Check(
          "ledger", .warning, "was damaged, and was moved to \(aside)",
          mend: "Nothing: what is missing is measured again")
      }
      let problems = try ledger.problems()
      return problems.isEmpty
        ? Check("ledger", .ok, "\(folder)  logits \(ByteText.of(try ledger.logitsSize()))")
        : Check(
          "ledger", .failed, problems.joined(separator: "; "),
          mend: "Move \(folder)/ledger.sqlite away; what is missing is measured again")
    } catch {
      return Check("ledger", .failed, "\(error)", mend: nil)
    }
  }
}
