import Checkpoints
import Foundation
import Ledger
import Synchronization

/// How a person left the table of a sweep, kept in the ledger's folder.
///
/// Columns go by names that the dashboard gives them; what it does not know it passes over.
package struct TableMemory: Codable, Hashable, Sendable {
  /// In order, the hidden ones too.
  package var columns: [String]
  package var hidden: [String]
  package var sort: String
  package var isAscending: Bool

  package init(columns: [String], hidden: [String], sort: String, isAscending: Bool) {
    self.columns = columns
    self.hidden = hidden
    self.sort = sort
    self.isAscending = isAscending
  }
}

/// Memories that wait to be written.
struct MemoryDesk {
  var next: TableMemory?
  var task: Task<Void, Never>?
}

extension Kitchen {
  private var memoryFile: String { ledger.directory + "/dashboard.json" }

  /// How the table was left; nil when it never was, or the file cannot be understood.
  package func recallTable() -> TableMemory? {
    guard let data = FileManager.default.contents(atPath: memoryFile) else { return nil }
    return try? JSONDecoder().decode(TableMemory.self, from: data)
  }

  /// Writes in the background how the table is left; of several in a row only the last.
  package func remember(_ memory: TableMemory) {
    memories.withLock { desk in
      desk.next = memory
      guard desk.task == nil else { return }
      desk.task = Task(priority: .utility) { [self] in
        // A key held down changes the table many times a second.
        try? await Task.sleep(for: .milliseconds(200))
        writeMemory()
      }
    }
  }

  private func writeMemory() {
    let memory = memories.withLock { desk in
      desk.task = nil
      defer { desk.next = nil }
      return desk.next
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    do {
      guard let memory else { return }
      let text = Array(try encoder.encode(memory)) + [UInt8(ascii: "\n")]
      let file = try AtomicFile(path: memoryFile, overwrite: true)
      try text.withUnsafeBytes { try file.write($0, at: 0) }
      try file.commit()
    } catch {
      observer(.trouble("the table's columns are not remembered: \(error)"))
    }
  }
}
