extension String {
  /// The text, or its beginning when a person would not read all of it.
  var excerpt: String {
    let most = 200
    return utf8.count <= most ? self : "\(prefix(most))…"
  }
}

extension Collection<String> {
  /// The first few, with commas between.
  var listed: String {
    let most = 4
    return prefix(most).map(\.excerpt).joined(separator: ", ") + (count > most ? ", …" : "")
  }
}

extension Int {
  /// `1 entry`, `2 entries`.
  func counting(_ one: String, _ many: String) -> String { "\(self) \(self == 1 ? one : many)" }
}
