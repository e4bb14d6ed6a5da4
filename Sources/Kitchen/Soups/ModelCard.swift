import Evaluation
import Foundation
import Recipes

/// The README.md of a soup in a folder of Hugging Face's layout: what it is made of, and how.
struct ModelCard {
  /// Markdown with the front matter that the hub reads.
  let text: String

  /// - Parameter sidecar: the name of the file with the whole provenance.
  init(_ provenance: Provenance, name: String, sidecar: String) {
    text =
      [
        Self.frontMatter, "# \(Self.escaped(name))", Self.introduction(provenance),
        Self.recipe(provenance), Self.metrics(provenance), Self.ingredients(provenance),
        Self.again(sidecar),
      ].compactMap(\.self).joined(separator: "\n\n") + "\n"
  }

  private static let frontMatter = """
    ---
    tags:
    - model-soup
    - merge
    ---
    """

  private static func introduction(_ provenance: Provenance) -> String {
    let sweep = provenance.sweep.map { " of the sweep `\($0)`" } ?? ""
    let count = provenance.ingredients.count
    return "A model soup ([Wortsman et al., 2022](https://arxiv.org/abs/2203.05482)): the averaged "
      + "weights of \(count) \(count == 1 ? "model" : "models")\(sweep). Written by "
      + "\(provenance.writtenBy), \(provenance.date)."
  }

  private static func recipe(_ provenance: Provenance) -> String? {
    guard let recipe = provenance.recipe, let text = try? RecipeFile.text(of: recipe) else {
      return nil
    }
    var section = "## Recipe\n\n```toml\n\(text.trimmingCharacters(in: .newlines))\n```"
    let accepted = provenance.decisions.count { $0.accepted }
    if provenance.decisions.count > 1 {
      section +=
        "\n\n\(provenance.decisions.count) candidates were tried, \(accepted) accepted. "
        + "Selection looked at the val split alone."
    }
    return section
  }

  private static func metrics(_ provenance: Provenance) -> String? {
    guard !provenance.metrics.isEmpty else { return nil }
    var lines = [
      "## Metrics", "", "| split | accuracy | correct | of |", "| --- | ---: | ---: | ---: |",
    ]
    for (split, score) in provenance.metrics.sorted(by: { $0.key < $1.key }) {
      let share = score.accuracy.map { String(format: "%.2f %%", $0 * 100) } ?? "–"
      lines.append("| \(escaped(split)) | \(share) | \(score.correct) | \(score.n) |")
    }
    return lines.joined(separator: "\n")
  }

  private static func ingredients(_ provenance: Provenance) -> String {
    var lines = [
      "## Ingredients", "", "| ingredient | weight | file | SHA-256 |",
      "| --- | ---: | --- | --- |",
    ]
    for member in provenance.ingredients {
      let weight = String(format: "%.6g", member.weight)
      lines.append(
        "| \(escaped(member.name)) | \(weight) | `\(escaped(member.file))` | `\(member.sha256)` |")
    }
    if let tensors = provenance.tensors, !tensors.isEmpty {
      lines.append("")
      lines.append("Weights differ by tensor; the sidecar lists them.")
    }
    return lines.joined(separator: "\n")
  }

  private static func again(_ sidecar: String) -> String {
    """
    ## The same again

    `stockpot run \(sidecar) SWEEP -o again.safetensors` averages the same bytes from the
    ingredients above. The full record is also in the metadata of the safetensors files.
    """
  }

  /// One cell of a table, whatever a file is called.
  private static func escaped(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 }).replacing("|", with: "\\|")
  }
}
