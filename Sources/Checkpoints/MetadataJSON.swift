import FoundationEssentials

/// Words that a checkpoint carries about itself, as a JSON object of strings.
enum MetadataJSON {
  static func encode(_ metadata: [String: String]) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    return Array(try encoder.encode(metadata))
  }

  /// Nil for anything but an object of strings.
  static func decode(_ bytes: [UInt8]) -> [String: String]? {
    try? JSONDecoder().decode([String: String].self, from: Data(bytes))
  }
}
