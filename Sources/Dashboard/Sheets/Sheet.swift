package import Averaging
package import Kitchen
package import TerminalUI

/// Something that lies over the panes and is worked with keys of its own.
package enum Sheet: Sendable {
  case columns(selected: Int)
  case details(DetailsSheet)
  case weights(WeightSheet)
  case soups(SoupsSheet)
  case versus(VersusSheet)
  case review(ExportReview)
  case logs(LogSheet)
}

/// What the reducer asks of the kitchen in the background; answers come as `Answer`.
package enum Request: Hashable, Sendable {
  /// Everything about an ingredient.
  case details(String)
  /// Two soups against each other on every split, instead of two asked for before.
  case compare(Blend, Blend)
  case logs
  /// The logs now, and again whenever they have grown.
  case followLogs
  case leaveLogs
  case remember(TableMemory)
  case pick(HandPickedSet)
  case keep([KeptSoup])
}

/// What came of a request.
package enum Answer: Sendable {
  case details(IngredientDetails)
  case history(of: String, IngredientDetails.History)
  case detailsFailed(of: String, cause: String)
  case headToHead(HeadToHead, SoupPair)
  case comparisonFailed(String, SoupPair)
  case logs([LogText])
  case exporting(ExportProgress?)
}

/// Two soups that are held against each other.
package struct SoupPair: Hashable, Sendable {
  package let first: Blend
  package let second: Blend

  package init(_ first: Blend, _ second: Blend) {
    self.first = first
    self.second = second
  }
}

/// How far a file has been written.
package struct ExportProgress: Hashable, Sendable {
  package let path: String
  package let done: Int
  package let total: Int

  package init(path: String, done: Int, total: Int) {
    self.path = path
    self.done = done
    self.total = total
  }
}

/// What the sheets show besides what they are opened with: it comes while they are open.
package struct SheetContents: Sendable {
  /// What is known of an ingredient.
  package enum Details: Sendable {
    case loading(String)
    case known(IngredientDetails)
    case failed(String, cause: String)

    package var name: String {
      switch self {
      case .loading(let name), .failed(let name, _): name
      case .known(let details): details.name
      }
    }
  }

  package var details: Details?
  package var logs: [LogText] = []
  package var export: ExportProgress?

  package init() {}
}

/// The details of one ingredient, in parts that are turned over.
package struct DetailsSheet: Hashable, Sendable {
  package enum Part: String, CaseIterable, Hashable, Sendable {
    case overview
    case tensors
    case evaluations
    case metadata
  }

  package var part = Part.overview
  /// The first line that is seen.
  package var scroll = 0

  package init() {}
}

/// The weights of the soup at hand while they are edited.
package struct WeightSheet: Hashable, Sendable {
  /// Place among the members.
  package var selected = 0
  /// The number being typed; nil when none is.
  package var field: LineEditor?

  package init(selected: Int = 0) { self.selected = selected }
}

/// The soups that are kept, the one at hand first.
package struct SoupsSheet: Hashable, Sendable {
  /// A name being typed, and what for.
  package enum Naming: Hashable, Sendable {
    case keep(SoupSource)
    case rename(String)
  }

  package var selected = 0
  package var naming: Naming?
  package var field = LineEditor()

  package init() {}
}

/// Where a soup is found.
package enum SoupSource: Hashable, Sendable {
  case atHand
  case kept(String)
  /// What a job ended with.
  case job(Job.ID)
}

/// Two soups side by side.
package struct VersusSheet: Hashable, Sendable {
  package var first: SoupSource
  package var second: SoupSource
  package var pair: SoupPair
  /// By split, as they come.
  package var rounds: [HeadToHead] = []
  package var failure: String?
  package var scroll = 0
  package var showsDifferencesOnly = false
}

/// What is about to be written, to be read before it is.
package struct ExportReview: Hashable, Sendable {
  package let request: ExportRequest
  package let blend: Blend
  package let origin: String
  package var scroll = 0
  /// Whether writing is chosen; the safe choice is not to.
  package var isWriting = false
}

/// The messages, and what other code wrote on its logs.
package struct LogSheet: Hashable, Sendable {
  /// Place among the messages and the logs.
  package var tab = 0
  /// The first line that is seen; nil follows the end while it grows.
  package var first: Int?
  /// What is looked for; empty for nothing.
  package var query = ""
  /// The query while it is typed.
  package var field: LineEditor?

  package init() {}
}
