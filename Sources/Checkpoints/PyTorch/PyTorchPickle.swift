/// The pickle of a state dict as `torch.save` writes it, in protocol 2.
struct PyTorchPickle {
  private var bytes: [UInt8] = [0x80, 2]
  /// Where what repeats was remembered.
  private var memo: [String: UInt8] = [:]

  /// An `OrderedDict` of contiguous tensors on the CPU.
  ///
  /// - Parameter tensors: with the key of the storage that each is the whole of.
  static func stateDict(_ tensors: [(info: TensorInfo, storage: Int)]) -> [UInt8] {
    var pickle = PyTorchPickle()
    pickle.orderedDict()
    pickle.code("(")
    for (info, storage) in tensors {
      pickle.string(info.name)
      pickle.tensor(info, storage: storage)
    }
    pickle.code("u")
    pickle.code(".")
    return pickle.bytes
  }

  private mutating func tensor(_ info: TensorInfo, storage: Int) {
    let (storageClass, type) = Self.names(of: info.dtype)
    global("torch._utils", type == nil ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3")
    code("(")
    code("(")
    remembering("storage") { $0.string("storage") }
    if type == nil { global("torch", storageClass) } else { global("torch.storage", storageClass) }
    string(String(storage))
    remembering("cpu") { $0.string("cpu") }
    integer(type == nil ? info.count : info.byteCount)
    code("t")
    code("Q")
    integer(0)
    tuple(info.shape)
    tuple(Self.strides(of: info.shape))
    bytes.append(0x89)
    orderedDict()
    if let type { global("torch", type) }
    code("t")
    code("R")
  }

  /// Storages are typed, except those of the types that came after PyTorch had given that up; these
  /// name their type as an argument.
  private static func names(of dtype: DType) -> (storage: String, type: String?) {
    switch dtype {
    case .bool: ("BoolStorage", nil)
    case .u8: ("ByteStorage", nil)
    case .i8: ("CharStorage", nil)
    case .i16: ("ShortStorage", nil)
    case .i32: ("IntStorage", nil)
    case .i64: ("LongStorage", nil)
    case .f16: ("HalfStorage", nil)
    case .bf16: ("BFloat16Storage", nil)
    case .f32: ("FloatStorage", nil)
    case .f64: ("DoubleStorage", nil)
    case .u16: ("UntypedStorage", "uint16")
    case .u32: ("UntypedStorage", "uint32")
    case .u64: ("UntypedStorage", "uint64")
    case .f8e4m3: ("UntypedStorage", "float8_e4m3fn")
    case .f8e5m2: ("UntypedStorage", "float8_e5m2")
    }
  }

  private static func strides(of shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
    }
    return strides
  }

  private mutating func code(_ letter: Unicode.Scalar) { bytes.append(UInt8(ascii: letter)) }

  private mutating func global(_ module: String, _ name: String) {
    remembering("\(module).\(name)") { $0.bytes += Array("c\(module)\n\(name)\n".utf8) }
  }

  /// Puts what `make` writes the first time, and refers to that afterwards.
  private mutating func remembering(_ key: String, _ make: (inout PyTorchPickle) -> Void) {
    if let index = memo[key] {
      code("h")
      bytes.append(index)
      return
    }
    make(&self)
    let index = UInt8(memo.count)
    memo[key] = index
    code("q")
    bytes.append(index)
  }

  private mutating func orderedDict() {
    global("collections", "OrderedDict")
    code(")")
    code("R")
  }

  private mutating func string(_ text: String) {
    code("X")
    little(UInt32(text.utf8.count))
    bytes += Array(text.utf8)
  }

  private mutating func integer(_ value: Int) {
    if let small = UInt8(exactly: value) {
      code("K")
      bytes.append(small)
    } else if let medium = Int32(exactly: value) {
      code("J")
      little(medium)
    } else {
      bytes += [0x8A, 8]
      little(value)
    }
  }

  private mutating func tuple(_ sizes: [Int]) {
    code("(")
    for size in sizes { integer(size) }
    code("t")
  }

  private mutating func little(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}
