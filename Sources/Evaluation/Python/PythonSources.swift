import Checkpoints
import Foundation

/// The Python files that logits depend on: the user's, and those in its folder that it imports.
struct PythonSources: Sendable {
  /// Absolute paths, the user's file first, the others sorted.
  let files: [String]
  private let contents: [String: Data]

  /// - Throws: `InputError` when the file cannot be read.
  init(of file: String) throws {
    let folder = (file as NSString).deletingLastPathComponent
    var contents: [String: Data] = [:]
    var waiting = [file]
    while let next = waiting.popLast() {
      guard contents[next] == nil else { continue }
      guard let data = FileManager.default.contents(atPath: next) else {
        throw InputError(
          file: next, problem: "is not there or cannot be read",
          mend: "`stockpot init --python` writes a file to start from")
      }
      contents[next] = data
      let own = (next as NSString).deletingLastPathComponent
      let text = String(decoding: data, as: UTF8.self)
      for module in Self.imports(in: text) {
        waiting += Self.candidates(module, top: folder, own: own).filter {
          FileManager.default.isReadableFile(atPath: $0)
        }
      }
    }
    self.contents = contents
    files = [file] + contents.keys.filter { $0 != file }.sorted()
  }

  /// - Throws: `InputError` naming a file that is not what it was.
  func checkUnchanged() throws {
    for file in files where FileManager.default.contents(atPath: file) != contents[file] {
      throw InputError(
        file: file, problem: "was changed while the sweep was open",
        mend: "Open the sweep again, so that results of the two are not mixed")
    }
  }

  /// Dotted names of the modules that a text imports, `a.b` for `from a import b` too.
  static func imports(in text: String) -> [String] {
    var found: [String] = []
    for statement in importStatements(in: text) {
      let words = words(of: statement)
      if words.first == "import" {
        found += names(words.dropFirst())
      } else if words.first == "from", words.count >= 3, words[2] == "import" {
        let base = words[1]
        found.append(base)
        found += names(words.dropFirst(3)).map { base.hasSuffix(".") ? base + $0 : "\(base).\($0)" }
      }
    }
    return found
  }

  /// Lines that may be imports, with those that continue them: after a backslash, or until a
  /// parenthesis is closed.
  private static func importStatements(in text: String) -> [String] {
    var found: [String] = []
    var begun = ""
    for line in text.split(whereSeparator: \.isNewline) {
      begun += line.prefix { $0 != "#" }
      if begun.last == "\\" {
        begun.removeLast()
        begun += " "
        continue
      }
      let words = words(of: begun)
      let isOpen = begun.contains("(") && !begun.contains(")")
      if isOpen, words.first == "from", words.count >= 3, words[2] == "import" {
        begun += " "
        continue
      }
      found.append(begun)
      begun = ""
    }
    return found + [begun]
  }

  private static func words(of statement: String) -> [String] {
    statement.split { $0 == " " || $0 == "\t" || $0 == "," || $0 == "(" || $0 == ")" }
      .map(String.init)
  }

  /// Without `as OTHER`.
  private static func names(_ words: ArraySlice<String>) -> [String] {
    var names: [String] = []
    var isAlias = false
    for word in words {
      if word == "as" {
        isAlias = true
      } else if isAlias {
        isAlias = false
      } else {
        names.append(word)
      }
    }
    return names
  }

  /// The files that a module's name may mean, those of the packages around it included.
  private static func candidates(_ module: String, top: String, own: String) -> [String] {
    let dots = module.prefix { $0 == "." }.count
    var base = dots == 0 ? top : own
    for _ in 0..<max(dots - 1, 0) { base = (base as NSString).deletingLastPathComponent }
    var paths: [String] = []
    var path = base
    for part in module.dropFirst(dots).split(separator: ".") {
      path += "/\(part)"
      paths += ["\(path).py", "\(path)/__init__.py"]
    }
    return paths
  }
}
