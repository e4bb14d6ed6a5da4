import Averaging
import Evaluation
import Recipes
import TerminalUI
import Testing

@testable import Dashboard

struct LayoutTests {
  private var dice: SeededGenerator { SeededGenerator(seed: 7) }

  private func someShares(_ dice: inout SeededGenerator) -> PaneShares {
    var shares = PaneShares()
    for divider in Divider.allCases where Bool.random(using: &dice) {
      let odd: [Double] = [0, 1, -3, 7, .nan, .infinity]
      shares[divider] =
        Int.random(in: 0..<6, using: &dice) == 0
        ? odd.randomElement(using: &dice) : .random(in: 0...1, using: &dice)
    }
    return shares
  }

  /// From the smallest to the largest screen, whatever the shares: all cells, none twice.
  @Test func panesNeverOverlapAndFillTheScreen() {
    var dice = dice
    for _ in 0..<20_000 {
      let size = Size(
        columns: .random(in: 40...300, using: &dice), rows: .random(in: 12...100, using: &dice))
      for pane in Pane.allCases {
        let layout = ScreenLayout(
          size: size, focus: pane, isMaximised: Int.random(in: 0..<8, using: &dice) == 0,
          jobCount: .random(in: 0...9, using: &dice), shares: someShares(&dice))
        let places = Array(layout.panes.values) + [layout.hints] + [layout.tabs].compactMap(\.self)
        #expect(places.map { $0.columns * $0.rows }.reduce(0, +) == size.columns * size.rows)
        #expect(places.allSatisfy { Rect(size).contains($0) })
        for (place, rect) in places.enumerated() {
          for other in places[(place + 1)...] { #expect(rect.intersection(other).isEmpty) }
        }
        #expect(layout.panes[pane] != nil)
        for rect in layout.panes.values {
          #expect(rect.columns >= 40 && rect.rows >= 3, "\(size) \(layout.panes)")
        }
      }
    }
  }

  @Test func belowTheSmallestScreenThereIsOnlyTheHint() {
    for size in [Size(columns: 39, rows: 40), Size(columns: 200, rows: 11), .zero] {
      let layout = ScreenLayout(size: size, focus: .plot, isMaximised: false, jobCount: 0)
      #expect(layout.arrangement == .tooSmall && layout.panes.isEmpty)
    }
  }

  /// A border is found where panes meet, and stands where it is taken to, as far as there is room.
  @Test func aBorderGoesWhereItIsTaken() {
    for (size, dividers) in [
      (Size(columns: 160, rows: 45), [Divider.ingredients, .soup, .jobs]),
      (Size(columns: 100, rows: 30), [.upper]),
    ] {
      let layout = ScreenLayout(size: size, focus: .soup, isMaximised: false, jobCount: 2)
      var found: Set<Divider> = []
      for row in 0..<size.rows {
        for column in 0..<size.columns {
          if let divider = layout.divider(at: Point(column: column, row: row)) {
            found.insert(divider)
          }
        }
      }
      #expect(found == Set(dividers))
      for divider in dividers {
        for place in 0..<size.columns {
          let point = Point(column: place, row: place)
          let shares = layout.shares(PaneShares(), moving: divider, to: point)
          let moved = ScreenLayout(
            size: size, focus: .soup, isMaximised: false, jobCount: 2, shares: shares)
          guard
            let pane = moved.panes[
              divider == .jobs ? .jobs : divider == .soup ? .soup : .ingredients]
          else {
            Issue.record("no pane")
            continue
          }
          let stands =
            switch divider {
            case .ingredients: pane.right - 1
            case .soup, .upper: pane.bottom - 1
            case .jobs: pane.top
            }
          let isFree =
            switch divider {
            case .ingredients: (39..<120).contains(place)
            case .soup: (5..<30).contains(place)
            case .jobs: (10..<41).contains(place)
            case .upper: (6..<23).contains(place)
            }
          if isFree { #expect(stands == place, "\(divider) to \(place)") }
        }
      }
    }
  }

  @Test func growAndShrinkAreOpposites() {
    for (columns, rows) in [(160, 45), (100, 30)] {
      for pane in Pane.allCases {
        var state = SmallSweep.state(columns: columns, rows: rows)
        state.focus = pane
        let before = state.layout.panes
        _ = reduce(&state, .command(.grow), at: SmallSweep.epoch)
        let grown = state.layout.panes
        let size = { (rect: Rect?) in (rect?.columns ?? 0) * (rect?.rows ?? 0) }
        #expect(size(grown[pane]) > size(before[pane]))
        _ = reduce(&state, .command(.shrink), at: SmallSweep.epoch)
        #expect(state.layout.panes == before)
        _ = reduce(&state, .command(.grow), at: SmallSweep.epoch)
        _ = reduce(&state, .command(.resetLayout), at: SmallSweep.epoch)
        #expect(state.shares == PaneShares() && state.layout.panes == before)
      }
    }
  }
}
