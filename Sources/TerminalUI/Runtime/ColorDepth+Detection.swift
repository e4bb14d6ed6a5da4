package import Themes

/// What the user said about colours on the command line.
package enum ColorChoice: Hashable, Sendable {
  /// Nothing: find out.
  case auto
  /// No colours.
  case never
  /// Exactly this depth.
  case depth(ColorDepth)

  /// Reads the value of `--color`: `auto`, `always`, `never`, `16`, `256` or `truecolor`.
  package init?(parsing text: String) {
    switch text {
    case "auto": self = .auto
    case "always": self = .depth(.indexed256)
    case "never", "none": self = .never
    case "24bit": self = .depth(.truecolor)
    default:
      guard let depth = ColorDepth(rawValue: text) else { return nil }
      self = .depth(depth)
    }
  }
}

extension ColorDepth {
  /// How many colours to use on a terminal, from what the user and the terminal say.
  ///
  /// In this order: the user's choice, `NO_COLOR` (set and not empty), what the configuration says,
  /// then `TERM` and `COLORTERM`. Inside tmux and screen it is 256 unless the user says otherwise:
  /// they pass COLORTERM on from terminals that they do not speak for.
  /// - Parameters:
  ///   - environment: the process's environment.
  ///   - choice: what `--color` says.
  ///   - configured: what the configuration file says.
  package static func detect(
    environment: [String: String], choice: ColorChoice = .auto, configured: ColorDepth? = nil
  ) -> ColorDepth {
    switch choice {
    case .never: return .none
    case .depth(let depth): return depth
    case .auto: break
    }
    if let value = environment["NO_COLOR"], !value.isEmpty { return .none }
    if let configured { return configured }

    let term = environment["TERM"] ?? ""
    let family = term.split(separator: "-", omittingEmptySubsequences: false).first ?? ""
    if term.isEmpty || term == "dumb" || (family.hasPrefix("vt") && family != "vte") {
      return .none
    }
    let multiplexed =
      environment["TMUX"]?.isEmpty == false || family == "tmux" || family.hasPrefix("screen")
    if multiplexed { return .indexed256 }
    let announced = environment["COLORTERM"]?.lowercased()
    if announced == "truecolor" || announced == "24bit" || term.hasSuffix("-direct") {
      return .truecolor
    }
    let capable = ["kitty", "ghostty", "wezterm", "foot", "alacritty", "contour", "rio"]
    if capable.contains(where: { term == $0 || term == "xterm-\($0)" || family == $0 }) {
      return .truecolor
    }
    if term.contains("256color") { return .indexed256 }
    return .ansi16
  }
}
