/// Whether `left` comes before `right` when runs of digits are compared as numbers.
///
/// `model_2` precedes `model_10`. Letters are compared by their bytes, so that the order is the same
/// in every locale; strings that differ only in leading zeros are ordered by their bytes.
package func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
  withBytes(of: left) { a in withBytes(of: right) { b in naturallyPrecedes(a, b) } }
}

/// Lends the UTF-8 without a copy where the string has it in one piece, as nearly all do.
private func withBytes<Result>(
  of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
  text.utf8.withContiguousStorageIfAvailable(body)
    ?? Array(text.utf8).withUnsafeBufferPointer(body)
}

private func naturallyPrecedes(
  _ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>
) -> Bool {
  var i = 0
  var j = 0
  while i < a.count, j < b.count {
    if isDigit(a[i]), isDigit(b[j]) {
      let first = digits(of: a, from: &i)
      let second = digits(of: b, from: &j)
      if first.count != second.count { return first.count < second.count }
      if !first.elementsEqual(second) { return first.lexicographicallyPrecedes(second) }
    } else {
      if a[i] != b[j] { return a[i] < b[j] }
      i += 1
      j += 1
    }
  }
  let restLeft = a.count - i
  let restRight = b.count - j
  if restLeft != restRight { return restLeft < restRight }
  return a.lexicographicallyPrecedes(b)
}

/// The run of digits at `index` without its leading zeros; `index` moves past it.
private func digits(
  of bytes: UnsafeBufferPointer<UInt8>, from index: inout Int
) -> Slice<UnsafeBufferPointer<UInt8>> {
  var start = index
  while index < bytes.count, isDigit(bytes[index]) { index += 1 }
  while start < index - 1, bytes[start] == UInt8(ascii: "0") { start += 1 }
  return bytes[start..<index]
}

private func isDigit(_ byte: UInt8) -> Bool {
  byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
}

/// A text whose plain order is the natural order of `text`: made once, it spares sorting a long list
/// the taking apart of every pair.
///
/// A run of digits becomes a `0`, the run's length and the run without its leading zeros; texts that
/// differ in leading zeros alone have the same key.
package func naturalKey(of text: String) -> [UInt8] {
  var key: [UInt8] = []
  key.reserveCapacity(text.utf8.count + 8)
  withBytes(of: text) { bytes in
    var place = 0
    while place < bytes.count {
      if isDigit(bytes[place]) {
        let run = digits(of: bytes, from: &place)
        key.append(UInt8(ascii: "0"))
        // Lengths beyond a byte take more of them, and are greater for it.
        key.append(contentsOf: repeatElement(UInt8.max, count: run.count / 255))
        key.append(UInt8(run.count % 255))
        key.append(contentsOf: run)
      } else {
        key.append(bytes[place])
        place += 1
      }
    }
  }
  return key
}
