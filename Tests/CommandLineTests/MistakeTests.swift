import Foundation
import Testing

/// The commonest mistake with every command: its code, and that its message says the mend.
@Suite struct MistakeTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  /// The words of a mistake, its code, and a part of the mend.
  typealias Mistake = (words: [String], code: Int32, mend: String)

  static let mistakes: [Mistake] = [
    (["lits"], 2, "Did you mean `stockpot list`?"),
    (["nowhere/sweep"], 1, "Give the folder of a sweep"),
    (["list", "nowhere"], 1, "Give the folder of a sweep"),
    (["list", "--json", "--csv"], 2, "not both"),
    (["run", "gredy"], 2, "greedy"),
    (["run", "greedy", "-o", "soup.onnx"], 2, "does not say which format"),
    (["run", "greedy", "nowhere"], 1, "no such file or folder"),
    (["run", "greedy", "--repaets", "5"], 2, "--repeats"),
    (["eval", "--soup"], 2, "--soup"),
    (["analyse", "ft_00"], 2, "at least two ingredients"),
    (["predict", "nowhere/x"], 1, "stockpot: "),
    (["blend", "a.pt", "-o", "b.pt"], 1, "a.pt"),
    (["inspect", "nowhere.pt"], 1, "nowhere.pt"),
    (["init", "nowhere"], 1, "Name the sweep's folder"),
    (["init", "--python", "--onnx"], 2, "not both"),
    (["report", "--all", "--recipe", "greedy"], 2, "not both"),
    (["schema", "lsit"], 2, "Did you mean list?"),
    (["completions", "tcsh"], 2, "bash"),
    (["paths", "nowhere"], 1, "no such file or folder"),
    (["doctor", "nowhere"], 1, "no such file or folder"),
    (["demo", "--theem"], 2, "--theme"),
    (["setup", "now"], 2, "now"),
    (["manual", "run"], 2, "run"),
    (["browse", "nowhere/sweep"], 1, "Give the folder of a sweep"),
    (["bench", "averages"], 2, "averaging"),
    (["theme", "show", "drak"], 1, "dark"),
    (["theme", "check", "nowhere.toml"], 1, "nowhere.toml"),
    (["theme", "shwo", "dark"], 2, "Did you mean `stockpot theme show`?"),
    (["config", "check", "--jsno"], 2, "--json"),
    (["config", "chekc"], 2, "Did you mean `stockpot config check`?"),
    (["config", "default", "dark"], 2, "dark"),
  ]

  /// 2 for a wrong command line, 1 for what failed; stdout stays empty.
  @Test(arguments: mistakes)
  func endsWithTheCodeAndTheMend(mistake: Mistake) throws {
    let ending = try Stockpot.run(mistake.words, in: folder)
    #expect(ending.status == mistake.code, "\(ending.error)")
    #expect(ending.error.contains(mistake.mend), "\(ending.error)")
    #expect(ending.output == "")
  }

  @Test func everyCommandIsInTheTable() throws {
    let tried = Set(Self.mistakes.compactMap(\.words.first))
    for command in try Stockpot.commands(in: folder) {
      #expect(tried.contains(command), "\(command)")
    }
  }

  /// So that a script can look before it cooks.
  @Test func inspectionFailsWhereAnIngredientIsRefused() throws {
    try folder.addDemo(ingredients: 3)
    #expect(try Stockpot.run("inspect", "demo", "-q", in: folder).status == 0)
    try folder.write("demo/ingredients/odd.safetensors", "\u{2}\0\0\0\0\0\0\0{}")
    let ending = try Stockpot.run("inspect", "demo", "-q", in: folder)
    #expect(ending.status == 1 && ending.output.contains("refuse  odd: lacks"), "\(ending.output)")
  }

  @Test func anEmptyFolderIsNoSweep() throws {
    for command in ["list", "init", "report", "eval"] {
      let ending = try Stockpot.run(command, in: folder)
      #expect(ending.status == 1 && ending.error.contains("no checkpoints"), "\(command)")
    }
  }

  /// The kitchen is closed, with all that it has at work, before the program ends.
  @Test func aScriptThatFailsLeavesNothingOpen() throws {
    try folder.addDemo()
    try folder.write("steps", "wait ft_00\nexpect no such thing\n")
    let ending = try Stockpot.run(
      "./demo", "--script", folder.path + "/steps", "--screen", "90x30", in: folder)
    #expect(ending.status == 1 && ending.error.contains("line 2"), "\(ending.error)")
    let sessions = folder.path + "/demo/.stockpot/sessions"
    #expect(try FileManager.default.contentsOfDirectory(atPath: sessions) == [])
  }

  @Test func anIngredientGoesBeforeASweepOfItsName() throws {
    for name in ["run_1", "run_2"] {
      try folder.write("\(name)/results.csv", "epoch,val_acc\n1,0.5\n")
    }
    try folder.write("results.csv", "name,val_acc\nrun_1,0.5\nrun_2,0.75\n")
    try folder.write("stockpot.toml", "[sweep]\nresults = \"results.csv\"\n")
    let ending = try Stockpot.run("analyse", "run_1", "run_2", in: folder)
    #expect(ending.status == 1, "\(ending.error)")
    #expect(!ending.error.contains("at least two ingredients"))
  }

  @Test func namesDoNotReachTheTerminalsControls() throws {
    try folder.write("s/results.csv", "name,val_acc\n\u{1B}[31mred\u{9B}1m,0.5\nb,0.75\n")
    let list = try Stockpot.run("list", "s", in: folder)
    #expect(list.status == 0 && list.output.contains("red"), "\(list.error)")
    let wrong = try Stockpot.run("list", "\u{1B}]0;title\u{7}nowhere", in: folder)
    #expect(wrong.status == 1 && wrong.error.contains("nowhere"))
    for text in [list.output, wrong.error] {
      #expect(
        text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    }
  }

  @Test func nothingIsOverwritten() throws {
    try folder.write("s/results.csv", "name,lr,val_acc\na,0.1,0.5\nb,0.2,0.75\n")
    #expect(try Stockpot.run("init", "s", in: folder).status == 0)
    let manifest = try folder.read("s/stockpot.toml")
    #expect(manifest.contains("results = \"results.csv\""))
    let again = try Stockpot.run("init", "s", in: folder)
    #expect(again.status == 1 && again.error.contains("--dry-run"))
    #expect(try folder.read("s/stockpot.toml") == manifest)
    #expect(try Stockpot.run("init", "--dry-run", "s", in: folder).output == manifest)
    try folder.write("taken/x", "")
    let report = try Stockpot.run("report", "s", "-o", "taken", in: folder)
    #expect(report.status == 1 && report.error.contains("it is there already"))
  }
}
