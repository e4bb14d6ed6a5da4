/// Turns the bytes that a terminal sends into events, however reads cut them up.
///
/// Bytes are a stream of many events, never one key: a burst of typing, a paste or a slow link
/// loses nothing. A sequence that has begun waits for its rest (`isWaiting`); when nothing follows
/// for about 25 ms the caller calls `flush`, which settles that a lone Esc was the Esc key.
/// Sequences that mean nothing here are passed over whole, and no input can make it fail.
package struct InputDecoder: Sendable {
  /// The bytes of a paste that are kept; what is longer is cut, so that memory stays bounded.
  package static let pasteLimit = 1 << 20

  /// Bytes of a sequence whose end has not come yet.
  private var pending: [UInt8] = []
  /// The bytes of the paste under way; nil outside one.
  private var paste: [UInt8]?
  /// The beginning of what may be the end mark of a paste, kept for the next read.
  private var held: [UInt8] = []

  /// A decoder at the beginning of a stream.
  package init() {}

  /// Whether a sequence has begun and not ended, so that `flush` is due when nothing follows.
  package var isWaiting: Bool { paste == nil && !pending.isEmpty }

  /// How long to wait for the rest before calling `flush`; nil when nothing is waited for.
  ///
  /// Esc may be the key by itself, so its rest has to come at once. A longer beginning can only be
  /// a report or a character that a slow connection has cut: its rest, taken for keys, would do
  /// harm.
  package var patience: Duration? {
    guard isWaiting else { return nil }
    return pending.count <= 2 && pending[0] == 0x1B ? .milliseconds(25) : .milliseconds(500)
  }

  /// Takes more bytes and gives the events that are complete.
  /// - Complexity: O(number of bytes).
  package mutating func decode(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
    pending.append(contentsOf: bytes)
    var events: [InputEvent] = []
    var position = 0
    while position < pending.count {
      if paste != nil {
        guard let end = continuePaste(from: position, into: &events) else {
          position = pending.count
          break
        }
        position = end
        continue
      }
      switch SequenceParser.parse(pending[position...]) {
      case .event(let event, let length):
        events.append(event)
        position += length
      case .nothing(let length): position += length
      case .pasteBegins(let length):
        paste = []
        position += length
      case .incomplete:
        pending.removeFirst(position)
        return events
      }
    }
    pending.removeAll(keepingCapacity: true)
    pending.append(contentsOf: held)
    held.removeAll(keepingCapacity: true)
    return events
  }

  /// Settles what has begun and was not continued: Esc by itself, or Alt with a bracket.
  package mutating func flush() -> [InputEvent] {
    guard isWaiting else { return [] }
    let bytes = pending
    pending.removeAll(keepingCapacity: true)
    if bytes == [0x1B] { return [.key(KeyPress(.escape))] }
    if bytes.count == 2, bytes[0] == 0x1B {
      let character = Character(Unicode.Scalar(bytes[1]))
      return bytes[1] > 0x20 && bytes[1] < 0x7F ? [.key(KeyPress(character, .alt))] : []
    }
    return []
  }

  private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

  /// Collects pasted bytes from `position`; gives where the paste ended, nil when it goes on.
  private mutating func continuePaste(
    from position: Int, into events: inout [InputEvent]
  ) -> Int? {
    let mark = Self.pasteEnd
    var index = position
    while index < pending.count {
      guard pending[index] == 0x1B else {
        keepPasted(pending[index])
        index += 1
        continue
      }
      let available = min(mark.count, pending.count - index)
      guard pending[index..<(index + available)].elementsEqual(mark[..<available]) else {
        keepPasted(pending[index])
        index += 1
        continue
      }
      guard available == mark.count else {
        held = Array(pending[index...])
        return nil
      }
      events.append(.paste(String(decoding: paste ?? [], as: UTF8.self)))
      paste = nil
      return index + mark.count
    }
    return nil
  }

  private mutating func keepPasted(_ byte: UInt8) {
    if let count = paste?.count, count < Self.pasteLimit { paste?.append(byte) }
  }
}
