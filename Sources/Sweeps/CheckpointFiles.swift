import Foundation
import OrderedCollections

/// A checkpoint's place, known by its file name alone.
struct FoundCheckpoint: Hashable, Sendable {
  var name: String
  /// Absolute path of a checkpoint file or shard index.
  let file: String
}

/// The extensions of checkpoints, the best first: of one name in two formats the better is taken.
private let checkpointExtensions = [
  "safetensors", "pt", "pth", "bin", "ckpt", "pth.tar", "pt.tar",
]

/// Files of a Hugging Face folder that hold or list its weights, the best first.
private let weightFiles = [
  "model.safetensors.index.json", "model.safetensors", "pytorch_model.bin.index.json",
  "pytorch_model.bin", "diffusion_pytorch_model.safetensors.index.json",
  "diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin.index.json",
  "diffusion_pytorch_model.bin", "adapter_model.safetensors",
]

/// Names that say nothing of which run a checkpoint is from; the folder's name does.
private let genericNames: Set<String> = [
  "model", "pytorch_model", "adapter_model", "checkpoint", "best", "last", "final", "weights",
  "model_best", "best_model", "state_dict",
]

/// Whether a file name is one of a checkpoint or a shard index.
func isCheckpointName(_ name: String) -> Bool {
  isShardIndex(name)
    || (checkpointExtensions.contains(checkpointExtension(of: name)) && !isShard(name)
      && !isTrainingState(name))
}

/// The ingredient's name that a checkpoint's path gives: the file's, or its folder's where the file
/// is named as every other (`runs/7/model.safetensors` is `7`).
func checkpointName(_ path: String) -> String {
  var name = checkpointStem(path)
  if isShardIndex(lastComponent(of: path)) { name = stem(of: stem(of: name)) }
  let folder = lastComponent(of: parentFolder(of: path))
  return genericNames.contains(name.lowercased()) && path.contains("/") ? folder : name
}

/// The checkpoints directly in `folder`: files, shard indexes, and folders in Hugging Face layout.
func checkpoints(in folder: String) -> [FoundCheckpoint] {
  var found: [FoundCheckpoint] = []
  for name in entries(of: folder) {
    let path = folder + "/" + name
    if isCheckpointName(name) {
      found.append(FoundCheckpoint(name: checkpointName(path), file: path))
    } else if isFolder(path), let weights = weights(inFolder: path) {
      found.append(FoundCheckpoint(name: name, file: weights))
    }
  }
  return found
}

/// The checkpoint that a folder is: the weights of a Hugging Face layout, or its only checkpoint.
func weights(inFolder folder: String) -> String? {
  let names = entries(of: folder)
  if let weights = weightFiles.first(where: names.contains) { return folder + "/" + weights }
  let checkpoints = names.filter(isCheckpointName)
  return checkpoints.count == 1 ? folder + "/" + checkpoints[0] : nil
}

/// Makes the names of `checkpoints` unique.
///
/// Of two formats of one checkpoint in one folder the better is kept. Checkpoints of one name in
/// several folders are named with their folder, `runs-a/model_3`.
func uniquelyNamed(_ checkpoints: [FoundCheckpoint], notes: inout [Note]) -> [FoundCheckpoint] {
  var kept: OrderedDictionary<String, FoundCheckpoint> = [:]
  for checkpoint in checkpoints {
    let key = parentFolder(of: checkpoint.file) + "/" + checkpoint.name
    guard let other = kept[key] else {
      kept[key] = checkpoint
      continue
    }
    if other.file == checkpoint.file { continue }
    let better = rank(checkpoint.file) < rank(other.file) ? checkpoint : other
    let worse = better == other ? checkpoint : other
    kept[key] = better
    notes.append(
      Note(
        .warning, file: worse.file, "left out: \(lastComponent(of: better.file)) has the same name",
        mend: "Rename one of the two if they are different checkpoints"))
  }
  let sharing = Dictionary(grouping: kept.values, by: \.name).filter { $0.value.count > 1 }
  return kept.values.map { checkpoint in
    guard sharing[checkpoint.name] != nil else { return checkpoint }
    var named = checkpoint
    let folder = parentFolder(of: checkpoint.file)
    named.name = lastComponent(of: folder) + "/" + checkpoint.name
    return named
  }.numberingRepeats()
}

extension [FoundCheckpoint] {
  /// The last resort: `a/b`, `a/b~2`.
  fileprivate func numberingRepeats() -> [FoundCheckpoint] {
    var times: [String: Int] = [:]
    return map { checkpoint in
      times[checkpoint.name, default: 0] += 1
      let time = times[checkpoint.name, default: 1]
      var named = checkpoint
      if time > 1 { named.name += "~\(time)" }
      return named
    }
  }
}

private func rank(_ file: String) -> Int {
  checkpointExtensions.firstIndex(of: checkpointExtension(of: file)) ?? -1
}

/// In lower case; timm writes `.pth.tar`, which is one extension.
func checkpointExtension(of path: String) -> String {
  let last = fileExtension(of: path)
  return last == "tar" ? fileExtension(of: stem(of: path)) + ".tar" : last
}

/// The file's name without the extension of a checkpoint.
func checkpointStem(_ path: String) -> String {
  let name = stem(of: path)
  return fileExtension(of: path) == "tar" ? stem(of: name) : name
}

private func isShardIndex(_ name: String) -> Bool {
  name.hasSuffix(".safetensors.index.json") || name.hasSuffix(".bin.index.json")
}

/// `model-00001-of-00003.safetensors` is a part, listed by its index.
private func isShard(_ name: String) -> Bool {
  let parts = stem(of: name).split(separator: "-").suffix(3)
  return parts.count == 3 && parts.dropFirst().first == "of"
    && [parts.first, parts.last].allSatisfy { $0.flatMap { Int($0) } != nil }
}

/// What the Hugging Face Trainer and others leave beside the weights.
private func isTrainingState(_ name: String) -> Bool {
  ["optimizer", "scheduler", "rng_state", "training_args", "scaler"].contains {
    name.lowercased().hasPrefix($0)
  }
}
