/// A value in an unpickled graph; compound ones are indices into `PickleGraph.objects`.
///
/// Indices instead of references keep cycles harmless and freeing a deep graph free of recursion.
enum PickleValue: Hashable, Sendable {
  case none
  case bool(Bool)
  case int(Int)
  /// An integer beyond 64 bits, of which nothing but its presence matters.
  case wideInteger
  case double(Double)
  case string(String)
  /// A range of the pickle's own bytes.
  case bytes(Range<Int>)
  /// A name only; nothing is imported.
  case global(Int)
  case object(Int)
}

/// A compound value.
struct PickleObject: Sendable {
  enum Kind: Hashable, Sendable {
    case list, tuple, set
    /// `items` alternate between key and value.
    case dictionary
    /// Attributes: `items` is empty or one dictionary.
    case namespace
    /// Of a class that is known to be plain data; what it holds is not looked at.
    case opaque(className: String)
    /// An index into `PickleGraph.storages`.
    case storage(Int)
    /// An index into `PickleGraph.views`.
    case tensor(Int)
    /// A tensor of a kind that has no place in a table, with the reason.
    case unsupportedTensor(String)
  }

  var kind: Kind
  var items: [PickleValue] = []
}

/// A torch storage named by a pickle.
struct PickleStorage: Hashable, Sendable {
  let key: String
  /// Nil for an untyped storage, whose elements are bytes.
  let type: TorchType?
  let count: Int
}

/// An element type as torch names it: one that tables know, or the name of another.
enum TorchType: Hashable, Sendable {
  case known(DType)
  case other(String, size: Int?)

  /// Bytes of one element, nil when unknown.
  var size: Int? {
    switch self {
    case .known(let dtype): dtype.size
    case .other(_, let size): size
    }
  }
}

/// A tensor as a view of a storage, unchecked against the storage's size.
struct PickleTensor: Hashable, Sendable {
  let storage: Int
  let type: TorchType
  /// In elements.
  let offset: Int
  let shape: [Int]
  let strides: [Int]
}

/// What came out of a pickle.
struct PickleGraph: Sendable {
  var root = PickleValue.none
  var objects: [PickleObject] = []
  /// `module` and `name` of every global that was named, without repeats.
  var globals: [PickleGlobal] = []
  var storages: [PickleStorage] = []
  var views: [PickleTensor] = []
  /// Where the pickle ends in the bytes it was read from.
  var end = 0

  func object(_ value: PickleValue) -> PickleObject? {
    guard case .object(let index) = value else { return nil }
    return objects[index]
  }

  /// The dictionary that a value is, or that holds its attributes when it is a namespace.
  func dictionary(_ value: PickleValue) -> PickleValue? {
    guard let object = object(value) else { return nil }
    if object.kind == .dictionary { return value }
    guard object.kind == .namespace, let attributes = object.items.first,
      self.object(attributes)?.kind == .dictionary
    else { return nil }
    return attributes
  }

  /// Entries of a dictionary or namespace, in linear time.
  ///
  /// A repeated key keeps its first place and its last value, as in Python.
  func entries(_ value: PickleValue) -> [PickleEntry]? {
    guard let dictionary = dictionary(value), let items = object(dictionary)?.items else {
      return nil
    }
    var entries: [PickleEntry] = []
    var places: [PickleEntry.Key: Int] = [:]
    for position in stride(from: 0, to: items.count - 1, by: 2) {
      let key = PickleEntry.Key(items[position])
      if let place = places[key] {
        entries[place].value = items[position + 1]
      } else {
        places[key] = entries.count
        entries.append(PickleEntry(key: key, value: items[position + 1]))
      }
    }
    return entries
  }

  /// The items of a list, tuple or set.
  func items(_ value: PickleValue) -> [PickleValue]? {
    guard let object = object(value) else { return nil }
    switch object.kind {
    case .list, .tuple, .set: return object.items
    default: return nil
    }
  }

  /// PyTorch itself stops at 64 dimensions.
  private static let mostDimensions = 64

  /// A tuple or list of a few numbers that are not negative.
  func sizes(_ value: PickleValue) -> [Int]? {
    guard let items = items(value), items.count <= Self.mostDimensions else { return nil }
    var sizes: [Int] = []
    for item in items {
      guard case .int(let size) = item, size >= 0 else { return nil }
      sizes.append(size)
    }
    return sizes
  }
}

/// A dotted name in a pickle.
struct PickleGlobal: Hashable, Sendable, CustomStringConvertible {
  let module: String
  let name: String

  /// All of it, however long.
  var path: String { "\(module).\(name)" }
  var description: String { path.excerpt }
}

/// An entry of a dictionary.
struct PickleEntry: Sendable {
  enum Key: Hashable, Sendable {
    case text(ExactText)
    case number(Int)
    case other(PickleValue)

    init(_ value: PickleValue) {
      switch value {
      case .string(let text): self = .text(ExactText(text))
      case .int(let number): self = .number(number)
      default: self = .other(value)
      }
    }
  }

  let key: Key
  var value: PickleValue

  /// The key when it is a text.
  var text: String? {
    guard case .text(let exact) = key else { return nil }
    return exact.text
  }

  /// The key as the name of a tensor: a number by its digits, nil for what is neither.
  var name: String? {
    guard case .number(let number) = key else { return text }
    return String(number)
  }
}
