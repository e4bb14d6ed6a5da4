/// What the unpickler makes of a global when it is called or instantiated.
enum PickleMeaning: Hashable, Sendable {
  case rebuildTensor
  /// Also version 3, which has the element type after the hooks.
  case rebuildTensorV2
  case rebuildTensorV3
  case rebuildParameter
  /// `(function, type, arguments, state)`.
  case rebuildFromType
  case unsupportedTensor(String)
  case storage(TorchType?)
  /// Types that may be named but have nothing to instantiate.
  case tensorClass
  case elementType(TorchType)
  case dictionary, list, tuple, set, namespace
  /// `copyreg._reconstructor(class, base, state)` of protocols 0 and 1.
  case reconstructor
  /// `getattr(class, name)`, as members of enumerations are written by some versions of Python.
  case member
  /// Plain data that no tensor depends on.
  case data
}

extension PickleGlobal {
  /// The meaning of this name, or nil for one that is refused when it is used.
  ///
  /// The names are those of `torch.save` (PyTorch's `_weights_only_unpickler.py` allows the same)
  /// and of plain data in training loops' checkpoints. None is imported or called.
  var meaning: PickleMeaning? {
    switch module {
    case "torch._utils": return torchUtility
    case "torch._tensor", "torch.tensor":
      return name == "_rebuild_from_type_v2" ? .rebuildFromType : nil
    case "torch", "torch.cuda": return torch
    case "torch.storage":
      return ["UntypedStorage", "_UntypedStorage"].contains(name) ? .storage(nil) : nil
    case "torch.nn.parameter":
      return ["Parameter", "Buffer"].contains(name) ? .tensorClass : nil
    case "torch.serialization": return name == "_get_layout" ? .data : nil
    case "torch.torch_version": return name == "TorchVersion" ? .data : nil
    case "collections": return Self.containers[name]
    case "__builtin__", "builtins": return Self.builtins[name]
    case "copy_reg", "copyreg": return name == "_reconstructor" ? .reconstructor : nil
    case "argparse": return name == "Namespace" ? .namespace : nil
    case "types": return name == "SimpleNamespace" ? .namespace : nil
    case "pytorch_lightning.utilities.parsing", "lightning.pytorch.utilities.parsing",
      "lightning.fabric.utilities.data", "lightning_fabric.utilities.data":
      return name == "AttributeDict" ? .dictionary : nil
    default: return Self.data[module]?.contains(name) == true ? .data : nil
    }
  }

  private var torchUtility: PickleMeaning? {
    switch name {
    case "_rebuild_tensor": .rebuildTensor
    case "_rebuild_tensor_v2": .rebuildTensorV2
    case "_rebuild_tensor_v3": .rebuildTensorV3
    case "_rebuild_parameter", "_rebuild_parameter_with_state": .rebuildParameter
    case "_rebuild_qtensor": .unsupportedTensor("is quantised")
    case "_rebuild_sparse_tensor", "_rebuild_sparse_csr_tensor": .unsupportedTensor("is sparse")
    case "_rebuild_nested_tensor": .unsupportedTensor("is nested")
    case "_rebuild_meta_tensor_no_storage": .unsupportedTensor("is on the meta device")
    case "_rebuild_wrapper_subclass": .unsupportedTensor("is of a wrapper class")
    case "_rebuild_device_tensor_from_numpy", "_rebuild_device_tensor_from_cpu_tensor":
      .unsupportedTensor("is on a device without storages")
    default: nil
    }
  }

  private var torch: PickleMeaning? {
    if let type = Self.storages[name] { return .storage(type) }
    if module == "torch", let type = Self.elementTypes[name] { return .elementType(type) }
    switch name {
    case "Tensor": return .tensorClass
    case "Size": return .tuple
    case "device", "Generator": return .data
    case "strided", "contiguous_format", "preserve_format", "channels_last": return .data
    default: return nil
    }
  }

  private static let storages: [String: TorchType] = [
    "BoolStorage": .known(.bool), "ByteStorage": .known(.u8), "CharStorage": .known(.i8),
    "ShortStorage": .known(.i16), "IntStorage": .known(.i32), "LongStorage": .known(.i64),
    "HalfStorage": .known(.f16), "BFloat16Storage": .known(.bf16), "FloatStorage": .known(.f32),
    "DoubleStorage": .known(.f64),
    "ComplexFloatStorage": .other("complex64", size: 8),
    "ComplexDoubleStorage": .other("complex128", size: 16),
    "QInt8Storage": .other("qint8", size: 1), "QUInt8Storage": .other("quint8", size: 1),
    "QInt32Storage": .other("qint32", size: 4), "QUInt4x2Storage": .other("quint4x2", size: 1),
    "QUInt2x4Storage": .other("quint2x4", size: 1),
  ]

  private static let elementTypes: [String: TorchType] = [
    "bool": .known(.bool), "uint8": .known(.u8), "int8": .known(.i8), "uint16": .known(.u16),
    "int16": .known(.i16), "uint32": .known(.u32), "int32": .known(.i32), "uint64": .known(.u64),
    "int64": .known(.i64), "float16": .known(.f16), "bfloat16": .known(.bf16),
    "float32": .known(.f32), "float64": .known(.f64), "float8_e4m3fn": .known(.f8e4m3),
    "float8_e5m2": .known(.f8e5m2),
    "float8_e4m3fnuz": .other("float8_e4m3fnuz", size: 1),
    "float8_e5m2fnuz": .other("float8_e5m2fnuz", size: 1),
    "float8_e8m0fnu": .other("float8_e8m0fnu", size: 1),
    "complex32": .other("complex32", size: 4), "complex64": .other("complex64", size: 8),
    "complex128": .other("complex128", size: 16), "qint8": .other("qint8", size: 1),
    "quint8": .other("quint8", size: 1), "qint32": .other("qint32", size: 4),
  ]

  private static let containers: [String: PickleMeaning] = [
    "OrderedDict": .dictionary, "defaultdict": .dictionary, "Counter": .dictionary,
    "deque": .list, "ChainMap": .data, "UserDict": .data, "UserList": .data, "UserString": .data,
  ]

  private static let builtins: [String: PickleMeaning] = [
    "dict": .dictionary, "list": .list, "tuple": .tuple, "set": .set, "frozenset": .set,
    "int": .data, "float": .data, "bool": .data, "str": .data, "unicode": .data, "long": .data,
    "bytes": .data, "bytearray": .data, "complex": .data, "slice": .data, "range": .data,
    "xrange": .data, "object": .data, "type": .data, "getattr": .member,
  ]

  private static let pathNames: Set<String> = [
    "PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath", "Path", "PurePath",
  ]
  private static let streamNames: Set<String> = ["BytesIO", "StringIO"]
  private static let enumNames: Set<String> = ["Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"]
  private static let operatorNames: Set<String> = ["itemgetter", "attrgetter", "methodcaller"]
  private static let arrayNames: Set<String> = ["_reconstruct", "scalar", "_frombuffer"]
  private static let data: [String: Set<String>] = [
    "_codecs": ["encode"], "pathlib": pathNames, "pathlib._local": pathNames,
    "datetime": ["datetime", "date", "time", "timedelta", "timezone"],
    "decimal": ["Decimal"], "fractions": ["Fraction"], "uuid": ["UUID", "SafeUUID"],
    "functools": ["partial"], "io": streamNames, "_io": streamNames, "enum": enumNames,
    "re": ["_compile"], "operator": operatorNames, "_operator": operatorNames,
    "numpy": ["dtype", "ndarray"],
    "numpy.core.multiarray": arrayNames, "numpy._core.multiarray": arrayNames,
    "numpy.core.numeric": arrayNames, "numpy._core.numeric": arrayNames,
    "omegaconf.dictconfig": ["DictConfig"], "omegaconf.listconfig": ["ListConfig"],
    "omegaconf.base": ["ContainerMetadata", "Metadata"],
    "omegaconf.nodes": [
      "AnyNode", "StringNode", "IntegerNode", "FloatNode", "BooleanNode", "PathNode",
    ],
    "typing": ["Any"],
  ]
}
