import ArgumentParser
import Foundation
import Kitchen

/// Prints the manual page.
struct ManualCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Print the manual page.",
    discussion: """
      Examples:
        stockpot manual | man -l -
        stockpot manual > ~/.local/share/man/man1/stockpot.1
      """)

  func run() async throws {
    let description = StockpotCommand._dumpHelp()
    try await Ending.of {
      let page = try ManualPage(
        description: description, version: Stockpot.version,
        date: Date().formatted(.iso8601.year().month().day()))
      print(page.text, terminator: "")
    }
  }
}
