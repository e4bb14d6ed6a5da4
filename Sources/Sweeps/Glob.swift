import Foundation

/// The files and folders that a pattern names, in natural order.
///
/// `*`, `?` and `[…]` match within one component, `**` any number of folders. Names that start with
/// a dot are matched only by a pattern that does. Links to folders are followed, to a depth of 16.
/// - Parameter folder: what a relative pattern is relative to.
func glob(_ pattern: String, in folder: String) -> [String] {
  let parts = pattern.split(separator: "/").map(String.init)
  var found: [String] = []
  expand(parts[...], in: pattern.hasPrefix("/") ? "/" : folder, depth: 0, into: &found)
  var seen: Set<String> = []
  return found.filter { seen.insert($0).inserted }.sorted(by: naturallyPrecedes)
}

private func expand(
  _ parts: ArraySlice<String>, in folder: String, depth: Int, into found: inout [String]
) {
  guard let part = parts.first else {
    found.append(folder)
    return
  }
  let rest = parts.dropFirst()
  let base = folder == "/" ? "/" : folder + "/"
  if part == "." {
    expand(rest, in: folder, depth: depth, into: &found)
  } else if part == ".." {
    expand(rest, in: parentFolder(of: folder), depth: depth, into: &found)
  } else if part == "**" {
    expand(rest, in: folder, depth: depth, into: &found)
    guard depth < 16 else { return }
    for name in entries(of: folder) where isFolder(base + name) {
      expand(parts, in: base + name, depth: depth + 1, into: &found)
    }
  } else if part.contains(where: { "*?[".contains($0) }) {
    let names = part.hasPrefix(".") ? hiddenEntries(of: folder) : entries(of: folder)
    for name in names where fnmatch(part, name, 0) == 0 {
      expand(rest, in: base + name, depth: depth, into: &found)
    }
  } else if isThere(base + part) {
    expand(rest, in: base + part, depth: depth, into: &found)
  }
}

private func hiddenEntries(of folder: String) -> [String] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.filter { $0.hasPrefix(".") }.sorted(by: naturallyPrecedes)
}
