import Glibc
import Synchronization

/// The anonymous memory of this process: what it holds beside mapped files.
enum AnonymousMemory {
  /// By how many bytes it grew at most while `run` ran; nil where the system does not tell.
  static func growth(during run: () throws -> Void) throws -> Int? {
    // A block kept from an earlier run would hide what this one takes.
    MemoryBlock.releaseSpare()
    guard let before = residentAnonymous() else { return nil }
    let watcher = Watcher()
    var thread = pthread_t()
    let started = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Watcher>.fromOpaque(argument).takeUnretainedValue().watch()
        return nil
      }, Unmanaged.passUnretained(watcher).toOpaque())
    guard started == 0 else { return nil }
    defer {
      watcher.finished.store(true, ordering: .relaxed)
      pthread_join(thread, nil)
    }
    try run()
    return max(0, watcher.peak.load(ordering: .relaxed) - before)
  }

  private final class Watcher: Sendable {
    let finished = Atomic(false)
    let peak = Atomic(0)

    func watch() {
      while !finished.load(ordering: .relaxed) {
        if let now = residentAnonymous() { peak.max(now, ordering: .relaxed) }
        usleep(500)
      }
    }
  }

  /// `RssAnon` of this process in bytes.
  private static func residentAnonymous() -> Int? {
    let descriptor = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let text = String(unsafeUninitializedCapacity: 4096) {
      max(0, read(descriptor, $0.baseAddress, 4096))
    }
    let line = text.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
    return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
      .flatMap { Int($0) }.map { $0 << 10 }
  }
}
