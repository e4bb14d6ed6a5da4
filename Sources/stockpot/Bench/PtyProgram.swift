import Foundation
import Glibc

/// A program in a pseudo-terminal, so that what it really sends, and when, can be measured.
final class PtyProgram {
  /// Ends a frame: the end of a synchronised update.
  private static let frameEnd = Array("\u{1B}[?2026l".utf8)

  /// Linux's TIOCSPTLCK and TIOCGPTN, which Swift does not see: macros of a macro.
  private static let unlock = UInt(0x4004_5431)
  private static let numberOf = UInt(0x8004_5430)

  private let master: Int32
  private let process = Process()
  private var tail: [UInt8] = []
  /// Everything that was sent so far.
  private(set) var byteCount = 0
  /// The frames that were sent so far.
  private(set) var frameCount = 0

  /// Starts a program in a terminal of its own.
  /// - Throws: `PtyFailure` when there is no terminal to be had, or no `setsid` (util-linux).
  init(_ command: [String], environment: [String: String], columns: Int, rows: Int) throws {
    master = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (unlocked, number) = (Int32(0), UInt32(0))
    guard master >= 0, ioctl(master, Self.unlock, &unlocked) == 0,
      ioctl(master, Self.numberOf, &number) == 0,
      let slave = FileHandle(forUpdatingAtPath: "/dev/pts/\(number)")
    else {
      if master >= 0 { close(master) }
      throw PtyFailure(problem: "no pseudo-terminal: \(String(cString: strerror(errno)))")
    }
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // A session with this terminal: the program must not find the one of the person.
    process.arguments = ["setsid", "--ctty"] + command
    process.environment = environment
    process.standardInput = slave
    process.standardOutput = slave
    process.standardError = slave
    do { try process.run() } catch {
      close(master)
      throw PtyFailure(problem: "`setsid` could not be run: \(error.localizedDescription)")
    }
    try? slave.close()
  }

  deinit {
    if process.isRunning { process.terminate() }
    close(master)
  }

  /// Types text.
  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(master, bytes, bytes.count)
  }

  /// Reads until a frame has ended, or for that long.
  /// - Returns: whether a frame ended.
  func readFrame(within limit: Duration) -> Bool {
    let wanted = frameCount + 1
    let deadline = ContinuousClock.now + limit
    while frameCount < wanted, .now < deadline {
      guard read(until: deadline) else { break }
    }
    return frameCount >= wanted
  }

  /// Reads until nothing has come for `quiet`, at most `limit`.
  func settle(quiet: Duration, within limit: Duration) {
    let end = ContinuousClock.now + limit
    while .now < end {
      let before = byteCount
      guard read(until: min(end, .now + quiet)) else { return }
      if byteCount == before { return }
    }
  }

  /// Reads once; false when the program has closed its terminal.
  private func read(until deadline: ContinuousClock.Instant) -> Bool {
    var watched = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    let rest = ContinuousClock.now.duration(to: deadline)
    guard poll(&watched, 1, Int32(max(0, rest / .milliseconds(1)).rounded(.up))) > 0 else {
      return true
    }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(master, &bytes, bytes.count)
    guard count > 0 else { return false }
    byteCount += count
    let text = tail + bytes[..<count]
    frameCount += text.windows(equalTo: Self.frameEnd)
    tail = Array(text.suffix(Self.frameEnd.count - 1))
    return true
  }

  /// The processor time that it has used, in seconds, by its own account.
  ///
  /// Resolution: what /proc gives, a hundredth of a second.
  var processorTime: Double? {
    guard
      let stat = try? String(
        contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8),
      let end = stat.lastIndex(of: ")")
    else { return nil }
    // After the name: state is field 3, user and system time are fields 14 and 15.
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
    else { return nil }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}

/// Why nothing could be measured in a pseudo-terminal.
struct PtyFailure: Error, CustomStringConvertible {
  let problem: String
  var description: String { problem }
}

extension [UInt8] {
  /// How often the bytes occur.
  fileprivate func windows(equalTo wanted: [UInt8]) -> Int {
    guard count >= wanted.count else { return 0 }
    return (0...(count - wanted.count)).count { place in
      self[place] == wanted[0] && self[place..<(place + wanted.count)].elementsEqual(wanted)
    }
  }
}
