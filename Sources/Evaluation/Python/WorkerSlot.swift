import Checkpoints
import Foundation
import Synchronization

/// A worker's place in the crew: its process is started when it is needed, and again when it died.
final class WorkerSlot: Sendable {
  /// What all workers of an evaluator have in common.
  struct Settings: Sendable {
    let python: String
    let file: String
    let sources: PythonSources
    let folder: String
    let logFolder: String
    let environment: [String: String]
    let options: PythonOptions
    let threads: Int
    let handover: WeightsHandover
  }

  /// A worker that has loaded the user's file.
  struct Ready: Sendable {
    let worker: PythonWorker
    let facts: WorkerAnswer
  }

  private let index: Int
  private let settings: Settings
  private struct State {
    var starting: Task<Ready, any Error>?
    /// How many wait for `starting`.
    var waiters = 0
    var worker: PythonWorker?
    var isClosed = false
  }
  private let state = Mutex(State())

  init(index: Int, settings: Settings) {
    self.index = index
    self.settings = settings
  }

  /// Has `body` use the worker; when that dies meanwhile, once more with a new one.
  ///
  /// - Throws: what `body` throws; `InputError` when the second worker has died too.
  func use<Result: Sendable>(
    _ body: @Sendable (Ready) async throws -> Result
  ) async throws -> Result {
    do {
      return try await body(try await ready())
    } catch is WorkerDeath {
      try Task.checkCancellation()
      do {
        return try await body(try await ready())
      } catch let death as WorkerDeath {
        throw death.inputError(file: settings.file)
      }
    }
  }

  /// Ends the process for good.
  func close() {
    let worker = state.withLock { state in
      state.isClosed = true
      state.starting?.cancel()
      return state.worker
    }
    worker?.kill()
  }

  /// The worker, unless none was started.
  var worker: PythonWorker? { state.withLock { $0.worker } }

  private func ready() async throws -> Ready {
    while true {
      let task = try join()
      do {
        return try await withTaskCancellationHandler {
          try await task.value
        } onCancel: {
          leave(task)
        }
      } catch {
        state.withLock { if $0.starting == task { $0.starting = nil } }
        // The last who waited had gone when this one came: it starts anew.
        guard error is CancellationError, !Task.isCancelled else { throw error }
      }
    }
  }

  /// The start that is under way or done, or a new one.
  private func join() throws -> Task<Ready, any Error> {
    try state.withLock { state in
      if state.isClosed { throw CancellationError() }
      if let starting = state.starting, state.worker?.isDead != true {
        state.waiters += 1
        return starting
      }
      state.worker = nil
      state.waiters = 1
      let task = Task { try await self.start() }
      state.starting = task
      return task
    }
  }

  /// Loading the file takes seconds: it is broken off only when nobody waits for it any more.
  private func leave(_ task: Task<Ready, any Error>) {
    let isLast = state.withLock { state in
      guard state.starting == task else { return false }
      state.waiters -= 1
      return state.waiters == 0
    }
    if isLast { task.cancel() }
  }

  private func start() async throws -> Ready {
    try settings.sources.checkUnchanged()
    let log = try WorkerLog(
      folder: settings.logFolder, index: index,
      header: "\(Date().ISO8601Format()) \(settings.python) for \(settings.file)")
    let worker = try await PythonWorker.start(
      python: settings.python, environment: settings.environment, log: log,
      memory: settings.handover.descriptor, file: settings.file, timeout: settings.options.timeout)
    let isClosed = state.withLock { state in
      state.worker = worker
      return state.isClosed
    }
    do {
      if isClosed { throw CancellationError() }
      var request = WorkerRequest(.load)
      request.protocolVersion = workerProtocolVersion
      request.file = settings.file
      request.folder = settings.folder
      request.device = settings.options.device ?? ""
      request.index = index
      request.workers = settings.options.workers
      request.threads = settings.threads
      request.arguments = settings.options.arguments
      let (facts, _) = try await worker.call(request)
      return Ready(worker: worker, facts: facts)
    } catch {
      worker.kill()
      throw error
    }
  }
}
