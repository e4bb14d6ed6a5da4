import Foundation
import Testing

/// Checkpoints with instances of classes that nobody but their author knows.
@Suite struct InertTests {
  private let folder: Folder
  private let kind = "__main__.Kind"

  init() throws {
    folder = try Folder()
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../CheckpointsTests/Fixtures/torch/enum.ckpt").standardizedFileURL.path
    try folder.write("sweep/stockpot.toml", "[sweep]\ningredients = [\"*.ckpt\"]\n")
    for name in ["a", "b"] {
      try FileManager.default.copyItem(
        atPath: fixture, toPath: "\(folder.path)/sweep/\(name).ckpt")
    }
  }

  @Test func theRefusalSaysHowToPassThemOver() throws {
    let refused = try Stockpot.run("inspect", "sweep/a.ckpt", in: folder)
    #expect(refused.status == 1)
    #expect(refused.error.contains("--inert \(kind)"), "\(refused.error)")
    let opened = try Stockpot.run("inspect", "sweep/a.ckpt", "--inert", kind, in: folder)
    #expect(opened.status == 0, "\(opened.error)")
    #expect(opened.output.contains(kind))
  }

  @Test func aSweepSaysItOnceForAll() throws {
    #expect(try Stockpot.run("inspect", "sweep", in: folder).output.contains("--inert \(kind)"))
    let asked = try Stockpot.run("inspect", "sweep", "--inert", kind, in: folder)
    #expect(!asked.output.contains("not known"), "\(asked.output)")
    try folder.write(
      "sweep/stockpot.toml", "[sweep]\ningredients = [\"*.ckpt\"]\ninert = [\"\(kind)\"]\n")
    let said = try Stockpot.run("inspect", "sweep", in: folder)
    #expect(said.output == asked.output)
  }

  @Test func aBlendIsMadeAgainWithoutSayingSo() throws {
    let blend = try Stockpot.run(
      "blend", "sweep/a.ckpt", "sweep/b.ckpt", "--inert", kind, "-o", "soup.safetensors",
      "--weights", "0.25,0.75", in: folder)
    try #require(blend.status == 0, "\(blend.error)")
    let again = try Stockpot.run(
      "run", "soup.soup.json", "sweep", "-o", "again.safetensors", in: folder)
    #expect(again.status == 0, "\(again.error)")
  }
}
