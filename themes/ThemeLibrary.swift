package import Foundation
import TOMLText

/// Finds themes by name: the built-in ones, and those in the folders it is given.
package struct ThemeLibrary: Sendable {
  /// Where a theme comes from.
  package enum Origin: Hashable, Sendable {
    case builtin(String)
    case file(URL)

    var name: String {
      switch self {
      case .builtin(let name): name
      case .file(let url): url.deletingPathExtension().lastPathComponent
      }
    }
  }

  /// Folders of `*.toml`, searched in order before the built-in themes.
  package let folders: [URL]

  /// A library of the built-in themes and those in `folders`, the first of which wins; they need
  /// not exist.
  package init(folders: [URL] = []) { self.folders = folders }

  /// The names of the built-in themes, the plainest last.
  package static let builtins = [
    "dark", "light", "high-contrast", "cvd-dark", "cvd-light", "ansi16", "mono",
  ]

  /// Every theme that can be loaded by name, sorted; a user's file hides a built-in theme of its
  /// name.
  package var themes: [(name: String, origin: Origin)] {
    var found: [String: Origin] = [:]
    for name in Self.builtins { found[name] = .builtin(name) }
    for folder in folders.reversed() {
      let files = try? FileManager.default.contentsOfDirectory(
        at: folder, includingPropertiesForKeys: nil)
      for file in files ?? [] where file.pathExtension == "toml" {
        found[file.deletingPathExtension().lastPathComponent] = .file(file)
      }
    }
    return found.map { ($0.key, $0.value) }.sorted { $0.name < $1.name }
  }

  /// The names of `themes`.
  package var names: [String] { themes.map(\.name) }

  /// A theme by name, fitted to a terminal.
  ///
  /// - Parameters:
  ///   - name: One of `names`.
  ///   - depth: The colours the terminal shows.
  ///   - unicode: Whether its locale shows more than ASCII.
  ///   - transparent: Leaves the background to the terminal.
  /// - Throws: `ThemeError`, with line and column for what is wrong in a file.
  package func load(
    named name: String, depth: ColorDepth, unicode: Bool = true, transparent: Bool = false
  ) throws -> Theme {
    let origin = try origin(of: name, besides: [], asked: nil)
    return try load(origin, name: name, depth, unicode, transparent)
  }

  /// A theme file, fitted to a terminal; see `load(named:depth:unicode:transparent:)`.
  package func load(
    file: URL, depth: ColorDepth, unicode: Bool = true, transparent: Bool = false
  ) throws -> Theme {
    let name = file.deletingPathExtension().lastPathComponent
    return try load(.file(file), name: name, depth, unicode, transparent)
  }

  private func load(
    _ origin: Origin, name: String, _ depth: ColorDepth, _ unicode: Bool, _ transparent: Bool
  ) throws -> Theme {
    var document = try read(origin, name: name)
    var seen = [origin]
    while let parent = document.extends ?? root(above: document, at: seen) {
      let next = try self.origin(of: parent, besides: seen, asked: document.file)
      seen.append(next)
      let below = try read(next, name: parent)
      document = document.over(below)
      document.extends = below.extends
    }
    return try ThemeResolver.theme(
      document, depth: depth, unicode: unicode, transparent: transparent)
  }

  /// A theme that extends nothing stands on the built-in one of its appearance, so that every token
  /// has a look.
  private func root(above document: ThemeDocument, at seen: [Origin]) -> String? {
    guard !seen.contains(where: Self.isBuiltin) else { return nil }
    return document.appearance == .light ? "light" : "dark"
  }

  private static func isBuiltin(_ origin: Origin) -> Bool {
    if case .builtin = origin { true } else { false }
  }

  /// Where a name leads, leaving out the files already read: a user's `dark.toml` may extend
  /// `dark`.
  private func origin(of name: String, besides seen: [Origin], asked: String?) throws -> Origin {
    for folder in folders {
      let file = folder.appendingPathComponent(name + ".toml")
      let origin = Origin.file(file)
      if !seen.contains(origin), FileManager.default.fileExists(atPath: file.path) {
        return origin
      }
    }
    let builtin = Origin.builtin(name)
    if Self.builtins.contains(name), !seen.contains(builtin) { return builtin }
    if seen.contains(builtin) || seen.contains(where: { $0.name == name }) {
      throw ThemeError(file: asked ?? name, problem: "extends itself, by way of \"\(name)\"")
    }
    let near = Spelling.nearest(to: name, among: names)
    throw ThemeError(
      file: asked ?? name, problem: "no theme is called \"\(name)\"",
      mend: near.map { "Did you mean \"\($0)\"?" }
        ?? "Known: " + names.joined(separator: ", "))
  }

  private func read(_ origin: Origin, name: String) throws -> ThemeDocument {
    switch origin {
    case .builtin(let name):
      guard let bytes = Self.embedded[name] else {
        throw ThemeError(file: name, problem: "no theme is called \"\(name)\"")
      }
      let text = String(decoding: bytes, as: UTF8.self)
      return try ThemeReader.read(text, file: "\(name).toml", name: name)
    case .file(let url):
      guard let data = try? Data(contentsOf: url) else {
        throw ThemeError(file: url.path, problem: "cannot be read")
      }
      guard let text = String(data: data, encoding: .utf8) else {
        throw ThemeError(file: url.path, problem: "not UTF-8", mend: "Save it as UTF-8")
      }
      return try ThemeReader.read(text, file: url.path, name: name)
    }
  }

  private static let embedded: [String: [UInt8]] = [
    "ansi16": PackageResources.ansi16_toml,
    "cvd-dark": PackageResources.cvd_dark_toml,
    "cvd-light": PackageResources.cvd_light_toml,
    "dark": PackageResources.dark_toml,
    "high-contrast": PackageResources.high_contrast_toml,
    "light": PackageResources.light_toml,
    "mono": PackageResources.mono_toml,
  ]
}
