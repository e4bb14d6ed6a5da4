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
    let error = #expect(throws: InputError.self) {
      try write(terms, to: made.path("best.pt"))
    }
    #expect(error?.file == first[1])
    #expect(try String(contentsOfFile: first[1], encoding: .utf8) == origin)
    let left = try FileManager.default.contentsOfDirectory(atPath: made.folder.path).sorted()
    #expect(left == ["best.safetensors", "best.soup.json", "ingredients"])
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
    let table = try Checkpoint.open(made.path("model"))
    _ = try write([AverageTerm("model", table, weight: 1)], to: made.path("soup"))
    let names = try FileManager.default.contentsOfDirectory(atPath: made.path("soup")).sorted()
    #expect(names == ["README.md", "config.json", "model.safetensors", "tokenizer.json"])
    let card = try String(contentsOfFile: made.path("soup/README.md"), encoding: .utf8)
    #expect(card.hasPrefix("---\ntags:\n- model-soup\n") && card.contains("# soup\n"))
    #expect(card.contains("| model | 1 | ") && card.contains("`soup.soup.json`") == false)
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
