import Checkpoints
import Dispatch
import Foundation

/// One end of the connection to a worker: frames out from any thread, frames in from one.
///
/// A frame is two 32-bit lengths, a JSON object and bytes that belong to it; Worker/channel.py is the
/// other end.
final class WorkerSocket: Sendable {
  struct Frame: Sendable {
    let json: Data
    let payload: [UInt8]
  }

  let descriptor: Int32
  /// Writing may block while a worker is busy, which must hold up nobody else.
  private let writing = DispatchQueue(label: "stockpot.python.write")

  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// A pair of connected sockets: ours, and the descriptor for the worker.
  ///
  /// - Throws: `InputError` when the system has none.
  static func pair() throws -> (WorkerSocket, worker: Int32) {
    var ends: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw InputError(
        file: "Python", problem: "cannot be connected to: \(String(cString: strerror(errno)))",
        mend: "Raise the limit of open files with ulimit -n")
    }
    return (WorkerSocket(descriptor: ends[0]), ends[1])
  }

  /// Sends a frame; what a dead worker does not read is lost without a word.
  func send(_ json: Data, payload: [UInt8] = []) {
    writing.async { [self] in
      var bytes = Data(capacity: 8 + json.count + payload.count)
      for length in [UInt32(json.count), UInt32(payload.count)] {
        withUnsafeBytes(of: length.littleEndian) { bytes.append(contentsOf: $0) }
      }
      bytes.append(json)
      bytes.append(contentsOf: payload)
      bytes.withUnsafeBytes { buffer in
        var done = 0
        while done < buffer.count {
          let sent = Glibc.send(
            descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done,
            Int32(MSG_NOSIGNAL))
          if sent > 0 {
            done += sent
          } else if sent == 0 || errno != EINTR {
            return
          }
        }
      }
    }
  }

  /// Waits for the next frame; nil when the connection has ended.
  func receive() -> Frame? {
    guard let head = read(8) else { return nil }
    func length(_ at: Int) -> Int {
      head[at..<at + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    guard let json = read(length(0)), let payload = read(length(4)) else { return nil }
    return Frame(json: Data(json), payload: payload)
  }

  private func read(_ count: Int) -> [UInt8]? {
    var isWhole = true
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let received = recv(
          descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, 0)
        if received > 0 {
          filled += received
        } else if received == 0 || errno != EINTR {
          isWhole = false
          return
        }
      }
    }
    return isWhole ? bytes : nil
  }

  /// Ends the connection: the other end notices, and `receive` returns what is left, then nil.
  func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
