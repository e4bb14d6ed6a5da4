import ArgumentParser
import Checkpoints
import Evaluation
import Foundation

/// Writes the start of what a sweep needs to be evaluated.
struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Write the start of an evaluator into a sweep's folder.",
    discussion: """
      With --python it is evaluator.py: two functions, model() and data(split), in your own PyTorch.
      Nothing is overwritten. Afterwards `stockpot eval` tries it out.
      """)

  @Flag(help: "For a model in PyTorch, evaluated in your own Python.")
  var python = false

  @Argument(help: "The sweep's folder (default: this one).", completion: .directory)
  var folder: String?

  func validate() throws {
    guard python else { throw ValidationError("Say which evaluator: --python") }
  }

  func run() async throws {
    let folder = folder ?? "."
    try await Ending.of {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
        isFolder.boolValue
      else {
        throw InputError(file: folder, problem: "is no folder", mend: "Name the sweep's folder")
      }
      let path = URL(fileURLWithPath: folder).appending(path: PythonSkeleton.fileName).path
      let file = try AtomicFile(path: path)
      try Array(PythonSkeleton.text.utf8).withUnsafeBytes { try file.write($0, at: 0) }
      try file.commit()
      print("Wrote \(path): fill in model() and data(split).")
      print(
        """

        It is found by its name. stockpot.toml is for saying more:

        [evaluator]
        kind = "python"
        file = "\(PythonSkeleton.fileName)"
        # python = ".venv/bin/python"   # default: VIRTUAL_ENV, .venv here, then python3
        # device = "cuda"               # goes before DEVICE in the file
        # workers = 1                   # processes, a device each: device = "cuda:0, cuda:1"
        # batch = 64
        # timeout = 300                 # seconds without a sign of life

        [splits.val]
        [splits.test]
        [splits.shifts.NAME]            # data("NAME")
        """)
    }
  }
}
