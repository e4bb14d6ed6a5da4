import Synchronization

/// Files whose checksum this process has seen to be right.
final class VerifiedFiles: Sendable {
  private let addresses = Mutex<Set<ContentAddress>>([])

  func contains(_ address: ContentAddress) -> Bool {
    addresses.withLock { $0.contains(address) }
  }

  func insert(_ address: ContentAddress) {
    addresses.withLock { _ = $0.insert(address) }
  }

  func remove(_ address: ContentAddress) {
    addresses.withLock { _ = $0.remove(address) }
  }
}
