extension CheckpointFormat {
  /// What `torch.save` writes.
  static let pytorch = CheckpointFormat(
    name: "PyTorch",
    recognises: { start in
      let isPickle = start.bytes.first == 0x80
      let isTar = start.bytes.dropFirst(257).starts(with: "ustar".utf8)
      let isZip = start.bytes.starts(with: [0x50, 0x4B, 3, 4])
      return isPickle || isTar || (isZip && start.fileExtension != "npz")
    },
    open: { path, options in
      let archive = try PyTorchArchive(path: path, options: options)
      return Checkpoint(
        path: path, format: "PyTorch", metadata: archive.metadata, ties: archive.ties,
        notes: archive.notes, entry: archive.entry, table: archive)
    })

  /// Several NumPy arrays in one file.
  static let numpy = CheckpointFormat(
    name: "NumPy archive",
    recognises: { $0.fileExtension == "npz" && !$0.isFolder },
    open: { path, _ in
      Checkpoint(path: path, format: "NumPy archive", table: try NumpyArchive(path: path))
    })

  /// An index of shards.
  static let sharded = CheckpointFormat(
    name: "shard index",
    recognises: { $0.path.hasSuffix(".index.json") && !$0.isFolder },
    open: { path, options in
      let sharded = try ShardedCheckpoint(index: path, options: options)
      return Checkpoint(
        path: path, format: "shard index", metadata: sharded.metadata, ties: sharded.ties,
        notes: sharded.notes, files: [path] + sharded.shardFiles, entry: sharded.entry,
        table: sharded)
    })

  /// A folder in the layout of Hugging Face.
  static let folder = CheckpointFormat(
    name: "Hugging Face folder",
    recognises: { $0.isFolder && ModelFolder.weights(in: $0.path) != nil },
    open: { path, options in
      guard let weights = ModelFolder.weights(in: path) else {
        throw InputError(file: path, problem: "has no weights under a name of Hugging Face")
      }
      return try Checkpoint.open(weights, options: options)
    })
}
