/// How a user's Python file is run.
package struct PythonOptions: Sendable {
  /// The interpreter, as the person names it; nil looks for one.
  package var python: String?
  /// As PyTorch names them: `cpu`, `cuda`, `cuda:0, cuda:1`; nil leaves it to the file.
  package var device: String?
  /// Processes that share the batches, one device each.
  package var workers = 1
  /// Threads of one worker; nil shares the processors.
  package var threads: Int?
  /// Examples a batch.
  package var batch = 64
  /// Seconds without a sign of life after which a worker counts as hanging.
  package var timeout = 300.0
  /// Words for the file's `sys.argv`, quoted as in a shell.
  package var arguments = ""
  /// Where the file runs, and paths in it begin; nil for the file's own folder.
  package var folder: String?
  /// Where what the workers print is kept; nil for the system's temporary folder.
  package var logFolder: String?

  package init() {}
}
