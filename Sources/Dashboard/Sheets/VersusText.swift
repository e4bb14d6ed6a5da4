import Averaging
import Evaluation
import Kitchen
import TerminalUI
import Themes

/// Two soups: their members side by side, and their numbers on every split.
struct VersusText {
  let state: State
  let sheet: VersusSheet

  /// A member of either, with its weight in both.
  struct Member: Hashable {
    let name: String
    let first: Double?
    let second: Double?
  }

  /// Those of both first, then the first's, then the second's, each by weight.
  var members: [Member] {
    let first = weights(sheet.pair.first)
    let second = weights(sheet.pair.second)
    let names = sheet.pair.first.distinctNames + sheet.pair.second.distinctNames
    var seen: Set<String> = []
    let all = names.filter { seen.insert($0).inserted }.map {
      Member(name: $0, first: first[$0], second: second[$0])
    }
    let shown = sheet.showsDifferencesOnly ? all.filter { !$0.isSame } : all
    return shown.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      if a.rank != b.rank { return a.rank < b.rank }
      return a.heaviest == b.heaviest ? left.offset < right.offset : a.heaviest > b.heaviest
    }.map(\.element)
  }

  private func weights(_ blend: Blend) -> [String: Double] {
    Dictionary(blend.terms.map { ($0.ingredient, $0.weight) }, uniquingKeysWith: +)
  }

  /// How many are in both, in the first alone, in the second alone.
  var counts: (both: Int, first: Int, second: Int) {
    let (first, second) = (
      Set(sheet.pair.first.ingredients), Set(sheet.pair.second.ingredients)
    )
    return (
      first.intersection(second).count, first.subtracting(second).count,
      second.subtracting(first).count
    )
  }

  /// What the test says in words.
  static func verdict(_ test: McNemarTest) -> String {
    if test.onlyFirst + test.onlySecond == 0 { return "the same on every example" }
    guard test.pValue < 0.05 else { return "no telling them apart" }
    return test.onlyFirst > test.onlySecond ? "A is better" : "B is better"
  }
}

extension VersusText.Member {
  fileprivate var isSame: Bool {
    guard let first, let second else { return false }
    return abs(first - second) < 1e-9
  }

  fileprivate var rank: Int { first != nil && second != nil ? 0 : first != nil ? 1 : 2 }
  fileprivate var heaviest: Double { max(first ?? 0, second ?? 0) }
}

extension Blend {
  /// Names in order, each once.
  fileprivate var distinctNames: [String] {
    var seen: Set<String> = []
    return ingredients.filter { seen.insert($0).inserted }
  }
}
