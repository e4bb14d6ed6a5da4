import Evaluation
import Foundation
import Testing

/// What every command prints with --json, against its schema.
@Suite struct DocumentTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  /// The document of a command that succeeds, checked.
  @discardableResult
  private func document(
    _ schema: String, _ ending: Stockpot.Ending, status: Int32 = 0
  ) throws -> JSON {
    #expect(ending.status == status, "\(ending.error)")
    let text = try Stockpot.run("schema", schema, in: folder).output
    let document = try ending.document
    let problems = try JSONSchema(text).problems(of: document)
    #expect(problems == [], "\(schema)")
    return document
  }

  @Test func everySchemaIsOneOfAnObject() throws {
    let names = try Stockpot.run("schema", in: folder).output.split(separator: "\n").map(
      String.init)
    #expect(names.contains("run") && names.count >= 13)
    for name in names {
      let schema = try JSON(Stockpot.run("schema", name, in: folder).output)
      #expect(schema["title"]?.text?.hasPrefix("stockpot ") == true, "\(name)")
      #expect(schema["properties"] != nil || schema["anyOf"] != nil, "\(name)")
      // A schema that describes nothing lets everything pass.
      let problems = try JSONSchema(Stockpot.run("schema", name, in: folder).output)
        .problems(of: .array([]))
      #expect(!problems.isEmpty, "\(name)")
    }
  }

  @Test func everyCommandWithADocumentHasASchema() throws {
    let schemas = try Stockpot.run("schema", in: folder).output.split(separator: "\n")
    var documents: [String] = []
    for command in try Stockpot.commands(in: folder) {
      let parts = try Stockpot.commands(of: command, in: folder)
      for words in parts.isEmpty ? [[command]] : parts.map({ [command, $0] }) {
        let help = try Stockpot.run(["help"] + words, in: folder).output
        if help.contains("\n  --json") { documents.append(words.joined(separator: "-")) }
      }
    }
    #expect(documents.count == 16)
    for document in documents { #expect(schemas.contains(Substring(document)), "\(document)") }
  }

  @Test func themes() throws {
    let list = try document("theme-list", Stockpot.run("theme", "--json", in: folder))
    let names = list["themes"]?.elements.compactMap { $0["name"]?.text } ?? []
    #expect(names.contains("dark") && names.contains("mono") && names.count == 7)
    let shown = try document(
      "theme-show", Stockpot.run("theme", "show", "light", "mono", "--json", in: folder))
    let light = try #require(shown["themes"]?.elements.first)
    #expect(light["appearance"]?.text == "light")
    #expect(light["styles"]?["text"]?["foreground"]?.text?.hasPrefix("#") == true)
    #expect(light["gradients"]?["heat"]?.elements.count == 9)
    try document("theme-check", Stockpot.run("theme", "check", "--json", in: folder))
    try folder.write(
      "mine.toml", "[meta]\nname = \"mine\"\nextends = \"dark\"\n[ui]\ntext = \"#222222\"\n")
    let mine = try document(
      "theme-check", Stockpot.run("theme", "check", "mine.toml", "--json", in: folder), status: 1)
    let checked = try #require(mine["themes"]?.elements.first)
    #expect(checked["least_contrast"]?["of"]?.text == "text")
    #expect(checked["faults"]?.elements.count == 1)
  }

  @Test func settings() throws {
    let none = try document(
      "config-check", Stockpot.run("config", "check", "--json", in: folder))
    #expect(none["exists"] == .bool(false) && none["problems"]?.elements == [])
    try folder.write("config.toml", "theme = \"dark\"\nthem = \"light\"\n")
    let wrong = try document(
      "config-check", Stockpot.run("config", "check", "config.toml", "--json", in: folder),
      status: 1)
    let problem = try #require(wrong["problems"]?.elements.first)
    #expect(problem["place"]?.text?.contains("line 2") == true)
    #expect(problem["mend"]?.text?.contains("theme") == true)
    try folder.write("all.toml", try Stockpot.run("config", "default", in: folder).output)
    try document(
      "config-check", Stockpot.run("config", "check", "all.toml", "--json", in: folder))
  }

  @Test func whatIsMeasured() throws {
    let ending = try Stockpot.run(
      "bench", "averaging", "--size", "1", "--files", "2", "--repeats", "1", "--python",
      folder.path + "/no-python", "--folder", folder.path, "--json", "-q", in: folder)
    #expect(ending.error == "")
    let section = try #require(try document("bench", ending)["sections"]?.elements.first)
    #expect(section["tables"]?.elements.first?["rows"]?.elements.isEmpty == false)
    #expect(section["notes"]?.elements.isEmpty == false)
  }

  @Test func listAndWhatDoesNotEvaluate() throws {
    try folder.addDemo()
    let list = try document("list", Stockpot.run("list", "demo", "--json", in: folder))
    #expect(list["ingredients"]?.elements.count == 24)
    try document("paths", Stockpot.run("paths", "demo", "--json", in: folder))
    try document(
      "inspect", Stockpot.run("inspect", "demo/theta0.safetensors", "--json", in: folder))
    try document("inspect", Stockpot.run("inspect", "demo", "--json", in: folder))
    let blend = try Stockpot.run(
      "blend", "demo/ingredients/ft_00.safetensors", "demo/ingredients/ft_01.safetensors", "-o",
      "out.pt", "--json", in: folder)
    try document("blend", blend)
    let found = try document(
      "init", Stockpot.run("init", "demo", "--dry-run", "--json", in: folder))
    #expect(found["checkpoints"]?.number == 24 && found["written"]?.elements == [])
  }

  @Test func doctorSaysWhatDoesNotWork() throws {
    let environment = ["TERM": "", "LC_ALL": "C"]
    let ending = try Stockpot.run("doctor", "--json", in: folder, environment: environment)
    let checks = try document("doctor", ending, status: 1)["checks"]?.elements ?? []
    func check(_ name: String) -> JSON? { checks.first { $0["name"]?.text == name } }
    #expect(check("terminal")?["state"]?.text == "failed")
    #expect(check("terminal")?["mend"]?.text?.contains("TERM=") == true)
    #expect(check("locale")?["state"]?.text == "warning")
    #expect(check("memory")?["detail"]?.text?.contains("free") == true)
  }

  @Test(
    .enabled(if: OnnxRuntime.locate().runtime != nil, "needs ONNX Runtime: run `stockpot setup`"))
  func everyRecipeOfASmallSweep() throws {
    try folder.addDemo(ingredients: 2)
    let all = try document(
      "run-all",
      Stockpot.run(
        "run", "all", "demo", "--repeats", "1", "--json", "-q", in: folder,
        environment: ["ORT_DYLIB_PATH": OnnxRuntime.locate().runtime?.path ?? ""]))
    #expect(all["skipped"]?["learned by layer"]?.text?.contains("gradients") == true)
  }

  @Test(
    .enabled(if: OnnxRuntime.locate().runtime != nil, "needs ONNX Runtime: run `stockpot setup`"))
  func whatWasMeasuredIsListedWithoutAnEvaluator() throws {
    try folder.addDemo(ingredients: 2)
    try FileManager.default.removeItem(atPath: folder.path + "/demo/results.jsonl")
    try folder.write(
      "demo/stockpot.toml",
      try folder.read("demo/stockpot.toml").split(separator: "\n")
        .filter { !$0.hasPrefix("results") }.joined(separator: "\n"))
    let environment = ["ORT_DYLIB_PATH": OnnxRuntime.locate().runtime?.path ?? ""]
    let evaluation = try Stockpot.run(
      ["eval", "demo", "ft_00"], in: folder, environment: environment)
    #expect(evaluation.status == 0, "\(evaluation.error)")
    // Neither is there any more.
    let none = ["ORT_DYLIB_PATH": folder.path + "/none", "VIRTUAL_ENV": folder.path + "/none"]
    func listed() throws -> [JSON?] {
      let list = try Stockpot.run(["list", "demo", "--json"], in: folder, environment: none)
      return try document("list", list)["ingredients"]?.elements.map { $0["metrics"] } ?? []
    }
    let metrics = try listed()
    #expect(metrics.first??["val"]?["correct"]?.number == 542)
    #expect(metrics.first??["val"]?["n"]?.number == 600)
    #expect(metrics.last??["val"] == nil && metrics.count == 2)
    let csv = try Stockpot.run("list", "demo", "--csv", in: folder).output
    #expect(csv.contains(",542,600,"))
    let found = try Stockpot.run("list", "demo", "--filter", "val>0.5", in: folder)
    #expect(found.output.contains("ft_00") && !found.output.contains("ft_01"))
    let report = try Stockpot.run(
      ["report", "demo", "--recipe", "uniform", "-q"], in: folder, environment: environment)
    #expect(report.output.contains("| ft_00 | ✓ | 90.33 % |"), "\(report.error)")
    #expect(report.output.contains("| ft_01 | ✓ | – |"))
    try FileManager.default.removeItem(atPath: folder.path + "/demo/.stockpot")
    #expect(try listed().allSatisfy { $0?["val"] == nil })
    // Looking makes no ledger.
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/demo/.stockpot"))
  }

  @Test(
    .enabled(if: OnnxRuntime.locate().runtime != nil, "needs ONNX Runtime: run `stockpot setup`"))
  func whatEvaluates() throws {
    try folder.addDemo()
    // The runtime of the tests' own environment, whatever HOME is.
    let environment = ["ORT_DYLIB_PATH": OnnxRuntime.locate().runtime?.path ?? ""]
    func run(_ arguments: String...) throws -> Stockpot.Ending {
      try Stockpot.run(arguments, in: folder, environment: environment)
    }
    let evaluation = try document("eval", run("eval", "demo", "ft_00", "--json"))
    #expect(evaluation["results"]?.elements.first?["correct"]?.number == 542)
    // A set is named once, however many splits it is evaluated on.
    let set = try run("eval", "demo", "--soup", "ft_00,ft_07", "--split", "all", "-q").output
    #expect(set.hasPrefix("soup of 2: ft_00 ft_07\n  val  "))
    #expect(set.components(separatedBy: "ft_07").count == 2)
    let predicted = try run("predict", "demo", "ft_00", "-q").output
    #expect(predicted.contains("ft_00  predicted "))
    // One difference has one sign.
    let analysis = try run("analyse", "demo", "ft_00", "ft_07", "-q").output
    let row = analysis.split(separator: "\n").first { $0.hasPrefix("nll at β") }
    let gap = try #require(analysis.split(separator: "gap in loss ").last?.prefix { $0 != "\n" })
    #expect(row?.hasSuffix(" \(gap)") == true, "\(analysis)")
    let uniform = try document(
      "run", run("run", "uniform", "demo", "--top", "2", "-o", "soup/", "--json", "-q"))
    #expect(uniform["ingredients"]?.elements.count == 2)
    #expect(try folder.read("soup/README.md").contains("| ft_00 | 0.5 |"))
    let again = try document(
      "run", run("run", "soup.soup.json", "demo", "-o", "b.safetensors", "--json"))
    #expect(again["output"]?.elements.count == 2)
    try document("analyse", run("analyse", "demo", "ft_00", "ft_07", "--json"))
    try document("pairs", run("analyse", "demo", "ft_00", "ft_07", "--pairs", "--json"))
    let prediction = try document(
      "predict", run("predict", "demo", "ft_00,ft_07", "--check", "2", "--json", "-q"))
    #expect(prediction["predictions"]?.elements.first?["n"]?.number == 600)
    #expect(prediction["check"]?["sets"]?.number == 2)
    let report = try document(
      "report", run("report", "demo", "--recipe", "uniform", "-o", "report", "--json", "-q"))
    #expect(report["best"]?.text == "uniform")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/report")
      .sorted()
    #expect(
      files == [
        "ingredients.csv", "recipe.toml", "recipes.csv", "report.md", "scatter.csv", "scatter.svg",
      ])
    #expect(try folder.read("report/recipe.toml") == "recipe = \"uniform\"\n")
    #expect(try folder.read("report/report.md").contains("![Ingredients and soups](scatter.svg)"))
    #expect(try folder.read("report/scatter.svg").hasPrefix("<svg "))
  }
}
