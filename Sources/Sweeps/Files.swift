import Checkpoints
import Foundation

/// The whole of a small file.
/// - Throws: `InputError` that says why not.
func readBytes(of path: String) throws(InputError) -> [UInt8] {
  do {
    return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  } catch {
    throw InputError(
      file: path, problem: isThere(path) ? "cannot be read" : "no such file",
      mend: isThere(path) ? "Check that it is a file you may read" : nil)
  }
}

func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// The names in a folder in natural order, hidden ones left out; empty when it cannot be listed.
func entries(of folder: String) -> [String] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.filter { !$0.hasPrefix(".") }.sorted(by: naturallyPrecedes)
}

func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// `path` made absolute against `folder`, with `.` and `..` taken out and links kept.
func absolutePath(_ path: String, in folder: String) -> String {
  let joined = path.hasPrefix("/") ? path : folder + "/" + path
  var parts: [Substring] = []
  for part in joined.split(separator: "/") where part != "." {
    if part == ".." { _ = parts.popLast() } else { parts.append(part) }
  }
  return "/" + parts.joined(separator: "/")
}

/// What follows the last `/`.
func lastComponent(of path: String) -> String {
  let bytes = path.utf8
  let slash = UInt8(ascii: "/")
  guard let last = bytes.lastIndex(where: { $0 != slash }) else { return path }
  let start = bytes[..<last].lastIndex(of: slash).map(bytes.index(after:)) ?? bytes.startIndex
  return String(path[start...last])
}

/// What precedes the last `/` of an absolute path.
func parentFolder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
  return String(path[..<slash])
}

/// In lower case and without the dot; empty when there is none.
func fileExtension(of path: String) -> String {
  let name = lastComponent(of: path)
  guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
  return name[name.index(after: dot)...].lowercased()
}

/// The file's name without its extension.
func stem(of path: String) -> String {
  let name = lastComponent(of: path)
  guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
  return String(name[..<dot])
}
