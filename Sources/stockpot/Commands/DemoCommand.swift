import ArgumentParser
import Foundation
import Sweeps

/// Opens the sweep that comes with the program.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Open the bundled sweep in the dashboard.",
    discussion: """
      24 fine-tunes of a small vision transformer on handwritten digits, with their ONNX model and \
      five splits. The sweep is copied to the user's data folder; what is there is kept.

      Examples:
        stockpot demo --setup
        stockpot demo --copy-only --to sweeps/digits
      """)

  @Flag(help: "Install ONNX Runtime first if it is missing (see `stockpot setup`).")
  var setup = false

  @Option(help: "Copy the sweep to this folder instead.")
  var to: String?

  @Flag(help: "Copy the sweep and print its folder, without opening it.")
  var copyOnly = false

  @OptionGroup var look: LookOptions
  @OptionGroup var play: PlayOptions

  func run() async throws {
    let folder = to ?? SweepOpening.paths.data + "/demo/digits-vit"
    let setup = setup
    try await Ending.of {
      if setup { try RuntimeInstaller().installIfMissing() }
      try DemoSweep.write(to: folder)
    }
    if copyOnly {
      print(folder)
      return
    }
    var browse = BrowseCommand()
    browse.sweep = folder
    browse.look = look
    browse.play = play
    try await browse.run()
  }
}
