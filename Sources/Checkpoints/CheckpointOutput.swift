/// Where a checkpoint is to be written, and in which format.
public struct CheckpointOutput: Hashable, Sendable {
  /// The formats that are written.
  public enum Format: String, CaseIterable, Sendable {
    /// One safetensors file.
    case safetensors
    /// One file for `torch.load`.
    case pytorch
    /// A folder in the layout of Hugging Face, with safetensors in shards.
    case folder
  }

  /// The file or folder, which appears complete or not at all.
  public let path: String
  /// What is written.
  public let format: Format
  /// For a folder: a model's folder whose configuration and tokenizer are copied.
  public var companions: String?
  /// For a folder: further files, their text by name.
  package var texts: [String: String] = [:]
  /// For a folder: bytes of tensors a file may hold.
  public var shardSize = 5_000_000_000

  /// An output in the format that the name asks for, unless one is given.
  ///
  /// `.safetensors`; `.pt`, `.pth`, `.bin` and `.ckpt` for PyTorch; a name without a dot, or with a
  /// slash at its end, for a folder.
  /// - Throws: `InputError` for any other name.
  public init(path: String, format: Format? = nil) throws {
    self.path = path
    if let format {
      self.format = format
      return
    }
    let name = path.split(separator: "/").last ?? ""
    switch (path.hasSuffix("/"), name.split(separator: ".").last?.lowercased()) {
    case (true, _),
      (false, _) where !name.contains("."):
      self.format = .folder
    case (false, "safetensors"): self.format = .safetensors
    case (false, "pt"), (false, "pth"), (false, "bin"), (false, "ckpt"): self.format = .pytorch
    default:
      throw InputError(
        file: path, problem: "its name does not say which format to write",
        mend: "End it in .safetensors or .pt, or name a folder with a slash at the end")
    }
  }

  /// Starts writing.
  ///
  /// - Parameters:
  ///   - tensors: what will be written, in the order that the checkpoint keeps.
  ///   - ties: groups that a PyTorch file keeps as one storage; other formats repeat the bytes.
  ///   - metadata: words that the checkpoint carries about itself.
  ///   - overwrite: whether a file of that name may be replaced; a folder never is.
  /// - Throws: `InputError` when names repeat, the name is taken, or the disk is too small.
  public func writer(
    for tensors: [TensorInfo], ties: [[String]] = [], metadata: [String: String] = [:],
    overwrite: Bool = false
  ) throws -> any TensorWriter {
    switch format {
    case .safetensors:
      try SafetensorsWriter(tensors, metadata: metadata, to: path, overwrite: overwrite)
    case .pytorch:
      try PyTorchWriter(tensors, ties: ties, metadata: metadata, to: path, overwrite: overwrite)
    case .folder:
      try ModelFolderWriter(
        tensors, metadata: metadata, companionsFrom: companions, texts: texts, to: path,
        shardSize: shardSize)
    }
  }
}
