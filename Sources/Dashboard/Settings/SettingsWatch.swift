import Dispatch
import Foundation

/// Hears when a file of settings is saved; it sleeps until the system tells it.
package final class SettingsWatch {
  private let source: any DispatchSourceRead

  /// Watches `config.toml` in a folder, and the themes in `themes` there.
  /// - Parameter saved: called on a thread of its own, once for what was saved together.
  /// - Returns: nil where there is nothing to watch, or the system cannot.
  package init?(folder: String, saved: @escaping @Sendable () -> Void) {
    let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    guard descriptor >= 0 else { return nil }
    // A file is written in place, or another takes its name.
    let saving = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO)
    let settings = inotify_add_watch(descriptor, folder, saving)
    guard settings >= 0 else {
      close(descriptor)
      return nil
    }
    _ = inotify_add_watch(descriptor, folder + "/themes", saving)
    source = DispatchSource.makeReadSource(
      fileDescriptor: descriptor, queue: DispatchQueue(label: "stockpot.settings"))
    source.setEventHandler {
      let concerns = Self.events(from: descriptor).contains { event in
        event.watch == settings ? event.name == "config.toml" : event.name.hasSuffix(".toml")
      }
      if concerns { saved() }
    }
    source.setCancelHandler { close(descriptor) }
    source.resume()
  }

  deinit { source.cancel() }

  /// What has happened, as inotify(7) lays it out: watch, mask, cookie and the length of the name,
  /// four bytes each, then the name, filled up with zeros.
  private static func events(from descriptor: Int32) -> [(watch: Int32, name: String)] {
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return [] }
    var events: [(watch: Int32, name: String)] = []
    bytes.withUnsafeBytes { bytes in
      var place = 0
      while place + 16 <= count {
        let length = Int(bytes.loadUnaligned(fromByteOffset: place + 12, as: UInt32.self))
        let name = bytes[(place + 16)..<min(place + 16 + length, count)].prefix { $0 != 0 }
        events.append(
          (
            bytes.loadUnaligned(fromByteOffset: place, as: Int32.self),
            String(decoding: name, as: UTF8.self)
          ))
        place += 16 + length
      }
    }
    return events
  }
}
