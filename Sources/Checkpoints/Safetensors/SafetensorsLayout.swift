/// Where the tensors of a safetensors file lie, and the header that says so.
package struct SafetensorsLayout: Sendable {
  /// Length and JSON: what the file starts with.
  package let header: [UInt8]
  /// Where in the file each tensor starts, in the order in which they were given.
  package let offsets: [Int]
  /// Bytes of the whole file.
  package let byteCount: Int
  /// Indices of the tensors in the order of the data: as given, unless tensors would come to lie
  /// unaligned; then those of larger elements come first.
  let order: [Int]

  /// - Precondition: names are unique.
  package init(_ tensors: [TensorInfo], metadata: [String: String] = [:]) {
    order = Self.order(of: tensors)
    var begins = Array(repeating: 0, count: tensors.count)
    var size = 0
    for index in order {
      begins[index] = size
      size += tensors[index].byteCount
    }
    let header = Self.header(order.map { (tensors[$0], begins[$0]) }, metadata: metadata)
    self.header = header
    offsets = begins.map { $0 + header.count }
    byteCount = header.count + size
  }

  /// Indices in the order of the data: as given if that aligns every tensor, else by element size.
  private static func order(of tensors: [TensorInfo]) -> [Int] {
    var offset = 0
    var aligned = true
    for tensor in tensors {
      aligned = aligned && offset % tensor.dtype.size == 0
      offset += tensor.byteCount
    }
    if aligned { return Array(tensors.indices) }
    return tensors.indices.sorted { tensors[$0].dtype.size > tensors[$1].dtype.size }
  }

  /// Length and JSON, padded with spaces to a multiple of eight bytes.
  private static func header(
    _ entries: [(info: TensorInfo, begin: Int)], metadata: [String: String]
  ) -> [UInt8] {
    var json = "{"
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        "\(quoted($0.key)):\(quoted($0.value))"
      }
      json += "\"__metadata__\":{\(pairs.joined(separator: ","))}"
    }
    for (info, begin) in entries {
      if json.utf8.count > 1 { json += "," }
      let shape = info.shape.map(String.init).joined(separator: ",")
      json += "\(quoted(info.name)):{\"dtype\":\"\(info.dtype.rawValue)\",\"shape\":[\(shape)],"
      json += "\"data_offsets\":[\(begin),\(begin + info.byteCount)]}"
    }
    json += "}"
    let padding = (8 - json.utf8.count % 8) % 8
    json += String(repeating: " ", count: padding)
    let length = UInt64(json.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(json.utf8)
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
