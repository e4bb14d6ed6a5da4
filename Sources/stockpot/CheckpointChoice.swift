import ArgumentParser
import Checkpoints
import Foundation
import Kitchen

/// How checkpoints of PyTorch are opened that leave a choice.
struct CheckpointChoice: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "In .pt files that hold several state dicts: the keys that lead to the one to take.",
      valueName: "key.key"))
  var entry: String?

  @Flag(help: "In .pt files that hold both: the averaged weights (EMA) instead of the raw ones.")
  var ema = false

  @Option(
    help: ArgumentHelp(
      """
      In .pt files: a class that is not known, whose instances are passed over; may be repeated. \
      Nothing in a file is executed either way.
      """,
      valueName: "package.class"))
  var inert: [String] = []

  /// Nil when nothing was chosen.
  var options: CheckpointOptions? {
    let standard = CheckpointOptions()
    let chosen = over(standard)
    return chosen == standard ? nil : chosen
  }

  /// What was chosen, and `others` where nothing was.
  func over(_ others: CheckpointOptions) -> CheckpointOptions {
    var options = others
    if entry != nil || ema { (options.entry, options.weights) = (entry, ema ? .ema : .raw) }
    options.inert.formUnion(inert)
    return options
  }
}

/// Looks at where a soup is to go before the work is done.
enum OutputOptions {
  /// - Throws: `ValidationError` for a name that does not say which format to write.
  static func check(_ path: String) throws {
    do {
      _ = try CheckpointOutput(path: path)
    } catch let error as InputError {
      throw ValidationError("-o \(error)")
    }
  }

  /// Better now than after an hour of evaluations.
  ///
  /// - Throws: `InputError` when something is there that may not be replaced.
  static func checkIsFree(_ path: String, overwrite: Bool) throws {
    let file = try SoupFile(path)
    let output = file.output
    var isFolder: ObjCBool = false
    let parent = (output.path as NSString).deletingLastPathComponent
    guard FileManager.default.fileExists(atPath: parent, isDirectory: &isFolder), isFolder.boolValue
    else {
      throw InputError(file: output.path, problem: "its folder is not there", mend: "Make it first")
    }
    if !overwrite, FileManager.default.fileExists(atPath: file.sidecar) {
      throw InputError(
        file: file.sidecar, problem: "tells of another soup, and would be written anew",
        mend: "Choose another name, or --overwrite")
    }
    guard FileManager.default.fileExists(atPath: output.path, isDirectory: &isFolder) else {
      return
    }
    let isEmpty = (try? FileManager.default.contentsOfDirectory(atPath: output.path))?.isEmpty
    if output.format == .folder, isFolder.boolValue, isEmpty ?? false { return }
    if output.format != .folder, overwrite, !isFolder.boolValue { return }
    throw InputError(
      file: output.path, problem: "it is there already",
      mend: output.format == .folder
        ? "Choose another name, or move it away" : "Choose another name, or --overwrite")
  }
}
