import ArgumentParser

/// Prints a script that lets a shell complete the command line.
struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print the completion script for a shell.",
    discussion: """
      Examples:
        stockpot completions bash > ~/.local/share/bash-completion/completions/stockpot
        stockpot completions zsh > ~/.zfunc/_stockpot      # with fpath+=(~/.zfunc) before compinit
        stockpot completions fish > ~/.config/fish/completions/stockpot.fish
      """)

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  /// The shells there are scripts for.
  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash
    case zsh
    case fish
  }

  func run() {
    let kind: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    print(StockpotCommand.completionScript(for: kind))
  }
}
