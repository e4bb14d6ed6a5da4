/// How a user's Python file is run.
public struct PythonOptions: Sendable {
  /// The interpreter, as the person names it; nil looks for one.
  public var python: String?
  /// As PyTorch names them: `cpu`, `cuda`, `cuda:0, cuda:1`; nil leaves it to the file.
  public var device: String?
  /// Processes that share the batches, one device each.
  public var workers = 1
  /// Threads of one worker; nil shares the processors.
  public var threads: Int?
  /// Examples a batch.
  public var batch = 64
  /// Seconds without a sign of life after which a worker counts as hanging.
  public var timeout = 300.0
  /// Seconds that a worker has to leave a request that nobody waits for any more.
  var grace = 5.0
  /// Words for the file's `sys.argv`, quoted as in a shell.
  public var arguments = ""
  /// Where the file runs, and paths in it begin; nil for the file's own folder.
  public var folder: String?
  /// Where what the workers print is kept; nil for the system's temporary folder.
  public var logFolder: String?

  /// The standard: one worker, its own choice of device.
  public init() {}
}
