import Checkpoints
import Foundation
package import Recipes
import TOMLKit
import TOMLText

/// A recipe and its options in a TOML file, with the names of the command line's options.
///
/// ```toml
/// recipe = "greedy"
/// order = "random"
/// seed = 3
/// ```
package enum RecipeFile {
  /// The file that reads back as `spec`; options that have their defaults are left out.
  package static func text(of spec: RecipeSpec) throws -> String {
    let said: TOMLTable = try TOMLEncoder().encode(spec)
    let standard: TOMLTable = try TOMLEncoder().encode(RecipeSpec(spec.recipe))
    for key in said.keys where said[key]?.debugDescription == standard[key]?.debugDescription {
      said.remove(at: key)
    }
    let options = said.keys.isEmpty ? "" : said.convert(to: .toml) + "\n"
    return "recipe = \"\(spec.recipe.rawValue)\"\n" + options
  }

  /// - Throws: `InputError` for a file that cannot be read, is not TOML, or says something unknown.
  package static func read(_ path: String) throws -> RecipeSpec {
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw InputError(file: path, problem: "cannot be read", mend: "Check its name")
    }
    let table: TOMLTable
    do {
      table = try TOMLText(text).table
    } catch {
      throw InputError(
        file: path, place: error.place?.description, problem: "not TOML: \(error.problem)",
        mend: error.mend)
    }
    // A dash or an underscore: the command line has the one, JSON the other.
    for key in table.keys where key.contains("-") {
      let spelled = key.replacingOccurrences(of: "-", with: "_")
      table[spelled] = table[key]
      table.remove(at: key)
    }
    do {
      let spec = try TOMLDecoder().decode(RecipeSpec.self, from: table)
      try spec.validate()
      return spec
    } catch let mistake as RecipeMistake {
      throw InputError(file: path, place: mistake.key, problem: mistake.problem)
    } catch let error as DecodingError {
      let names = RecipeSpec.Name.allCases.map(\.rawValue).joined(separator: ", ")
      let isName = table["recipe"]?.string.flatMap(RecipeSpec.Name.init) == nil
      throw InputError(
        file: path, problem: problem(error), mend: isName ? "Name one of \(names)" : nil)
    }
  }

  private static func problem(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "says nothing of '\(key.stringValue)'"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has another type"
    case .dataCorrupted(let context):
      (context.codingPath.last.map { "'\($0.stringValue)': " } ?? "") + context.debugDescription
    @unknown default: "\(error)"
    }
  }
}
