import Averaging
import Checkpoints
import Foundation
import Testing

@testable import Kitchen

/// Soups in every format, with their origin.
@Suite struct SoupFileTests {
  private func write(_ terms: [AverageTerm], to path: String) throws -> [String] {
    let members = terms.map {
      Provenance.Member(name: $0.name, file: $0.name, sha256: "00", weight: $0.weight)
    }
    return try SoupFile(path).write(
      terms, AverageOptions(),
      provenance: Provenance(sweep: nil, recipe: nil, ingredients: members), overwrite: false
    ).paths
  }

  @Test(arguments: ["soup.safetensors", "soup.pt", "soup.ckpt", "soup", "soup.v2/"])
  func everyFormatHasItsOriginAndItsBytes(name: String) throws {
    let made = try MadeSweep()
    let tables = try [0.1, 0.2].map { try MadeSweep.weights(moved: $0) }
    let terms = zip(["x", "y"], tables).map { AverageTerm($0, $1, weight: 0.5) }
    let paths = try write(terms, to: made.path(name))
    #expect(paths.count == 2)
    let soup = try Checkpoint.open(paths[0])
    let expected = try Averager.average(terms).weights
    #expect(soup.tensors == expected.tensors)
    for (index, info) in expected.tensors.enumerated() {
      let place = try #require(soup.index(of: info.name))
      let bytes = expected.withBytes(ofTensorAt: index) { Array($0) }
      #expect(try soup.withBytes(ofTensorAt: place) { Array($0) } == bytes)
    }
    let inside = try #require(soup.metadata["stockpot"])
    let beside = try Data(contentsOf: URL(fileURLWithPath: paths[1]))
    for data in [Data(inside.utf8), beside] {
      let provenance = try JSONDecoder().decode(Provenance.self, from: data)
      #expect(provenance.ingredients.map(\.name) == ["x", "y"])
    }
    #expect(throws: InputError.self) { try write(terms, to: made.path(name)) }
    let leftovers = try FileManager.default.contentsOfDirectory(atPath: made.folder.path)
    #expect(!leftovers.contains { $0.hasSuffix(".partial") })
  }

  @Test func theOriginOfAnotherSoupIsNotLost() throws {
    let made = try MadeSweep()
    let terms = [AverageTerm("x", try MadeSweep.weights(), weight: 1)]
    let first = try write(terms, to: made.path("best.safetensors"))
    let origin = try String(contentsOfFile: first[1], encoding: .utf8)
    #expect(try write(terms, to: made.path("best.pt"))[1] == made.path("best.pt.soup.json"))
    #expect(try write(terms, to: made.path("best"))[1] == made.path("best.folder.soup.json"))
    #expect(try String(contentsOfFile: first[1], encoding: .utf8) == origin)
    // Written again, each keeps its own.
    for name in ["best.safetensors", "best.pt", "best"] {
      let expected = ["best.safetensors": "best", "best": "best.folder"][name] ?? name
      #expect(try SoupFile(made.path(name)).sidecar == made.path(expected + ".soup.json"))
    }
    // One whose soup is gone tells of nothing that is there, but is not replaced unasked.
    for name in ["best.safetensors", "best.pt", "best"] {
      try FileManager.default.removeItem(atPath: made.path(name))
    }
    let error = #expect(throws: InputError.self) { try write(terms, to: made.path("best.ckpt")) }
    #expect(error?.file == first[1])
  }

  @Test func anIngredientIsNotReplacedByItsSoup() throws {
    let made = try MadeSweep()
    try made.write(MadeSweep.weights(), to: "x.safetensors")
    try FileManager.default.createSymbolicLink(
      atPath: made.path("link.safetensors"), withDestinationPath: made.path("x.safetensors"))
    let terms = [
      AverageTerm("x", try Checkpoint.open(made.path("link.safetensors")), weight: 1)
    ]
    let error = #expect(throws: InputError.self) {
      try SoupFile(made.path("x.safetensors")).write(
        terms, AverageOptions(), provenance: Provenance(sweep: nil, recipe: nil, ingredients: []),
        overwrite: true)
    }
    #expect(error?.problem.contains("is an ingredient") == true)
  }

  @Test func filesAreNamedFromTheFolderOfTheSoup() throws {
    let soup = try SoupFile("/a/b/soups/s.safetensors")
    #expect(soup.relative("/a/b/runs/1/x.pt") == "../runs/1/x.pt")
    #expect(soup.relative("/a/b/soups/x.pt") == "x.pt")
    #expect(soup.relative("/a/b/soups/../x.pt") == "../x.pt")
  }

  @Test func whatCannotHaveItsOriginIsNotThere() throws {
    let made = try MadeSweep()
    let terms = [AverageTerm("x", try MadeSweep.weights(), weight: 1)]
    let options = {
      var options = AverageOptions()
      // Somebody takes the name while the soup is averaged.
      options.progress = { _, _ in try? made.write("mine", to: "soup.soup.json") }
      return options
    }()
    #expect(throws: InputError.self) {
      try SoupFile(made.path("soup.safetensors")).write(
        terms, options, provenance: Provenance(sweep: nil, recipe: nil, ingredients: []),
        overwrite: false)
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: made.folder.path).sorted()
    #expect(left == ["ingredients", "soup.soup.json"])
  }

  @Test func tiedTensorsStayTied() throws {
    let made = try MadeSweep()
    let ties = [["head", "head_again"]]
    try made.write(MadeSweep.weights(tied: true), to: "a.pt", ties: ties)
    try made.write(MadeSweep.weights(moved: 0.5, tied: true), to: "b.pt", ties: ties)
    // Safetensors says nothing of ties: equal bytes are taken as such.
    try made.write(MadeSweep.weights(moved: 0.7, tied: true), to: "c.safetensors")
    try made.write(MadeSweep.weights(moved: 0.9), to: "loose.safetensors")
    func soup(_ names: [String], _ output: String) throws -> Checkpoint {
      let terms = try names.map { name in
        AverageTerm(name, try Checkpoint.open(made.path(name)), weight: 1 / Double(names.count))
      }
      return try Checkpoint.open(try write(terms, to: made.path(output))[0])
    }
    #expect(try soup(["a.pt", "b.pt", "c.safetensors"], "tied.pt").ties == ties)
    #expect(try soup(["a.pt", "loose.safetensors"], "loose.pt").ties == [])
  }

  @Test func foldersGetTheConfigurationOfTheFirst() throws {
    let made = try MadeSweep()
    try made.write(MadeSweep.weights(), to: "model")
    try made.write("{}", to: "model/config.json")
    try made.write("{}", to: "model/tokenizer.json")
    try made.write("{}", to: "model/trainer_state.json")
    try made.write("{}", to: "model/older.soup.json")
    let more = [
      "source.spm", "vocab.bpe", "spiece.vocab", "tokenizer.model.v3", "chat_template.jinja",
    ]
    for name in more { try made.write("", to: "model/" + name) }
    try made.write("[]", to: "model/modules.json")
    for folder in ["1_Pooling", "checkpoint-5"] {
      try FileManager.default.createDirectory(
        atPath: made.path("model/" + folder), withIntermediateDirectories: false)
      try made.write("{}", to: "model/\(folder)/config.json")
    }
    let table = try Checkpoint.open(made.path("model"))
    _ = try write([AverageTerm("model", table, weight: 1)], to: made.path("soup"))
    let names = try FileManager.default.contentsOfDirectory(atPath: made.path("soup")).sorted()
    let expected = [
      "1_Pooling", "README.md", "config.json", "model.safetensors", "modules.json",
      "tokenizer.json",
    ]
    #expect(names == (expected + more).sorted())
    #expect(FileManager.default.fileExists(atPath: made.path("soup/1_Pooling/config.json")))
    let card = try String(contentsOfFile: made.path("soup/README.md"), encoding: .utf8)
    #expect(card.hasPrefix("---\ntags:\n- model-soup\n") && card.contains("# soup\n"))
    #expect(card.contains("| model | 1 | ") && card.contains("`soup.soup.json`") == false)
  }

  @Test(arguments: [
    ("adapter_model", "adapter_config.json"), ("diffusion_pytorch_model", "config.json"),
  ])
  func weightsKeepTheirName(stem: String, config: String) throws {
    let made = try MadeSweep()
    try made.write(MadeSweep.weights(rows: 400), to: "model.safetensors")
    try FileManager.default.createDirectory(
      atPath: made.path("source"), withIntermediateDirectories: false)
    try FileManager.default.moveItem(
      atPath: made.path("model.safetensors"), toPath: made.path("source/\(stem).safetensors"))
    try made.write("{}", to: "source/" + config)
    let terms = [AverageTerm("source", try Checkpoint.open(made.path("source")), weight: 1)]
    _ = try write(terms, to: made.path("soup/"))
    let names = try FileManager.default.contentsOfDirectory(atPath: made.path("soup"))
    #expect(Set(names) == ["README.md", config, stem + ".safetensors"])
    #expect(try Checkpoint.open(made.path("soup")).tensors == terms[0].table.tensors)
    let file = try SoupFile(made.path("shards/"), shardSize: 5000)
    _ = try file.write(
      terms, AverageOptions(), provenance: Provenance(sweep: nil, recipe: nil, ingredients: []),
      overwrite: false)
    let shards = try FileManager.default.contentsOfDirectory(atPath: made.path("shards"))
    #expect(shards.contains(stem + ".safetensors.index.json"))
    #expect(shards.contains { $0.hasPrefix(stem + "-00001-of-") })
  }

  @Test func wordsOnWhichAllAgreeAreKept() throws {
    let made = try MadeSweep()
    for (name, epoch) in [("a", "3"), ("b", "4")] {
      try made.write(
        MadeSweep.weights(), to: "\(name).safetensors",
        metadata: ["arch": "vit", "epoch": epoch, "stockpot": "{}"])
    }
    let terms = try ["a", "b"].map {
      AverageTerm($0, try Checkpoint.open(made.path("\($0).safetensors")), weight: 0.5)
    }
    let soup = try Checkpoint.open(try write(terms, to: made.path("s.safetensors"))[0])
    #expect(soup.metadata["arch"] == "vit")
    #expect(soup.metadata["epoch"] == nil)
    #expect(soup.metadata["stockpot"] != "{}")
    #expect(soup.metadata["format"] == "pt")
  }
}
