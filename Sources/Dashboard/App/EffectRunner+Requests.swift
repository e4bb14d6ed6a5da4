import Averaging
import Kitchen
import Synchronization

extension EffectRunner {
  /// Answers a request in the background.
  func answer(_ request: Request) {
    switch request {
    case .details(let name): Task { tellDetails(of: name) }
    case .compare(let first, let second): compare(SoupPair(first, second))
    case .logs: Task { post(.told(.logs(logTexts))) }
    case .followLogs:
      followed.start {
        logTexts
      } tell: { [post] in
        post(.told(.logs($0)))
      }
    case .leaveLogs: followed.stop()
    case .remember(let memory): kitchen.remember(memory)
    case .pick(let set): kitchen.remember(set)
    case .keep(let soups): kitchen.keep(soups)
    }
  }

  private var logTexts: [LogText] { kitchen.logTexts(besides: [errorLog].compactMap(\.self)) }

  /// The headers at once; what needs the file's hash when it is known.
  private func tellDetails(of name: String) {
    do {
      post(.told(.details(try kitchen.details(of: name))))
      post(.told(.history(of: name, try kitchen.history(of: name))))
    } catch {
      post(.told(.detailsFailed(of: name, cause: "\(error)")))
    }
  }

  private func compare(_ pair: SoupPair) {
    kitchen.compare(pair.first, pair.second) { [post] result in
      switch result {
      case .success(let round): post(.told(.headToHead(round, pair)))
      case .failure(let error): post(.told(.comparisonFailed("\(error)", pair)))
      }
    }
  }
}

/// Lets something through ten times a second.
final class Pulse: Sendable {
  private let last = Mutex<ContinuousClock.Instant?>(nil)

  /// Whether a tenth of a second has gone by since it was last said so.
  var isDue: Bool {
    let now = ContinuousClock.now
    return last.withLock { last in
      if let last, now - last < .milliseconds(100) { return false }
      last = now
      return true
    }
  }
}
