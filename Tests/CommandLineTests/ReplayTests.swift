import Foundation
import Testing

/// Soups that are made again from their origin.
@Suite struct ReplayTests {
  private let folder: Folder

  /// A sweep of two runs whose files have one name, each with raw and averaged weights.
  init() throws {
    folder = try Folder()
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../CheckpointsTests/Fixtures/torch/ema.pt").standardizedFileURL.path
    for run in 1...2 {
      try folder.write("sweep/runs/\(run)/log", "\(run)")
      try FileManager.default.copyItem(
        atPath: fixture, toPath: "\(folder.path)/sweep/runs/\(run)/model.pt")
    }
    try folder.write("sweep/stockpot.toml", "[sweep]\ningredients = [\"runs/*/model.pt\"]\n")
  }

  private func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)"))
  }

  @Test func aBlendIsMadeAgainWithAllItsOptions() throws {
    let blend = try Stockpot.run(
      "blend", "sweep/runs/1/model.pt", "sweep/runs/2/model.pt", "--weights", "0.5,1", "--ema",
      "--only", "*weight*", "--dtype", "f64", "-o", "soup.safetensors", in: folder)
    #expect(blend.status == 0, "\(blend.error)")
    let again = try Stockpot.run(
      "run", "soup.soup.json", "sweep", "-o", "again.safetensors", in: folder)
    #expect(again.status == 0, "\(again.error)")
    #expect(try data("again.safetensors") == data("soup.safetensors"))
    // Moved, they are known by their content.
    try FileManager.default.moveItem(
      atPath: folder.path + "/sweep", toPath: folder.path + "/elsewhere")
    let moved = try Stockpot.run(
      "run", "soup.soup.json", "elsewhere", "-o", "moved.safetensors", in: folder)
    #expect(moved.status == 0, "\(moved.error)")
    #expect(try data("moved.safetensors") == data("soup.safetensors"))
  }

  @Test func whereASoupGoesIsLookedAtFirst() throws {
    let files = ["sweep/runs/1/model.pt", "sweep/runs/2/model.pt"]
    func blend(_ output: String, _ more: String...) throws -> Stockpot.Ending {
      try Stockpot.run(["blend"] + files + ["-o", output] + more, in: folder)
    }
    #expect(try blend("best.safetensors").status == 0)
    let other = try blend("best.pt", "--dtype", "f64")
    #expect(other.status == 0 && other.output.contains("best.pt.soup.json"), "\(other.error)")
    try FileManager.default.removeItem(atPath: folder.path + "/best.safetensors")
    let orphan = try blend("best.ckpt")
    #expect(orphan.status == 1 && orphan.error.contains("best.soup.json: tells of another soup"))
    #expect(try blend("best.ckpt", "--overwrite").status == 0)
    let nowhere = try blend("nowhere/best.pt")
    #expect(nowhere.status == 1 && nowhere.error.contains("its folder is not there"))
  }
}
