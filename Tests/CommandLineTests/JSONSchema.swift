import Foundation

/// A JSON document.
enum JSON: Decodable, Equatable {
  case object([String: JSON])
  case array([JSON])
  case string(String)
  case number(Double)
  case bool(Bool)
  case null

  init(_ text: String) throws {
    self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSON].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  subscript(_ key: String) -> JSON? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }

  var text: String? { if case .string(let text) = self { text } else { nil } }

  var number: Double? { if case .number(let number) = self { number } else { nil } }

  /// As JSON Schema calls it; whole numbers are integers too.
  fileprivate var types: [String] {
    switch self {
    case .object: ["object"]
    case .array: ["array"]
    case .string: ["string"]
    case .number(let number): number == number.rounded() ? ["integer", "number"] : ["number"]
    case .bool: ["boolean"]
    case .null: ["null"]
    }
  }
}

/// The part of JSON Schema that the program's schemas are written in.
struct JSONSchema {
  private let root: JSON

  init(_ text: String) throws { root = try JSON(text) }

  /// Where a document departs from the schema; empty when it does not.
  func problems(of document: JSON) -> [String] { Self.problems(document, root, at: "$") }

  private static func problems(_ value: JSON, _ schema: JSON, at place: String) -> [String] {
    if let choices = schema["anyOf"]?.elements {
      let all = choices.map { problems(value, $0, at: place) }
      return all.contains([]) ? [] : all.min { $0.count < $1.count } ?? []
    }
    var found: [String] = []
    let types = schema["type"].map { $0.text.map { [$0] } ?? $0.elements.compactMap(\.text) } ?? []
    if !types.isEmpty, Set(types).isDisjoint(with: value.types) {
      found.append("\(place) is not \(types.joined(separator: " or "))")
    }
    if let words = schema["enum"], !words.elements.contains(value) {
      found.append("\(place) is none of those listed")
    }
    for key in schema["required"]?.elements.compactMap(\.text) ?? [] where value[key] == nil {
      found.append("\(place).\(key) is missing")
    }
    if case .object(let members) = value {
      for (key, member) in members {
        let others = schema["additionalProperties"]
        if let inner = schema["properties"]?[key] ?? others {
          let isRefused = inner == .bool(false)
          found +=
            isRefused
            ? ["\(place).\(key) is not described"]
            : problems(member, inner, at: "\(place).\(key)")
        }
      }
    }
    if let inner = schema["items"] {
      for (index, element) in value.elements.enumerated() {
        found += problems(element, inner, at: "\(place)[\(index)]")
      }
    }
    return found
  }
}
