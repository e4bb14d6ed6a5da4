import Foundation
import Testing

@testable import Checkpoints

@Suite struct SafetensorsFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func readsWhatTheReferenceImplementationWrote() throws {
    let file = try SafetensorsFile(path: fixture("reference.safetensors"))
    #expect(file.metadata == ["quote": "a \"b\" \\ \n é 🍲"])
    #expect(Set(file.tensors.map(\.name)) == ["a", "b", "c"])
    let index = try #require(file.index(of: "b"))
    #expect(file.tensors[index] == TensorInfo(name: "b", dtype: .f32, shape: [2, 3]))
    let values = try file.withBytes(ofTensorAt: index) { bytes in
      (0..<6).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
    #expect(values == [0, 1, 2, 3, 4, 5])
  }

  @Test func ordersTensorsByTheirData() throws {
    let header = """
      {"late":{"dtype":"U8","shape":[2],"data_offsets":[3,5]},
       "none":{"dtype":"F64","shape":[0,7],"data_offsets":[3,3]},
       "early":{"dtype":"I8","shape":[3],"data_offsets":[0,3],"unknown":[{"a":[1.5e3,null]}]}}
      """
    let path = try folder.write(safetensors(header, data: 5))
    let file = try SafetensorsFile(path: path)
    #expect(file.tensors.map(\.name) == ["early", "none", "late"])
    #expect(file.index(of: "late") == 2)
    #expect(file.index(of: "other") == nil)
  }

  @Test func readsEveryType() throws {
    for dtype in DType.allCases {
      let size = dtype.size
      let header = """
        {"t":{"dtype":"\(dtype.rawValue)","shape":[],"data_offsets":[0,\(size)]}}
        """
      let file = try SafetensorsFile(path: folder.write(safetensors(header, data: size)))
      #expect(file.tensors == [TensorInfo(name: "t", dtype: dtype, shape: [])])
    }
  }

  @Test func resolvesEscapes() throws {
    let header = #"{"__metadata__":{"k\u00e9\ud83c\udf72\/\b\f\n\r\t\"":"\\"}}"#
    let file = try SafetensorsFile(path: folder.write(safetensors(header, data: 0)))
    #expect(file.metadata == ["ké🍲/\u{8}\u{c}\n\r\t\"": "\\"])
    #expect(file.tensors.isEmpty)
  }

  static let malformed: [(header: String, data: Int, problem: String)] = [
    ("[]", 0, "does not start with {"),
    ("{", 0, "does not start with {"),
    ("{ ", 0, "a string is expected"),
    ("{}x", 0, "goes on after"),
    ("{},", 0, "goes on after"),
    (#"{"a" 1}"#, 0, "a colon"),
    (#"{"a":1}"#, 0, "an object"),
    (#"{"a":{}}"#, 0, "are needed"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},}"#, 4, "a string"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4, "are needed"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}"#, 4, "are needed"),
    (#"{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}"#, 8, "type C64"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "which takes 8"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "before it begins"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "belong to no tensor"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, "1 bytes after the last"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, "but 3 are there"),
    (#"{}"#, 1, "1 bytes after"),
    (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, "not a fraction"),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "not negative"),
    (#"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#, 4, "not negative"),
    (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, 4, "too large"),
    (
      #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, 4,
      "too large to address"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
      2, "given twice"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
      3, "overlaps"
    ),
    (
      #"{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 1,
      "dtype is given twice"
    ),
    (#"{"__metadata__":{"a":1}}"#, 0, "a string is expected"),
    (#"{"__metadata__":{"a":"1","a":"2"}}"#, 0, "given twice"),
    (#"{"__metadata__":{},"__metadata__":{}}"#, 0, "given twice"),
    (#"{"__metadata__":{"a":"\ud800"}}"#, 0, "surrogate"),
    (#"{"__metadata__":{"a":"\x"}}"#, 0, "escape"),
    ("{\"__metadata__\":{\"a\":\"\n\"}}", 0, "control character"),
    (#"{"a":{"x":nan}}"#, 0, "a value is expected"),
    (#"{"a":{"x":01}}"#, 0, "a value is expected"),
    (#"{"a":{"x":0x1p3}}"#, 0, "a value is expected"),
    (#"{"a":{"x":"# + String(repeating: "[", count: 500), 0, "nested too deeply"),
  ]

  @Test(arguments: malformed)
  func refusesAndNames(_ header: String, data: Int, problem: String) throws {
    let path = try folder.write(safetensors(header, data: data))
    let error = try #require(throws: InputError.self) { try SafetensorsFile(path: path) }
    #expect(error.file == path)
    #expect(error.place != nil || header == "{}")
    #expect(error.problem.contains(problem), "\(error)")
    #expect(error.mend != nil)
  }

  @Test func refusesBytesThatAreNotUTF8() throws {
    var bytes = safetensors(#"{"__metadata__":{"a":"?"}}"#, data: 0)
    let place = try #require(bytes.firstIndex(of: UInt8(ascii: "?")))
    bytes[place] = 0xFF
    let path = try folder.write(bytes)
    let error = try #require(throws: InputError.self) { try SafetensorsFile(path: path) }
    #expect(error.problem.contains("UTF-8"))
  }

  @Test func refusesLengthsThatCannotBe() throws {
    for length in [UInt64.max, 1 << 63, 100_000_001, 1000, 3] {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array("{}".utf8)
      let path = try folder.write(bytes)
      let error = try #require(throws: InputError.self) { try SafetensorsFile(path: path) }
      #expect(error.place == "byte 0")
    }
    for count in 1..<8 {
      let path = try folder.write(Array(repeating: 0, count: count))
      #expect(throws: InputError.self) { try SafetensorsFile(path: path) }
    }
  }

  /// Damages a good file in many ways: it is refused by name, or still keeps every promise.
  @Test func survivesMutation() throws {
    let good = try [UInt8](Data(contentsOf: URL(fileURLWithPath: fixture("reference.safetensors"))))
    let header = 8 + Int(good[0]) + Int(good[1]) << 8
    let alphabet = Array("{}[]\",:0123456789-eE.\\u/ FUIB_tn".utf8)
    var generator = SeededGenerator(state: 1)
    var refused = 0
    for _ in 0..<60_000 {
      var bytes = good
      for _ in 0...Int.random(in: 0..<3, using: &generator) {
        let place = Int.random(in: 0..<min(header, bytes.count), using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[place] = alphabet.randomElement(using: &generator) ?? 0
        case 2: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 3: bytes.remove(at: place)
        case 4: bytes.insert(alphabet.randomElement(using: &generator) ?? 0, at: place)
        default: bytes.removeLast(Int.random(in: 1...max(1, bytes.count / 2), using: &generator))
        }
        if bytes.count < 2 { break }
      }
      do {
        let header = try bytes.withUnsafeBytes { try SafetensorsHeader(file: "name", bytes: $0) }
        for (tensor, offset) in zip(header.tensors, header.offsets) {
          #expect(offset >= 8 && offset + tensor.byteCount <= bytes.count)
        }
      } catch let error as InputError {
        refused += 1
        #expect(error.file == "name")
      }
    }
    #expect(refused > 30_000)
  }
}
