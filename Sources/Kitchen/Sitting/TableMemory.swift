import Checkpoints
import Foundation
import Ledger
import Synchronization

/// How a person left the table of a sweep and its scatter plot, kept in the ledger's folder.
///
/// Columns go by names that the dashboard gives them; what it does not know it passes over.
package struct TableMemory: Codable, Hashable, Sendable {
  /// In order, the hidden ones too.
  package var columns: [String]
  package var hidden: [String]
  package var sort: String
  package var isAscending: Bool
  /// What was chosen for the axes of the scatter plot; nil for what stands there unasked.
  package var scatterX: String?
  package var scatterY: String?

  package init(columns: [String], hidden: [String], sort: String, isAscending: Bool) {
    self.columns = columns
    self.hidden = hidden
    self.sort = sort
    self.isAscending = isAscending
  }
}

/// What waits to be written of how a person left the dashboard.
struct MemoryDesk {
  var table: TableMemory?
  var soups: [KeptSoup]?
  var pick: HandPickedSet?
  /// The soups that the ledger has of this program.
  var written: [KeptSoup] = []
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
    remember { $0.table = memory }
  }

  /// Lays something on the desk and sees that it is written.
  func remember(_ change: (inout MemoryDesk) -> Void) {
    memories.withLock { desk in
      change(&desk)
      guard desk.task == nil else { return }
      desk.task = Task(priority: .utility) { [self] in
        // A key held down changes the table many times a second.
        try? await Task.sleep(for: .milliseconds(200))
        writeMemories()
      }
    }
  }

  private func writeMemories() {
    let (table, soups, pick) = memories.withLock { desk in
      defer { (desk.table, desk.soups, desk.pick, desk.task) = (nil, nil, nil, nil) }
      return (desk.table, desk.soups, desk.pick)
    }
    do {
      if let soups { try write(soups) }
      if let table { try write(table, to: memoryFile) }
      if let pick { try write(pick, to: pickFile) }
    } catch {
      observer(.trouble("what was changed is not remembered: \(error)"))
    }
  }

  private func write(_ memory: some Encodable, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let text = Array(try encoder.encode(memory)) + [UInt8(ascii: "\n")]
    let file = try AtomicFile(path: path, overwrite: true)
    try text.withUnsafeBytes { try file.write($0, at: 0) }
    try file.commit()
  }
}
