/// The patterns that name a sweep's checkpoints and no others.
struct IngredientPatterns {
  /// Relative to the sweep's folder; paths one by one where no pattern fits.
  let patterns: [String]

  init(_ sweep: Sweep) {
    let directory = sweep.directory
    var groups: [[String]: [(handle: String, file: String)]] = [:]
    for ingredient in sweep.ingredients {
      guard let file = ingredient.file else { continue }
      let handle = Self.handle(of: ingredient, file: file, in: directory)
      let kind = [String(handle.split(separator: "/").count), checkpointExtension(of: handle)]
      groups[kind, default: []].append((handle, file))
    }
    let reader = SweepReader(directory: directory, manifest: nil, chosenResults: nil)
    var patterns: [String] = []
    for (_, members) in groups {
      let pattern = Self.pattern(of: members.map(\.handle))
      let said = Manifest.Said(value: pattern, place: "")
      let matched = (try? reader.listedCheckpoints(matching: said))?.map(\.file) ?? []
      let isExact =
        Set(matched).subtracting([sweep.initialisation?.file ?? ""]) == Set(members.map(\.file))
      patterns += isExact ? [pattern] : members.map { Self.literal($0.handle) }
    }
    self.patterns = patterns.sorted(by: naturallyPrecedes)
  }

  /// The folder where the ingredient has its name from it, else the file.
  private static func handle(of ingredient: Ingredient, file: String, in directory: String)
    -> String
  {
    let folder = parentFolder(of: file)
    let isNamedByFolder =
      folder != directory && lastComponent(of: folder) == ingredient.name
      && checkpointName(file) != ingredient.name && weights(inFolder: folder) == file
    let path = isNamedByFolder ? folder : file
    return path.hasPrefix(directory + "/") ? String(path.dropFirst(directory.count + 1)) : path
  }

  /// Components that are alike as they are, others as `*` with what ends all of them.
  private static func pattern(of paths: [String]) -> String {
    let split = paths.map { $0.split(separator: "/").map(String.init) }
    guard let first = split.first, paths.count > 1 else { return paths.first.map(literal) ?? "" }
    let isAbsolute = paths[0].hasPrefix("/")
    let parts = first.indices.map { place in
      let values = Set(split.map { $0[place] })
      if values.count == 1 { return literal(first[place]) }
      let ending = place == first.count - 1 ? checkpointExtension(of: first[place]) : ""
      return ending.isEmpty ? "*" : "*." + ending
    }
    return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
  }

  /// A path without characters that a pattern would take for something else.
  private static func literal(_ path: String) -> String {
    String(path.map { "*?[".contains($0) ? "?" : $0 })
  }
}
