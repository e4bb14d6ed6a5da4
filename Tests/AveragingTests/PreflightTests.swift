import Averaging
import Checkpoints
import Testing

@Suite struct PreflightTests {
  private let preflight = Preflight()

  @Test func holdsHeadersAgainstMost() throws {
    let odd = NamedTable("odd", try table([("x", [1]), ("z", [1])]))
    let good = try (0..<2).map { NamedTable("good\($0)", try table([("x", [1]), ("y", [1, 2])])) }
    let shape = NamedTable("shape", try table([("x", [1]), ("y", [1])]))
    let half = NamedTable(
      "half", try Averager.converted(table([("x", [1]), ("y", [1, 2])]), to: .f16))
    let findings = preflight.headers([odd] + good + [shape, half])
    #expect(findings.map(\.rule) == [.missingTensors, .extraTensors, .shapes, .mixedPrecision])
    #expect(findings.map(\.subject) == ["odd", "odd", "shape", "half"])
    #expect(findings.map(\.severity) == [.refuse, .refuse, .refuse, .note])
    #expect(findings[0].tensors == ["y"])
    #expect(findings[2].tensors == ["y [1] against [2]"])
    #expect(preflight.headers([]).isEmpty)
  }

  @Test func pointsOutBuffersAndTies() throws {
    let plain = try table([("bn.running_mean", [1]), ("bn.weight", [1])], integers: [3])
    let tied = Checkpoint(path: "tied", format: "test", ties: [["a", "b"]], table: plain)
    let ingredients = [NamedTable("a", plain), NamedTable("b", plain), NamedTable(tied)]
    let findings = Preflight(severities: [.ties: .refuse]).headers(ingredients)
    #expect(findings.map(\.rule) == [.ties, .batchNorm, .integers])
    #expect(findings[0].severity == .refuse)
    #expect(findings[0].subject == "tied")
    #expect(findings[1].tensors == ["bn.running_mean"])
  }

  @Test func findsTwinsStrangersAndNaN() throws {
    let origin = NamedTable("origin", try randomTable(seed: 1))
    let center = try ["big", "small", "vector"].map { try floats(origin.table, $0) }
    var ingredients = try (0..<5).map { index in
      NamedTable(
        "tuned\(index)", try randomTable(seed: UInt64(10 + index), around: center, scale: 0.05))
    }
    ingredients.append(NamedTable("twin", ingredients[1].table))
    ingredients.append(NamedTable("stranger", try randomTable(seed: 99)))
    ingredients.append(NamedTable("copy", origin.table))
    var broken = center
    broken[1][3] = .nan
    ingredients.append(NamedTable("broken", try randomTable(seed: 5, around: broken, scale: 0.01)))
    let readings = try ingredients.map { try preflight.read($0, reference: origin) }
    let findings = preflight.compare(readings, reference: "origin")
    #expect(
      findings.map(\.rule) == [.nonFinite, .identical, .untouched, .distance, .initialisation])
    #expect(
      findings.map(\.subject) == ["broken", "twin", "copy", "stranger", "stranger"])
    #expect(findings[0].tensors == ["small"])
    #expect(readings[0].relativeDistance.map { abs($0 - 0.05) < 0.001 } == true)
    #expect(
      readings[0].fingerprint == (try preflight.read(ingredients[0], reference: nil)).fingerprint)
  }

  @Test func namesAReferenceThatIsTheStranger() throws {
    let stranger = NamedTable("stranger", try randomTable(seed: 99))
    let center = try ["big", "small", "vector"].map { try floats(randomTable(seed: 1), $0) }
    let readings = try (0..<4).map { index in
      try preflight.read(
        NamedTable("t\(index)", randomTable(seed: UInt64(index), around: center, scale: 0.05)),
        reference: stranger)
    }
    let findings = preflight.compare(readings, reference: "stranger")
    #expect(findings.map(\.rule) == [.initialisation])
    #expect(findings.map(\.subject) == ["stranger"])
  }

  @Test func aDistanceOfAnySizeIsSaid() throws {
    let origin = NamedTable("origin", try table([("w", [1, 2, 3])]))
    let moved: [Float] = [1e-30, 2e-30, 3e-30, 1e30]
    let readings = try moved.enumerated().map { index, step in
      try preflight.read(
        NamedTable("m\(index)", table([("w", [1, 2, 3 + step * 1e7])])), reference: origin)
    }
    let near = try (0..<4).map {
      try preflight.read(
        NamedTable("n\($0)", table([("w", [1, 2, 3.0000002 + Float($0) * 1e-6])])),
        reference: origin)
    }
    let findings = preflight.compare(near + readings.suffix(1), reference: "origin")
    #expect(findings.contains { $0.rule == .distance && $0.subject == "m3" })
  }

  @Test func aSampleFindsStrangers() throws {
    let origin = try randomTable(seed: 1)
    let center = try ["big", "small", "vector"].map { try floats(origin, $0) }
    let ingredients = try [
      NamedTable("first", origin),
      NamedTable("tuned", randomTable(seed: 10, around: center, scale: 0.05)),
      NamedTable("stranger", randomTable(seed: 99)),
      NamedTable("other", table([("z", [1])])),
    ]
    let findings = try preflight.sample(ingredients)
    #expect(findings.map(\.rule) == [.initialisation])
    #expect(findings.map(\.subject) == ["stranger"])
    #expect(try preflight.sample([]).isEmpty)
  }

  @Test func ofTwoNeitherIsMost() throws {
    let ingredients = try [
      NamedTable("a", table([("x", [1]), ("y", [1])])), NamedTable("b", table([("x", [1])])),
    ]
    let findings = preflight.headers(ingredients)
    #expect(findings.map(\.problem) == ["lacks 1 tensor that a has"])
  }
}
