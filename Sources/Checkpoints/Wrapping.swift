/// What wrappers of models put into the names of tensors, to be taken out again.
///
/// `module.` (DataParallel, DDP) before every name and `_orig_mod.` (torch.compile) anywhere never
/// belong to a model's own names. `model.` (Lightning) may: many Hugging Face models have it.
package struct Wrapping: Hashable, Sendable {
  /// What of torch.compile's own names is taken out, wherever a part of the model was compiled.
  enum Compiled: String, Hashable, Sendable {
    case nothing = ""
    case itself = "_orig_mod."
    /// With the name that a wrapper within it has.
    case withModule = "_orig_mod.module."
  }

  let compiled: Compiled
  /// What every name then starts with.
  let prefix: String

  /// Names are as they should be.
  package static let none = Wrapping(compiled: .nothing, prefix: "")

  private static let module = "module."
  private static let ambiguous = "model."

  /// A name without them.
  package func unwrapped(_ name: String) -> String {
    let name = Self.without(compiled, name)
    return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
  }

  /// What to take out of each checkpoint's names so that they name their tensors alike.
  ///
  /// What wrappers put there goes when, without it, no checkpoint still has a name that starts with
  /// one, or has two tensors of one name. `model.` goes only where it has to: when some of the
  /// checkpoints (or `reference`) carry it on every name and the others on none.
  /// - Parameters:
  ///   - tables: the names of each checkpoint.
  ///   - reference: names to agree with, such as those of the model that is going to be evaluated.
  /// - Returns: one wrapping a checkpoint; `none` for all when they do not agree.
  package static func agreed(
    among tables: [[String]], reference: [String]? = nil
  ) -> [Wrapping] {
    let none = tables.map { _ in Wrapping.none }
    if let reference, isWrapped(reference) { return none }
    guard tables.contains(where: { $0.contains { has(.itself, $0) } }) else {
      return agreed(among: tables, without: .nothing, reference) ?? none
    }
    let plain = agreed(among: tables, without: .itself, reference)
    guard tables.contains(where: { $0.contains { has(.withModule, $0) } }) else {
      return plain ?? none
    }
    // A model may have a `module` of its own: it goes only where names then agree better.
    let bare = agreed(among: tables, without: .withModule, reference)
    func names(_ wrappings: [Wrapping]?) -> Int {
      guard let wrappings else { return .max }
      let all = zip(tables, wrappings).flatMap { names, wrapping in names.map(wrapping.unwrapped) }
      return Set(all).union(reference ?? []).count
    }
    return (names(bare) < names(plain) ? bare : plain) ?? none
  }

  /// Nil when they do not agree.
  private static func agreed(
    among tables: [[String]], without compiled: Compiled, _ reference: [String]?
  ) -> [Wrapping]? {
    let tables = tables.map { names in names.map { without(compiled, $0) } }
    guard compiled == .nothing || tables.allSatisfy({ Set($0).count == $0.count }) else {
      return nil
    }
    var prefixes = tables.map(commonPrefix)
    let disagrees = zip(tables, prefixes).contains { names, prefix in
      names.contains { $0.dropFirst(prefix.count).hasPrefix(module) }
    }
    if disagrees { return nil }
    let carrying = zip(tables, prefixes).map { carry($1 + ambiguous, $0) }
    let free = zip(tables, prefixes).map { names, prefix in
      !names.contains { $0.hasPrefix(prefix + ambiguous) }
    }
    let referenceIsFree = reference.map { !$0.contains { $0.hasPrefix(ambiguous) } }
    let isMixed = zip(carrying, free).allSatisfy { $0 || $1 }
    if isMixed, carrying.contains(true), referenceIsFree ?? free.contains(true) {
      for index in prefixes.indices where carrying[index] { prefixes[index] += ambiguous }
    }
    return prefixes.map { Wrapping(compiled: compiled, prefix: $0) }
  }

  private static func isWrapped(_ names: [String]) -> Bool {
    !commonPrefix(of: names).isEmpty || names.contains { has(.itself, $0) }
  }

  /// As many `module.` as all of `names` carry.
  private static func commonPrefix(of names: [String]) -> String {
    var prefix = ""
    while carry(prefix + module, names) { prefix += module }
    return prefix
  }

  private static func carry(_ prefix: String, _ names: [String]) -> Bool {
    !names.isEmpty && names.allSatisfy { $0.hasPrefix(prefix) && $0.utf8.count > prefix.utf8.count }
  }

  /// Whether it stands in a name, at the start or after a dot.
  ///
  /// Byte by byte, since every name of every checkpoint is looked at.
  private static func has(_ compiled: Compiled, _ name: String) -> Bool {
    let (name, part) = (name.utf8, compiled.rawValue.utf8)
    var rest = name[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "_")) {
      let isAfterDot =
        start == name.startIndex || name[name.index(before: start)] == UInt8(ascii: ".")
      if isAfterDot, name[start...].starts(with: part) { return true }
      rest = name[name.index(after: start)...]
    }
    return false
  }

  /// A name of which something is left after `_orig_mod.`, without it.
  private static func without(_ compiled: Compiled, _ name: String) -> String {
    guard compiled != .nothing, has(.itself, name) else { return name }
    var rest = ("." + name)[...]
    var plain = ""
    while let found = rest.firstRange(of: "." + Compiled.itself.rawValue) {
      plain += rest[..<found.lowerBound]
      // The dot that ends it begins what follows.
      rest = rest[rest.index(before: found.upperBound)...]
      if compiled == .withModule, rest.hasPrefix("." + module) {
        rest = rest.dropFirst(module.count)
      }
    }
    plain = String((plain + rest).dropFirst())
    return plain.isEmpty ? name : plain
  }
}

extension Checkpoint {
  /// Opens checkpoints that are to be averaged, under names that they agree on: what only wrappers
  /// put there (`module.`, `_orig_mod.`, `model.`) is taken out.
  ///
  /// - Throws: `InputError` for the first that cannot be opened.
  public static func open(
    all paths: [String], options: CheckpointOptions = CheckpointOptions()
  ) throws -> [Checkpoint] {
    let opened = try paths.map { try open($0, options: options) }
    let wrappings = Wrapping.agreed(among: opened.map { $0.tensors.map(\.name) })
    return zip(opened, wrappings).map { $0.unwrapping($1) }
  }
}
