import ArgumentParser

/// A number of bytes as a person writes it: `5GB`, `500MB`, `1.5GiB`, `100000`.
struct ByteSize: ExpressibleByArgument {
  let bytes: Int

  private static let units: [(name: String, bytes: Double)] = [
    ("kib", 0x1p10), ("mib", 0x1p20), ("gib", 0x1p30), ("tib", 0x1p40),
    ("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("tb", 1e12), ("b", 1), ("", 1),
  ]

  init?(argument: String) {
    let text = argument.lowercased()
    guard let unit = Self.units.first(where: { text.hasSuffix($0.name) }),
      let number = Double(text.dropLast(unit.name.count)), number * unit.bytes >= 1,
      let bytes = Int(exactly: (number * unit.bytes).rounded())
    else { return nil }
    self.bytes = bytes
  }
}

/// How a soup is written.
struct WritingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Of a folder: bytes of tensors that a file may hold, as 5GB (the default) or 500MB.",
      valueName: "size"))
  var shardSize: ByteSize?

  @Flag(help: "Replace the output file if it is there.")
  var overwrite = false
}
