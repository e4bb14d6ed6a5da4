import CProcess
import Checkpoints
import Foundation
import Synchronization

/// A running child process: started, and waited for, by a thread of its own.
///
/// The thread that starts a process has to outlive it where the process asked the system to be killed
/// on its parent's death: the system means the parent's thread.
final class WorkerProcess: Sendable {
  /// How a process ended.
  enum Ending: Hashable, Sendable {
    case exited(Int32)
    case signalled(Int32)
  }

  private struct State {
    var pid: pid_t = 0
    var ending: Ending?
  }
  private let state = Mutex(State())

  private init() {}

  /// What to start, with which open files.
  struct Command: Sendable {
    /// The program's path, then its arguments.
    let words: [String]
    let environment: [String: String]
    /// Descriptors that the process gets as 3, 4, ...
    let descriptors: [Int32]
    /// Descriptor for standard output and error.
    let output: Int32
  }

  /// Starts a process in a group of its own, so that Ctrl-C in the terminal is not for it.
  ///
  /// - Parameter ended: called once, after the process and all of its group were killed and reaped.
  /// - Throws: `InputError` when it cannot be started.
  static func start(
    _ command: Command, ended: @escaping @Sendable (Ending) -> Void
  ) async throws -> WorkerProcess {
    let process = WorkerProcess()
    try await withCheckedThrowingContinuation { (started: CheckedContinuation<Void, any Error>) in
      Thread.detachNewThread {
        do {
          let pid = try spawn(command)
          process.state.withLock { $0.pid = pid }
          started.resume()
          ended(process.wait(for: pid))
        } catch {
          started.resume(throwing: error)
        }
      }
    }
    return process
  }

  /// Sends a signal to the process; nothing happens once it has ended.
  func signal(_ number: Int32) {
    state.withLock { state in
      if state.ending == nil, state.pid > 0 { _ = Glibc.kill(state.pid, number) }
    }
  }

  /// Kills the process and the processes that it has started.
  func kill() {
    state.withLock { state in
      if state.ending == nil, state.pid > 0 { _ = Glibc.kill(-state.pid, SIGKILL) }
    }
  }

  /// The process's number, for messages.
  var pid: pid_t { state.withLock { $0.pid } }

  private func wait(for pid: pid_t) -> Ending {
    var info = siginfo_t()
    // Not reaped yet: until then nobody else can get this number.
    while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    return state.withLock { state in
      _ = Glibc.kill(-pid, SIGKILL)
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0, errno == EINTR {}
      let number = status & 0x7f
      let ending: Ending = number == 0 ? .exited((status >> 8) & 0xff) : .signalled(number)
      state.ending = ending
      return ending
    }
  }

  private static func spawn(_ command: Command) throws -> pid_t {
    let words = command.words.map { strdup($0) } + [nil]
    let environment = command.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + environment { free(text) } }
    var pid: pid_t = 0
    let code = process_spawn(
      words, environment, command.output, command.descriptors, command.descriptors.count, &pid)
    guard code == 0 else {
      throw InputError(
        file: command.words[0], problem: "cannot be run: \(String(cString: strerror(code)))",
        mend: "Name a Python that works under [evaluator] with python = \"PATH\"")
    }
    return pid
  }
}
