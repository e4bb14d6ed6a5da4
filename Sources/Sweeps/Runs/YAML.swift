import Checkpoints
import OrderedCollections
import Yams

extension JSONValue {
  /// Bytes of a YAML file that is read; a tracker's settings have thousands.
  private static let largestYAML = 4_000_000

  /// Values of one document; aliases repeat what they stand for, so the file's size is no bound.
  private static let mostValues = 100_000

  /// Reads the YAML file at `path`.
  ///
  /// Tags are not obeyed: what Python wrote as an object of its own is kept as text or left out.
  /// - Throws: `InputError` when it cannot be read, is not YAML, or is too large.
  init(readingYAML path: String) throws(InputError) {
    let bytes = try readBytes(of: path)
    guard bytes.count <= Self.largestYAML, let text = String(validating: bytes, as: UTF8.self)
    else {
      throw InputError(file: path, problem: "not a text in UTF-8 of at most 4 MB")
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw InputError(file: path, place: error.place, problem: "not YAML: \(error.reason)")
    } catch {
      throw InputError(file: path, problem: "not YAML: \(error)")
    }
    var left = Self.mostValues
    guard let node else {
      self = .null
      return
    }
    guard let value = Self.value(of: node, left: &left) else {
      throw InputError(file: path, problem: "more than \(Self.mostValues) values")
    }
    self = value
  }

  /// Nil when there are more values than are `left`.
  private static func value(of node: Node, left: inout Int) -> JSONValue? {
    left -= 1
    guard left > 0 else { return nil }
    switch node {
    case .scalar(let scalar): return value(of: scalar)
    case .sequence(let sequence):
      var elements: [JSONValue] = []
      for element in sequence {
        guard let value = value(of: element, left: &left) else { return nil }
        elements.append(value)
      }
      return .array(elements)
    case .mapping(let mapping):
      var members: OrderedDictionary<String, JSONValue> = [:]
      for (key, element) in mapping {
        guard let value = value(of: element, left: &left) else { return nil }
        if let name = key.scalar?.string { members[name] = value }
      }
      return .object(members)
    case .alias: return .null
    }
  }

  /// A plain scalar is a number wherever it looks like one: `1e-5`, which YAML 1.1 calls a text, too.
  private static func value(of scalar: Node.Scalar) -> JSONValue {
    guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
    switch scalar.string.lowercased() {
    case "", "~", "null", "none": return .null
    case "true", "yes", "on": return .bool(true)
    case "false", "no", "off": return .bool(false)
    default: return number(scalar.string) ?? .string(scalar.string)
    }
  }

  /// The number that a text in decimal notation is; nil for any other text.
  static func number(_ text: String) -> JSONValue? {
    if let whole = Int(text) { return .integer(whole) }
    guard text.utf8.allSatisfy({ 48...57 ~= $0 || "+-.eE".utf8.contains($0) }),
      let number = Double(text), number.isFinite
    else { return nil }
    return .number(number)
  }
}

extension YamlError {
  fileprivate var mark: Mark? {
    switch self {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark
    default: nil
    }
  }

  fileprivate var place: String? { mark.map { "line \($0.line), column \($0.column)" } }

  fileprivate var reason: String {
    switch self {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _),
      .composer(_, let problem, _, _):
      problem
    default: "it cannot be taken apart"
    }
  }
}
