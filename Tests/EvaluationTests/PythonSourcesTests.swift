import Foundation
import Testing

@testable import Evaluation

/// What a user's Python file is made of: all of it is part of the evaluator's identity.
@Suite struct PythonSourcesTests {
  @Test(arguments: [
    "from helpers import load",
    "from helpers import (load)",
    "from helpers import (\n    load,\n    save,\n)",
    "from helpers import (  # ours\n    load,  # one\n    save as keep,\n)",
    "from helpers import \\\n    load",
    "from \\\n  helpers import load",
    "from helpers import *",
    "if True:\n    from helpers import (\n        load\n    )",
    "import os, helpers",
    "import helpers as h",
    "import \\\n  helpers",
    "from helpers import (load\n)",
  ])
  func everySpellingOfAnImportIsFollowed(text: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Array("VALUE = 1".utf8), to: "helpers.py")
    let file = try folder.write(Array((text + "\nimport late\n").utf8), to: "evaluator.py")
    _ = try folder.write([], to: "late.py")
    let sources = try PythonSources(of: file)
    #expect(sources.files == [file, "\(folder.path)/helpers.py", "\(folder.path)/late.py"])
  }

  @Test func namesOfWhatIsImportedMayBeModules() {
    let text = "from package import (\n  first,\n  second as other,\n)\nfrom . import third\n"
    #expect(
      PythonSources.imports(in: text) == [
        "package", "package.first", "package.second", ".", ".third",
      ])
  }

  @Test func proseThatLooksLikeAnImportHidesNothing() {
    let text = "\"\"\"\nfrom the start (of it\n\"\"\"\nimport helpers\n"
    #expect(PythonSources.imports(in: text) == ["helpers"])
  }
}
