import CProcess
import Checkpoints
import Foundation
import Testing

/// `blend`, as a person runs it on files that need care.
@Suite struct BlendTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  /// A safetensors file with a matrix `w` and a vector `b` of f32.
  ///
  /// - Parameter extra: the name of an empty tensor beside them.
  private func write(_ name: String, w: [Float], b: [Float], also extra: String? = nil) throws {
    let end = (w.count + b.count) * 4
    let more =
      extra.map { ",\"\($0)\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[\(end),\(end)]}" }
      ?? ""
    let header = """
      {"w":{"dtype":"F32","shape":[\(w.count / 4),4],"data_offsets":[0,\(w.count * 4)]},\
      "b":{"dtype":"F32","shape":[\(b.count)],\
      "data_offsets":[\(w.count * 4),\(end)]}\(more)}
      """
    var data = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
    data.append(Data(header.utf8))
    (w + b).withUnsafeBytes { data.append(contentsOf: $0) }
    try data.write(to: URL(fileURLWithPath: folder.path + "/" + name))
  }

  private func noise(_ seed: UInt64) -> [Float] {
    var state = seed
    return (0..<4000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31
    }
  }

  private func isThere(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.path + "/" + name)
  }

  @Test func nonFiniteSoupsAreRefusedUnlessAllowed() throws {
    try write("good.safetensors", w: noise(1), b: [1])
    try write("bad.safetensors", w: noise(1), b: [.nan])
    let words = ["blend", "good.safetensors", "bad.safetensors", "-o", "soup.safetensors"]
    let refused = try Stockpot.run(words, in: folder)
    #expect(refused.status == 1 && !isThere("soup.safetensors") && !isThere("soup.soup.json"))
    for part in ["bad.safetensors", "tensor b", "--allow non-finite"] {
      #expect(refused.error.contains(part), "\(refused.error)")
    }
    let allowed = try Stockpot.run(words + ["--allow", "non-finite", "--json"], in: folder)
    #expect(allowed.status == 0 && isThere("soup.safetensors"))
    #expect(allowed.error.contains("warning: bad.safetensors: holds infinities or NaN"))
    let found = try #require(try allowed.document["non_finite"]?.elements.first)
    #expect(found["tensor"]?.text == "b")
    #expect(found["files"]?.elements.first?.text == "bad.safetensors")
  }

  @Test func twinsAndStrangersAreSaid() throws {
    for name in ["a", "twin"] { try write(name + ".safetensors", w: noise(1), b: [1]) }
    try write("stranger.safetensors", w: noise(2), b: [1])
    let words = ["a", "twin", "stranger"].map { $0 + ".safetensors" } + ["-o", "soup.pt"]
    let said = try Stockpot.run(["blend"] + words, in: folder)
    #expect(said.status == 0)
    #expect(said.error.contains("twin.safetensors: is the same as a.safetensors"))
    #expect(said.error.contains("stranger.safetensors: does not seem to be fine-tuned from"))
    let allow = ["--allow", "identical", "--allow", "same-initialisation", "--overwrite"]
    let quiet = try Stockpot.run(["blend"] + words + allow, in: folder)
    #expect(quiet.status == 0 && quiet.error == "")
    let wrong = try Stockpot.run(["blend"] + words + ["--allow", "shapes"], in: folder)
    #expect(wrong.status == 2 && wrong.error.contains("non-finite"))
  }

  @Test func aBlendOfNothingIsAMistake() throws {
    try write("a.safetensors", w: noise(1), b: [1])
    let none = try Stockpot.run(
      "blend", "a.safetensors", "a.safetensors", "-o", "s.pt", "--only", "ww", in: folder)
    #expect(none.status == 1 && none.error.contains("Names near it are w"))
    try Data([2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8)).write(
      to: URL(fileURLWithPath: folder.path + "/empty.safetensors"))
    let empty = try Stockpot.run("blend", "empty.safetensors", "-o", "s.pt", in: folder)
    #expect(empty.status == 1 && empty.error.contains("nothing to average"))
    #expect(!isThere("s.pt"))
  }

  @Test func tensorsThatTheFirstLacksMayBeLeftOut() throws {
    try write("a.safetensors", w: noise(1), b: [2])
    try write("b.safetensors", w: noise(1), b: [4], also: "head")
    let words = ["blend", "a.safetensors", "b.safetensors", "-o", "s.safetensors"]
    let refused = try Stockpot.run(words, in: folder)
    #expect(
      refused.status == 1 && refused.error.contains("b.safetensors: tensor head: has 1 tensor"))
    #expect(refused.error.contains("that a.safetensors lacks"))
    let allowed = try Stockpot.run(words + ["--allow", "extra-tensors"], in: folder)
    #expect(allowed.status == 0 && allowed.error.contains("warning: b.safetensors: has 1 tensor"))
    let again = try Stockpot.run(
      "run", "s.soup.json", ".", "-o", "again.safetensors", in: folder)
    #expect(again.status == 0, "\(again.error)")
    let soups = try ["s", "again"].map {
      try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\($0).safetensors"))
    }
    #expect(soups[0] == soups[1])
  }

  @Test func weightsMayStartWithAMinus() throws {
    try write("a.safetensors", w: noise(1), b: [2])
    try write("b.safetensors", w: noise(1), b: [4])
    let ending = try Stockpot.run(
      "blend", "a.safetensors", "b.safetensors", "--weights", "-0.5,1.5", "-o", "s.safetensors",
      "--json", in: folder)
    #expect(ending.status == 0, "\(ending.error)")
    let members = try #require(try ending.document["ingredients"]?.elements)
    #expect(members.map { $0["weight"]?.number } == [-0.5, 1.5])
  }

  @Test func anInputIsNotReplaced() throws {
    try write("a.safetensors", w: noise(1), b: [2])
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/a.safetensors"))
    let ending = try Stockpot.run(
      "blend", "a.safetensors", "-o", "./a.safetensors", "--overwrite", in: folder)
    #expect(ending.status == 1 && ending.error.contains("is an ingredient"))
    let after = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/a.safetensors"))
    #expect(after == before)
  }

  /// Named from the soup's folder, so that a tree that is moved whole still fits together.
  @Test func theOriginNamesFilesFromTheSoup() throws {
    try write("a.safetensors", w: noise(1), b: [2])
    try FileManager.default.createDirectory(
      atPath: folder.path + "/soups", withIntermediateDirectories: false)
    let ending = try Stockpot.run("blend", "a.safetensors", "-o", "soups/s.pt", in: folder)
    #expect(ending.status == 0)
    #expect(try folder.read("soups/s.soup.json").contains("\"../a.safetensors\""))
  }

  @Test func foldersAreWrittenInShards() throws {
    try write("a.safetensors", w: noise(1), b: [2])
    let words = ["blend", "a.safetensors", "-o", "soup/", "--shard-size"]
    let ending = try Stockpot.run(words + ["1kB"], in: folder)
    #expect(ending.status == 0 && isThere("soup/model-00002-of-00002.safetensors"))
    let wrong = try Stockpot.run(words + ["many"], in: folder)
    #expect(wrong.status == 2 && wrong.error.contains("--shard-size"))
  }

  /// Where nothing can be checked any more: a file is cut off while its bytes are lent.
  @Test func aFileThatIsCutShortEndsInASentence() async throws {
    try write("a.safetensors", w: noise(1), b: [2])
    let path = folder.path + "/a.safetensors"
    let result = await #expect(
      processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
    ) { [path = path as String] in
      process_explain_bus_error("it was cut short\n")
      let checkpoint = try Checkpoint.open(path)
      try checkpoint.withBytes(ofTensorAt: 0) { bytes in
        truncate(path, 8)
        // As long as a page, so that the last one is beyond the end.
        print(bytes[bytes.count - 1])
      }
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("it was cut short"))
  }
}
