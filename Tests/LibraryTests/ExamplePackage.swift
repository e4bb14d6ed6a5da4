import Foundation
import Glibc

@testable import Evaluation

/// The repository that these tests are compiled from.
let repository = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A copy of `Tests/Example` that is built beside the products under test, so that nothing is written
/// into the repository and a second build is short.
struct ExamplePackage {
  private let folder: URL
  private var package: URL { folder.appending(path: "package") }
  private var scratch: URL { folder.appending(path: "build") }

  /// Copies the package and points it to this repository.
  init() throws {
    folder = Bundle.main.bundleURL.appending(path: "example")
    let files = FileManager.default
    try? files.removeItem(at: package)
    try files.createDirectory(at: package, withIntermediateDirectories: true)
    let example = repository.appending(path: "Tests/Example")
    for name in ["Package.swift", "Sources"] {
      try files.copyItem(at: example.appending(path: name), to: package.appending(path: name))
    }
    let manifest = package.appending(path: "Package.swift")
    let text = try String(contentsOf: manifest, encoding: .utf8)
    try text.replacing("path: \"../..\"", with: "path: \"\(repository.path)\"")
      .write(to: manifest, atomically: true, encoding: .utf8)
    try useCheckouts()
  }

  /// Has dependencies come from what this package was built with: the same versions, no network.
  private func useCheckouts() throws {
    let files = FileManager.default
    // BUILD/TRIPLE/CONFIGURATION holds the products.
    let build = Bundle.main.bundleURL.deletingLastPathComponent().deletingLastPathComponent()
    let state = build.appending(path: "workspace-state.json")
    let mirrors = Mirrors(
      object: try JSONDecoder().decode(WorkspaceState.self, from: Data(contentsOf: state))
        .object.dependencies.map { dependency in
          Mirrors.Mirror(
            original: dependency.packageRef.location,
            mirror: build.appending(path: "checkouts/\(dependency.subpath)").path)
        })
    let configuration = package.appending(path: ".swiftpm/configuration")
    try files.createDirectory(at: configuration, withIntermediateDirectories: true)
    try JSONEncoder().encode(mirrors).write(to: configuration.appending(path: "mirrors.json"))
    let pins = repository.appending(path: "Package.resolved")
    if files.fileExists(atPath: pins.path) {
      try files.copyItem(at: pins, to: package.appending(path: "Package.resolved"))
    }
  }

  /// What the package manager knows of the dependencies that it fetched.
  private struct WorkspaceState: Decodable {
    struct Object: Decodable { let dependencies: [Dependency] }
    struct Dependency: Decodable {
      let packageRef: Reference
      let subpath: String
    }
    struct Reference: Decodable { let location: String }
    let object: Object
  }

  /// As the package manager reads them.
  private struct Mirrors: Encodable {
    struct Mirror: Encodable { let original, mirror: String }
    let object: [Mirror]
    var version = 1
  }

  /// Builds the program.
  ///
  /// - Returns: its file.
  func build() async throws -> URL {
    try await Self.run(
      "swift", "build", "--package-path", package.path, "--scratch-path", scratch.path)
    return scratch.appending(path: "debug/Example")
  }

  /// Modules that were compiled into the program.
  func modules() throws -> Set<String> {
    let folder = scratch.appending(path: "debug")
    let found = try FileManager.default.contentsOfDirectory(
      at: folder.resolvingSymlinksInPath(), includingPropertiesForKeys: nil)
    return Set(
      found.filter { $0.pathExtension == "build" }.filter { module in
        let files = try? FileManager.default.contentsOfDirectory(atPath: module.path)
        return files?.contains { $0.hasSuffix(".o") } ?? false
      }.map { $0.deletingPathExtension().lastPathComponent })
  }

  /// Runs a command to its end.
  ///
  /// - Returns: what it printed.
  @discardableResult
  static func run(_ words: String...) async throws -> String {
    let printed = FileManager.default.temporaryDirectory.path + "/example-\(UUID().uuidString)"
    let output = open(printed, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
    defer {
      close(output)
      unlink(printed)
    }
    let command = WorkerProcess.Command(
      words: ["/usr/bin/env"] + words, environment: ProcessInfo.processInfo.environment,
      descriptors: [], output: output)
    let (endings, ended) = AsyncStream.makeStream(of: WorkerProcess.Ending.self)
    _ = try await WorkerProcess.start(command) { ending in
      ended.yield(ending)
      ended.finish()
    }
    let ending = await endings.first { _ in true }
    let text = try String(contentsOfFile: printed, encoding: .utf8)
    guard ending == .exited(0) else {
      throw Failure(command: words.joined(separator: " "), output: text)
    }
    return text
  }

  struct Failure: Error, CustomStringConvertible {
    let command: String
    let output: String

    var description: String { "\(command):\n\(output)" }
  }
}
