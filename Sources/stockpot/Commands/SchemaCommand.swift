import ArgumentParser
import Checkpoints
import Foundation
import Sweeps
import TOMLText

/// Prints what a command's JSON document holds.
struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON schema of what a command prints with --json.",
    discussion: """
      Examples:
        stockpot schema               # the documents there are
        stockpot schema run > run.schema.json
      """)

  @Argument(help: "A document (default: list them).", completion: .list(DocumentSchema.names))
  var document: String?

  func run() async throws {
    let document = document
    try await Ending.of {
      guard let document else {
        for name in DocumentSchema.names { print(name) }
        return
      }
      guard let text = DocumentSchema.text(of: document) else {
        let near = Spelling.nearest(to: document, among: DocumentSchema.names)
        let mend =
          near.map { "Did you mean \($0)?" }
          ?? "There are: \(DocumentSchema.names.joined(separator: ", "))"
        throw ValidationError("no document '\(document)'. \(mend)")
      }
      print(text, terminator: "")
    }
  }
}

/// The schemas (JSON Schema, draft 2020-12) that come with the program.
enum DocumentSchema {
  private static let bytes: [(name: String, bytes: [UInt8])] = [
    ("analyse", PackageResources.analyse_schema_json),
    ("bench", PackageResources.bench_schema_json),
    ("blend", PackageResources.blend_schema_json),
    ("config-check", PackageResources.config_check_schema_json),
    ("doctor", PackageResources.doctor_schema_json),
    ("eval", PackageResources.eval_schema_json),
    ("init", PackageResources.init_schema_json),
    ("inspect", PackageResources.inspect_schema_json),
    ("list", PackageResources.list_schema_json),
    ("pairs", PackageResources.pairs_schema_json),
    ("paths", PackageResources.paths_schema_json),
    ("predict", PackageResources.predict_schema_json),
    ("report", PackageResources.report_schema_json),
    ("run", PackageResources.run_schema_json),
    ("run-all", PackageResources.run_all_schema_json),
    ("theme-check", PackageResources.theme_check_schema_json),
    ("theme-list", PackageResources.theme_list_schema_json),
    ("theme-show", PackageResources.theme_show_schema_json),
  ]

  static var names: [String] { bytes.map(\.name) }

  /// Nil when there is no document of that name.
  static func text(of name: String) -> String? {
    bytes.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }
}
