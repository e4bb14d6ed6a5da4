import FoundationEssentials

/// A folder in the layout of Hugging Face: weights under a known name, configuration beside them.
package enum ModelFolder {
  /// In the order in which `from_pretrained` looks for them.
  private static let weightNames = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
    "pytorch_model.bin.index.json", "diffusion_pytorch_model.safetensors",
    "diffusion_pytorch_model.safetensors.index.json", "diffusion_pytorch_model.bin",
    "diffusion_pytorch_model.bin.index.json", "adapter_model.safetensors", "adapter_model.bin",
  ]
  private static let companionExtensions: Set<String> = [
    "json", "txt", "model", "tiktoken", "jinja", "py",
  ]
  /// Of the training, not of the model.
  private static let trainingNames: Set<String> = [
    "trainer_state.json", "all_results.json", "train_results.json", "eval_results.json",
    "requirements.txt",
  ]

  /// The file with the weights, or the index of its shards; nil when the folder has none.
  package static func weights(in folder: String) -> String? {
    weightNames.lazy.map { folder + "/" + $0 }.first(where: isFile)
  }

  /// Names of the files that are parts of weights (`model-00001-of-00003.safetensors`), sorted.
  static func shards(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { name in
      name.wholeMatch(of: /.+-\d{5}-of-\d{5}\.(safetensors|bin|pt)/) != nil
    }.sorted()
  }

  /// The folder whose configuration belongs to the weights at `path`; nil for a file of its own.
  ///
  /// - Parameter path: such a folder, or a file with weights, or an index, in it.
  package static func folder(ofWeightsAt path: String) -> String? {
    guard isFile(path) else { return weights(in: path) == nil ? nil : path }
    let slash = path.lastIndex(of: "/")
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let folder = slash.map { String(path[..<$0]) } ?? "."
    return weightNames.contains(name) && isFile(folder + "/config.json") ? folder : nil
  }

  private static func isFile(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
  }

  /// Names of the files that a copy of the model needs besides weights: configuration, tokenizer,
  /// code of the model; sorted.
  ///
  /// - Throws: `InputError` when the folder cannot be read.
  package static func companions(in folder: String) throws -> [String] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw InputError(file: folder, problem: "cannot be read as a folder")
    }
    return names.filter { name in
      guard !name.hasPrefix("."), let dot = name.lastIndex(of: ".") else { return false }
      return companionExtensions.contains(name[name.index(after: dot)...].lowercased())
        && !name.hasSuffix(".index.json") && !trainingNames.contains(name)
        && isFile(folder + "/" + name)
    }.sorted()
  }
}
