import FoundationEssentials
import Glibc

/// A folder in the layout of Hugging Face: weights under a known name, configuration beside them.
package enum ModelFolder {
  /// In the order in which `from_pretrained` looks for them.
  private static let weightNames = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
    "pytorch_model.bin.index.json", "diffusion_pytorch_model.safetensors",
    "diffusion_pytorch_model.safetensors.index.json", "diffusion_pytorch_model.bin",
    "diffusion_pytorch_model.bin.index.json", "adapter_model.safetensors", "adapter_model.bin",
  ]
  /// What weights in safetensors are called where it is not `model`: by diffusers, and by PEFT.
  private static let otherStems = ["diffusion_pytorch_model", "adapter_model"]
  /// Of configuration, tokenizers, templates of chats, and the model's code.
  private static let companionExtensions: Set<String> = [
    "json", "txt", "model", "tiktoken", "jinja", "py", "spm", "bpe", "vocab", "codes",
  ]
  /// Of the training, not of the model.
  private static let trainingNames: Set<String> = [
    "trainer_state.json", "all_results.json", "train_results.json", "eval_results.json",
    "predict_results.json", "requirements.txt",
  ]
  /// No tokenizer has a larger file; data that lies with a model may.
  private static let largestCompanion = 256 << 20

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

  /// What files with weights in safetensors are called in a copy of the model, without their ending.
  static func weightsStem(in folder: String) -> String {
    let name = weights(in: folder)?.split(separator: "/").last ?? ""
    return otherStems.first { name.hasPrefix($0) } ?? "model"
  }

  /// The folder whose configuration belongs to the weights at `path`; nil for a file of its own.
  ///
  /// - Parameter path: such a folder, or a file with weights, or an index, in it.
  package static func folder(ofWeightsAt path: String) -> String? {
    guard isFile(path) else { return weights(in: path) == nil ? nil : path }
    let slash = path.lastIndex(of: "/")
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let folder = slash.map { String(path[..<$0]) } ?? "."
    let isConfigured = ["config.json", "adapter_config.json"].contains { isFile("\(folder)/\($0)") }
    return weightNames.contains(name) && isConfigured ? folder : nil
  }

  private static func isFile(_ path: String) -> Bool { size(of: path) != nil }

  /// Nil for what is no file.
  private static func size(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// Paths in the folder of what a copy of the model needs besides weights: configuration, tokenizer,
  /// code of the model; sorted.
  ///
  /// The modules of sentence-transformers (`1_Pooling/config.json`) are in folders of their own; so are
  /// further templates of chats.
  /// - Throws: `InputError` when the folder cannot be read.
  package static func companions(in folder: String) throws -> [String] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw InputError(file: folder, problem: "cannot be read as a folder")
    }
    let inside = names.filter { isModule($0) || $0 == "additional_chat_templates" }.flatMap {
      part in
      ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)")) ?? [])
        .map { "\(part)/\($0)" }
    }
    return (names + inside).filter { isCompanion($0, in: folder) }.sorted()
  }

  private static func isCompanion(_ path: String, in folder: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    guard !name.hasPrefix("."), let dot = name.lastIndex(of: ".") else { return false }
    // Also `tokenizer.model.v3`.
    let isKnown =
      companionExtensions.contains(name[name.index(after: dot)...].lowercased())
      || name.hasPrefix("tokenizer.")
    return isKnown && !name.hasSuffix(".index.json") && !name.hasSuffix(".soup.json")
      && !trainingNames.contains(String(name))
      && (size(of: "\(folder)/\(path)").map { $0 <= largestCompanion } ?? false)
  }

  /// Whether a folder is called as that of a module, by its place and kind: `2_Dense`.
  private static func isModule(_ name: String) -> Bool {
    let parts = name.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 && Int(parts[0]) != nil && !parts[1].isEmpty
  }
}
