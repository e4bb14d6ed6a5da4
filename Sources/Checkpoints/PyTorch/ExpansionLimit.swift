/// How much larger the tensors of a file may be than what it stores.
///
/// Expanded tensors and tied ones take no room in a file, but all of theirs once they are read: a
/// few bytes could ask for any amount.
struct ExpansionLimit {
  /// Even in small files that much may be expanded.
  private static let least = 64 << 20
  /// Layers that share their weights make a model larger than its file, but not by more.
  private static let mostTimes = 256

  /// Bytes of all storages.
  private let stored: Int
  private var expanded = 0
  private var total = 0

  init(stored: Int) { self.stored = stored }

  /// Counts a tensor of `byteCount` bytes, of which `distinct` lie in its storage.
  ///
  /// - Returns: what is wrong when it, with those before, is too much.
  mutating func add(byteCount: Int, distinct: Int) -> String? {
    let (total, overflow) = total.addingReportingOverflow(byteCount)
    self.total = total
    // No more than the total, which has just been found to fit.
    if !overflow { expanded += max(0, byteCount - distinct) }
    if expanded > max(stored, Self.least) {
      return "is expanded from \(distinct) to \(byteCount) bytes, "
        + "which with others is too much for the \(stored) bytes that the file stores"
    }
    guard overflow || total / Self.mostTimes > max(stored, Self.least / Self.mostTimes) else {
      return nil
    }
    return "makes more than \(Self.mostTimes) times the \(stored) bytes that the file stores"
  }
}
