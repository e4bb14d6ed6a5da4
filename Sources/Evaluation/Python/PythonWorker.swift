import Checkpoints
import Dispatch
import Foundation
import Synchronization

/// One Python process that holds the user's model and data, and answers requests in their order.
final class PythonWorker: Sendable {
  /// What was handed to this process already.
  struct Holdings {
    var weights: WeightsHandover.Ticket?
    /// Files of the ingredients that it has mapped.
    var ingredients: [String: FileStamps] = [:]
  }

  private typealias Continuation = CheckedContinuation<(WorkerAnswer, [UInt8]), any Error>

  private struct State {
    var process: WorkerProcess?
    var lastID = 0
    var waiting: [Int: Continuation] = [:]
    /// Requests that nobody waits for, but that the worker has not passed yet.
    var abandoned: Set<Int> = []
    var lastHeard = ContinuousClock.now
    var isWatching = false
    /// Whether it is being ended because it gave no sign of life.
    var isHanging = false
    var gibberish: String?
    var death: WorkerDeath?
    var ending: WorkerProcess.Ending?
    var isDrained = false
  }

  let holdings = Mutex(Holdings())
  private let state = Mutex(State())
  private let socket: WorkerSocket
  private let log: WorkerLog
  private let file: String
  private let timeout: Double

  private init(socket: WorkerSocket, log: WorkerLog, file: String, timeout: Double) {
    self.socket = socket
    self.log = log
    self.file = file
    self.timeout = timeout
  }

  /// Starts a process; it answers requests once Python has.
  ///
  /// - Parameter memory: descriptor of the weights' handover.
  /// - Throws: `InputError` when it cannot be started.
  static func start(
    python: String, environment: [String: String], log: WorkerLog, memory: Int32, file: String,
    timeout: Double
  ) async throws -> PythonWorker {
    let (socket, other) = try WorkerSocket.pair()
    defer { close(other) }
    let worker = PythonWorker(socket: socket, log: log, file: file, timeout: timeout)
    let bootstrap = String(decoding: PackageResources.bootstrap_py, as: UTF8.self)
    let process = try await WorkerProcess.start(
      WorkerProcess.Command(
        words: [python, "-c", bootstrap], environment: environment,
        descriptors: [other, memory], output: log.descriptor)
    ) { ending in
      socket.end()
      worker.note { $0.ending = ending }
    }
    worker.state.withLock { $0.process = process }
    let reader = Thread { worker.listen() }
    reader.name = "stockpot.python"
    reader.start()
    socket.send(try JSONEncoder().encode(Start()))
    return worker
  }

  /// The first frame: the worker's program, and what it has to know before any request.
  private struct Start: Encodable {
    let parent = getpid()
    let memory = 4
    let modules = PythonWorker.modules
  }

  private static let modules: [String: String] = [
    "stockpot_channel": PackageResources.channel_py,
    "stockpot_failures": PackageResources.failures_py,
    "stockpot_plain_model": PackageResources.plain_model_py,
    "stockpot_splits": PackageResources.splits_py,
    "stockpot_tensors": PackageResources.tensors_py,
    "stockpot_torch_model": PackageResources.torch_model_py,
    "stockpot_worker": PackageResources.worker_py,
  ].mapValues { String(decoding: $0, as: UTF8.self) }

  var pid: pid_t { state.withLock { $0.process?.pid ?? 0 } }
  var isDead: Bool { state.withLock { $0.death != nil } }

  /// Ends the process at once, with all that it started.
  func kill() { state.withLock { $0.process }?.kill() }

  /// Ends it when it is still at something after `seconds` that nobody waits for any more.
  func kill(unlessIdleAfter seconds: Double) {
    let stuck = state.withLock { $0.abandoned }
    guard !stuck.isEmpty else { return }
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in
      guard let self else { return }
      let isStuck = self.state.withLock { state in
        // Requests are answered in their order: it is at the oldest.
        guard let oldest = state.abandoned.min(), stuck.contains(oldest) else { return false }
        return state.waiting.keys.allSatisfy { $0 > oldest }
      }
      if isStuck { self.kill() }
    }
  }

  /// Asks for something and waits for the answer.
  ///
  /// - Throws: `InputError` for what the worker found wrong, `WorkerDeath`, or `CancellationError`; a
  ///   cancelled request is not waited for, whatever the worker does.
  func call(
    _ request: WorkerRequest, payload: [UInt8] = []
  ) async throws -> (WorkerAnswer, [UInt8]) {
    var request = request
    request.id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    let id = request.id
    let json = try JSONEncoder().encode(request)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let refusal: (any Error)? = state.withLock { state in
          if let death = state.death { return death }
          if Task.isCancelled { return CancellationError() }
          if state.waiting.isEmpty { state.lastHeard = .now }
          state.waiting[id] = continuation
          // Within the lock, so that requests are sent in the order of their numbers.
          socket.send(json, payload: payload)
          return nil
        }
        if let refusal { continuation.resume(throwing: refusal) } else { watch() }
      }
    } onCancel: {
      drop(id)
    }
  }

  private func drop(_ id: Int) {
    let continuation = state.withLock { state in
      let continuation = state.waiting.removeValue(forKey: id)
      if continuation != nil { state.abandoned.insert(id) }
      return continuation
    }
    guard let continuation else { return }
    var request = WorkerRequest(.drop)
    request.ids = [id]
    if let json = try? JSONEncoder().encode(request) { socket.send(json) }
    continuation.resume(throwing: CancellationError())
  }

  // MARK: Answers

  private func listen() {
    while let frame = socket.receive() {
      guard let reply = try? JSONDecoder().decode(WorkerReply.self, from: frame.json) else {
        state.withLock {
          $0.gibberish = String(String(decoding: frame.json, as: UTF8.self).prefix(80))
        }
        break
      }
      deliver(reply, frame.payload)
    }
    kill()
    note { $0.isDrained = true }
  }

  private func deliver(_ reply: WorkerReply, _ payload: [UInt8]) {
    let continuation = state.withLock { state -> Continuation? in
      state.lastHeard = .now
      if reply.progress != nil { return nil }
      state.abandoned.remove(reply.id)
      return state.waiting.removeValue(forKey: reply.id)
    }
    guard let continuation else { return }
    if let answer = reply.ok {
      continuation.resume(returning: (answer, payload))
    } else if let problem = reply.error {
      continuation.resume(throwing: inputError(problem))
    } else {
      continuation.resume(throwing: CancellationError())
    }
  }

  private func inputError(_ problem: WorkerProblem) -> InputError {
    var mend = problem.mend
    if problem.traceback != nil {
      let hint = "The whole traceback is in \(log.path)"
      mend = mend.map { "\($0). \(hint)" } ?? hint
    }
    return InputError(file: file, place: problem.place, problem: problem.problem, mend: mend)
  }

  // MARK: Death

  /// Takes note of one of the two signs of the end; after both, everybody who waits is told.
  private func note(_ sign: (inout State) -> Void) {
    let (waiting, death) = state.withLock {
      state -> ([Continuation], WorkerDeath?) in
      sign(&state)
      guard state.isDrained, let ending = state.ending, state.death == nil else { return ([], nil) }
      let cause: WorkerDeath.Cause =
        state.isHanging ? .hung(timeout) : state.gibberish.map { .gibberish($0) } ?? .ended(ending)
      let death = WorkerDeath(cause: cause, lastWords: log.tail(), log: log.path)
      state.death = death
      state.abandoned = []
      defer { state.waiting = [:] }
      return (Array(state.waiting.values), death)
    }
    guard let death else { return }
    for continuation in waiting { continuation.resume(throwing: death) }
  }

  /// Looks after `timeout` seconds without a sign of life while somebody waits.
  private func watch() {
    let isNew = state.withLock { state in
      defer { state.isWatching = true }
      return !state.isWatching
    }
    if isNew { look(after: timeout) }
  }

  private func look(after seconds: Double) {
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in
      guard let self else { return }
      let rest: Double? = self.state.withLock { state in
        guard !state.waiting.isEmpty, state.death == nil else {
          state.isWatching = false
          return nil
        }
        let silence = state.lastHeard.duration(to: .now)
        return self.timeout
          - (Double(silence.components.seconds)
            + Double(silence.components.attoseconds) * 1e-18)
      }
      guard let rest else { return }
      if rest > 0 { self.look(after: rest) } else { self.endHanging() }
    }
  }

  /// Has the worker say where it hangs, then ends it.
  private func endHanging() {
    // Said first: one that has just begun has no answer ready, and ends by the signal itself.
    let process = state.withLock { state in
      state.isHanging = true
      return state.process
    }
    process?.signal(SIGUSR2)
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.3) { [self] in kill() }
  }
}
