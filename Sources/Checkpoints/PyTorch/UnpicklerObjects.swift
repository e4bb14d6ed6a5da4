// MARK: - Globals, storages and what is built of them

extension Unpickler {
  private static let mend = "Re-save it with torch.save(model.state_dict(), path)"

  /// Names, persistent ids and everything that makes an object of them.
  mutating func construct(_ code: UInt8) throws -> Bool {
    switch code {
    case UInt8(ascii: "c"):
      let module = try line()
      try push(try name(PickleGlobal(module: module, name: try line())))
    case 0x93:
      guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
        throw fail("names a global by something that is no text")
      }
      try push(try self.name(PickleGlobal(module: module, name: name)))
    case UInt8(ascii: "R"), 0x81:
      let arguments = try pop()
      try push(try call(try pop(), try list(arguments)))
    case 0x92:
      _ = try pop()
      let arguments = try pop()
      try push(try call(try pop(), try list(arguments)))
    case UInt8(ascii: "o"):
      var items = try popToMark()
      guard !items.isEmpty else { throw fail("instantiates nothing") }
      let callee = items.removeFirst()
      try push(try call(callee, items))
    case UInt8(ascii: "i"):
      let module = try line()
      let callee = try name(PickleGlobal(module: module, name: try line()))
      try push(try call(callee, try popToMark()))
    case UInt8(ascii: "b"): try build()
    case UInt8(ascii: "Q"): try push(try persistent(try list(try pop())))
    case UInt8(ascii: "P"):
      throw fail(
        "refers to what is outside of the pickle by a text, as protocol 0 does: "
          + "'\(try line().excerpt)'", mend: Self.mend)
    case 0x82...0x84: throw fail("uses the extension registry of one Python installation")
    case 0x97, 0x98: throw fail("has buffers outside the file")
    default: return false
    }
    return true
  }

  private mutating func name(_ global: PickleGlobal) throws -> PickleValue {
    if let index = globalIndices[global] { return .global(index) }
    guard !global.isDangerous else {
      throw fail(
        "names \(global), which no weights need and which can do harm, and is refused",
        mend: Self.mend)
    }
    globalIndices[global] = graph.globals.count
    graph.globals.append(global)
    meanings.append(global.meaning)
    return .global(graph.globals.count - 1)
  }

  private func list(_ value: PickleValue) throws -> [PickleValue] {
    guard let object = graph.object(value), object.kind == .tuple else {
      throw fail("has arguments that are no tuple")
    }
    return object.items
  }

  /// The meaning of something callable.
  ///
  /// - Throws: `InputError` naming a global that is not known to be data.
  private func meaning(_ callee: PickleValue) throws -> (PickleGlobal, PickleMeaning) {
    guard case .global(let index) = callee else {
      throw fail("calls something that is no class or function")
    }
    let global = graph.globals[index]
    if let meaning = meanings[index] { return (global, meaning) }
    if inert.contains(global.path) { return (global, .data) }
    throw fail(
      "would have Python call \(global), which is not known to be plain data, and is refused",
      mend: Self.mend + ", or pass over its instances with --inert \(global) "
        + "(in stockpot.toml: [sweep] inert = [\"\(global)\"]): nothing of it is run")
  }

  /// What calling or instantiating `callee` stands for.
  private mutating func call(
    _ callee: PickleValue, _ arguments: [PickleValue]
  ) throws -> PickleValue {
    let (global, meaning) = try meaning(callee)
    switch meaning {
    case .rebuildTensor, .rebuildTensorV2, .rebuildTensorV3:
      return try tensor(global, meaning, arguments)
    case .rebuildParameter:
      guard let data = arguments.first, isTensor(data) else {
        throw fail("calls \(global) without a tensor")
      }
      return data
    case .rebuildFromType: return try rebuild(global, arguments)
    case .unsupportedTensor(let reason): return try make(.unsupportedTensor(reason))
    case .dictionary: return try make(.dictionary, try dictionaryItems(arguments))
    case .list: return try make(.list, try copiedItems(arguments))
    case .tuple: return try make(.tuple, try copiedItems(arguments))
    case .set: return try make(.set, try copiedItems(arguments))
    case .namespace: return try make(.namespace)
    case .reconstructor:
      guard let first = arguments.first else { throw fail("calls \(global) without a class") }
      let (name, kind) = try self.meaning(first)
      switch kind {
      case .dictionary: return try make(.dictionary)
      case .namespace: return try make(.namespace)
      default: return try make(.opaque(className: name.description))
      }
    case .member:
      guard let first = arguments.first else { throw fail("calls \(global) without a class") }
      return try make(.opaque(className: try self.meaning(first).0.description))
    case .data: return try make(.opaque(className: global.description))
    case .storage, .tensorClass, .elementType:
      throw fail("calls \(global), which checkpoints only name", mend: Self.mend)
    }
  }

  private func isTensor(_ value: PickleValue) -> Bool {
    switch graph.object(value)?.kind {
    case .tensor, .unsupportedTensor: true
    default: false
    }
  }

  private mutating func copiedItems(_ arguments: [PickleValue]) throws -> [PickleValue] {
    guard let first = arguments.first else { return [] }
    return try copy(graph.items(first) ?? [])
  }

  /// From another dictionary or a list of pairs; the factory of a defaultdict is left out.
  private mutating func dictionaryItems(_ arguments: [PickleValue]) throws -> [PickleValue] {
    guard let first = arguments.prefix(2).first(where: { graph.object($0) != nil }),
      let object = graph.object(first)
    else { return [] }
    if object.kind == .dictionary { return try copy(object.items) }
    var items: [PickleValue] = []
    for pair in try copy(graph.items(first) ?? []) {
      guard let both = graph.items(pair), both.count == 2 else {
        throw fail("makes a dictionary of something that is no pair")
      }
      items += both
    }
    return items
  }

  /// `_rebuild_from_type_v2(function, type, arguments, state)`: a Parameter or Tensor with
  /// attributes.
  private mutating func rebuild(
    _ global: PickleGlobal, _ arguments: [PickleValue]
  ) throws -> PickleValue {
    guard arguments.count == 4, case .global(let type) = arguments[1] else {
      throw fail("calls \(global) with arguments that PyTorch does not write")
    }
    let (function, meaning) = try meaning(arguments[0])
    guard meanings[type] == .tensorClass else {
      throw fail(
        "holds a tensor of class \(graph.globals[type]), which is not known", mend: Self.mend)
    }
    switch meaning {
    case .rebuildTensor, .rebuildTensorV2, .rebuildTensorV3, .rebuildParameter,
      .unsupportedTensor:
      return try call(arguments[0], try list(arguments[2]))
    default: throw fail("rebuilds a tensor by \(function)", mend: Self.mend)
    }
  }

  private mutating func tensor(
    _ global: PickleGlobal, _ meaning: PickleMeaning, _ arguments: [PickleValue]
  ) throws -> PickleValue {
    let required = meaning == .rebuildTensor ? 4 : meaning == .rebuildTensorV2 ? 6 : 7
    guard arguments.count >= required,
      case .storage(let index) = graph.object(arguments[0])?.kind,
      case .int(let offset) = arguments[1], offset >= 0,
      let shape = graph.sizes(arguments[2]), let strides = graph.sizes(arguments[3]),
      shape.count == strides.count
    else {
      throw fail("calls \(global) with arguments that PyTorch does not write", mend: Self.mend)
    }
    var type = graph.storages[index].type
    if meaning == .rebuildTensorV3 {
      guard case .global(let name) = arguments[6], graph.globals[name].module == "torch" else {
        throw fail("calls \(global) without an element type", mend: Self.mend)
      }
      if case .elementType(let named) = meanings[name] {
        type = named
      } else {
        type = .other(graph.globals[name].name, size: nil)
      }
    }
    guard let type else { throw fail("has a tensor without an element type") }
    if let metadata = arguments.dropFirst(required).first,
      let flags = graph.object(metadata)?.items, flags.count <= 16,
      stride(from: 1, to: flags.count, by: 2).contains(where: { flags[$0] == .bool(true) })
    {
      return try make(.unsupportedTensor("is a negated or conjugated view"))
    }
    graph.views.append(
      PickleTensor(storage: index, type: type, offset: offset, shape: shape, strides: strides))
    return try make(.tensor(graph.views.count - 1))
  }

  /// `("storage", type, key, location, count)`, the only reference out of a pickle that there is.
  private mutating func persistent(_ id: [PickleValue]) throws -> PickleValue {
    if id.first == .string("module"), id.count > 1, case .global(let index) = id[1] {
      throw fail(
        "holds a whole model (\(graph.globals[index])), not its weights", mend: Self.mend)
    }
    guard id.count >= 5, id[0] == .string("storage"), case .global(let index) = id[1],
      case .string(let key) = id[2], case .int(let count) = id[4], count >= 0
    else { throw fail("refers to something outside the pickle that is no storage") }
    guard case .storage(let type) = meanings[index] else {
      throw fail("has a storage of the unknown type \(graph.globals[index])", mend: Self.mend)
    }
    guard id.count == 5 || id[5] == .none else {
      throw fail("uses views of storages, as PyTorch before 0.4 did", mend: Self.mend)
    }
    let storage = PickleStorage(key: key, type: type, count: count)
    if let known = storageIndices[key] {
      // The same bytes may be named by two types, but not by two sizes.
      guard graph.storages[known] != storage else { return try make(.storage(known)) }
      guard byteCount(graph.storages[known]) == byteCount(storage) else {
        throw fail("names storage \(key) with two sizes")
      }
    }
    storageIndices[key] = graph.storages.count
    graph.storages.append(storage)
    return try make(.storage(graph.storages.count - 1))
  }

  private func byteCount(_ storage: PickleStorage) -> Int? {
    let (count, overflow) = storage.count.multipliedReportingOverflow(by: storage.type?.size ?? 1)
    return overflow ? nil : count
  }

  /// Sets attributes: kept for a namespace, of no interest elsewhere.
  private mutating func build() throws {
    let state = try pop()
    switch try top() {
    case .object(let index):
      if graph.objects[index].kind == .namespace { graph.objects[index].items = [state] }
    case .global(let index): throw fail("changes \(graph.globals[index])", mend: Self.mend)
    default: throw fail("sets attributes of something that has none")
    }
  }
}
