import Foundation
import OrderedCollections
import Testing

@testable import Sweeps

@Suite struct JSONValueTests {
  private func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

  @Test func valuesKeepTheirOrderAndKind() throws {
    let value = try parse(
      #" {"b":1,"a":[true,false,null,-0,1.5e3,"x"],"é":{}, "n":NaN, "i":-Infinity, "a":2} "#)
    let object = try #require(value.object)
    #expect(object.keys == ["b", "a", "é", "n", "i"])
    #expect(object["b"] == .integer(1))
    #expect(object["a"] == .integer(2))
    #expect(object["n"]?.number?.isNaN == true)
    #expect(object["i"]?.number == -.infinity)
    #expect(try parse("[1.5e3, -0, \"x\"]") == .array([.number(1500), .integer(0), .string("x")]))
    #expect(try parse("\u{FEFF}1") == .integer(1))
    #expect(try parse("9223372036854775808") == .string("9223372036854775808"))
  }

  @Test(arguments: [
    (#""\u00e9\n\t\/\\\"""#, "é\n\t/\\\""), (#""\ud83c\udf72""#, "🍲"), (#""\ud83c""#, "\u{FFFD}"),
    (#""\ud83cx""#, "\u{FFFD}x"), (#""\ud83c\u0041""#, "\u{FFFD}A"), (#""\u0000""#, "\0"),
  ])
  func stringsAreUnescaped(text: String, value: String) throws {
    #expect(try parse(text) == .string(value))
  }

  @Test(arguments: [
    ("", 1, 1), ("{", 1, 2), ("[1,]", 1, 4), ("{\"a\" 1}", 1, 6), ("{\"a\":1,}", 1, 8),
    ("01", 1, 1),
    ("1.", 1, 1), (".5", 1, 1), ("+1", 1, 1), ("1e", 1, 1), ("tru", 1, 1), ("[1 2]", 1, 4),
    ("{}\n x", 2, 2), ("[\n\"a", 2, 1), ("\"\\x\"", 1, 2), ("\"\\u12\"", 1, 6), ("'a'", 1, 1),
    ("\"a\nb\"", 1, 3), ("nan", 1, 1), ("0x1", 1, 1), ("\"\\u+123\"", 1, 4),
  ])
  func mistakesHaveAPlace(text: String, line: Int, column: Int) throws {
    let error = #expect(throws: JSONValue.Malformed.self) { try parse(text) }
    #expect(error?.line == line)
    #expect(error?.column == column)
  }

  @Test func depthIsLimited() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: JSONValue.Malformed.self) { try parse(deep) }
  }

  /// Against Foundation's reader, over documents that its writer makes.
  @Test func agreesWithFoundation() throws {
    var random = Seeded(5)
    for _ in 0..<300 {
      let document = randomDocument(depth: 3, &random)
      let data = try JSONSerialization.data(withJSONObject: [document], options: [])
      let value = try JSONValue(parsing: data)
      #expect(same(value, try JSONSerialization.jsonObject(with: data)))
    }
  }

  @Test func damagedDocumentsNeverStopTheProgram() throws {
    var random = Seeded(6)
    let good = Array(#"{"a": [1, -2.5e-3, "x\u00e9\n"], "b": {"c": null, "d": true}}"#.utf8)
    var failures = 0
    for _ in 0..<3000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        default: bytes.removeSubrange(place...)
        }
        if bytes.isEmpty { break }
      }
      do { _ = try JSONValue(parsing: bytes) } catch { failures += 1 }
    }
    #expect(failures > 1000)
  }

  private func randomDocument(depth: Int, _ random: inout Seeded) -> Any {
    switch Int.random(in: 0..<(depth == 0 ? 5 : 7), using: &random) {
    case 0: return Int.random(in: -1000...1000, using: &random)
    case 1: return Double.random(in: -1e9...1e9, using: &random)
    case 2: return Bool.random(using: &random)
    case 3: return NSNull()
    case 4:
      return String((0..<4).map { _ in "aé\"\\\n🍲/\u{1}".randomElement(using: &random) ?? "a" })
    case 5: return (0..<3).map { _ in randomDocument(depth: depth - 1, &random) }
    default:
      return Dictionary(
        (0..<3).map { ("k\($0)", randomDocument(depth: depth - 1, &random)) }
      ) { first, _ in first }
    }
  }

  private func same(_ value: JSONValue, _ other: Any) -> Bool {
    switch value {
    case .object(let members):
      guard let other = other as? [String: Any], other.count == members.count else { return false }
      return members.allSatisfy { key, member in other[key].map { same(member, $0) } ?? false }
    case .array(let elements):
      guard let other = other as? [Any], other.count == elements.count else { return false }
      return zip(elements, other).allSatisfy { same($0, $1) }
    case .string(let text): return other as? String == text
    case .integer(let whole): return (other as? NSNumber)?.intValue == whole
    case .number(let number):
      // Foundation's reader is off by a last bit now and then.
      let value = (other as? NSNumber)?.doubleValue ?? .nan
      return abs(value - number) <= 1e-15 * abs(number)
    case .bool(let flag): return other as? Bool == flag
    case .null: return other is NSNull
    }
  }
}
