import Checkpoints
import Foundation
import Testing

/// The libraries as another package sees them.
@Suite struct ExampleTests {
  @Test func aPackageOfItsOwnBuildsRunsAndLeavesWithASoup() async throws {
    let package = try ExamplePackage()
    let program = try await package.build()
    let modules = try package.modules()
    #expect(modules.isSuperset(of: ["Analysis", "Averaging", "Checkpoints", "Recipes"]))
    // What only the program needs is not in.
    #expect(modules.isDisjoint(with: ["GRDB", "TOMLKit", "Kitchen", "Ledger", "Sweeps"]))

    let folder = FileManager.default.temporaryDirectory
      .appending(path: "stockpot-example-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = try await ExamplePackage.run(program.path, folder.path)
    let lines = output.split(separator: "\n").map(String.init)
    try checkGreedy(lines, folder: folder)
    for name in ["pruned", "learned", "linearised-search", "wise-ft", "model-stock", "best pair"] {
      #expect(lines.contains { $0.hasPrefix("\(name) ") }, "\(name)")
    }
    #expect(lines.contains { $0.hasPrefix("without ft_0: 7 left, sums off by ") })
    #expect(lines.contains { $0.hasPrefix("pairs: 28 correlation: 0.") })
  }

  /// The decisions follow the rule, and the file holds the mean of those that were accepted.
  private func checkGreedy(_ lines: [String], folder: URL) throws {
    var best = 0
    var taken: [String] = []
    for line in lines where line.hasPrefix("+ ft_") || line.hasPrefix("- ft_") {
      let words = line.split(separator: " ").map(String.init)
      let correct = try #require(Int(words[2]))
      #expect((words[0] == "+") == (correct >= best), "\(line)")
      if words[0] == "+" {
        taken.append(words[1])
        best = correct
      }
    }
    #expect(taken.count > 1)
    let soup = try Checkpoint.open(folder.path + "/soup.safetensors")
    #expect(soup.metadata["ingredients"] == taken.joined(separator: " "))
    #expect(soup.metadata["val"] == "\(best) of 300")
    let members = try taken.map { try Checkpoint.open("\(folder.path)/\($0).safetensors") }
    for index in soup.tensors.indices {
      let mean = try members.map { try $0.values(ofTensorAt: index) }
        .reduce([Double](repeating: 0, count: soup.tensors[index].count)) { sums, values in
          zip(sums, values).map { $0 + $1 / Double(taken.count) }
        }
      for (value, expected) in zip(try soup.values(ofTensorAt: index), mean) {
        #expect(abs(value - expected) <= abs(expected) * 0x1p-23)
      }
    }
  }
}
