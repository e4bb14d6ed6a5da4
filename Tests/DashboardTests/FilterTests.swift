import Averaging
import Evaluation
import Recipes
import Testing

@testable import Dashboard

struct FilterTests {
  private let columns: [Column] = [
    .name, .accuracy(split: "val"), .hyperparameter("lr"), .hyperparameter("aug"),
    .hyperparameter("label_smoothing"),
  ]

  private func passes(
    _ text: String, name: String = "ft_07", val: Double? = 0.9, lr: Double? = 1e-4,
    aug: String = "rand-m9", isMember: Bool = false
  ) throws -> Bool {
    try Filter(parsing: text, columns: columns).passes(isMember: isMember) { column in
      switch column {
      case .name: .text(name)
      case .accuracy: val.map { .number($0) } ?? .missing
      case .hyperparameter("lr"): lr.map { .number($0) } ?? .missing
      case .hyperparameter("aug"): .text(aug)
      default: .missing
      }
    }
  }

  @Test(arguments: [
    ("", true), ("ft", true), ("FT", false), ("07", true), ("-ft", false), ("val>0.89", true),
    ("val>=0.9 val<=0.9", true), ("val>0.9", false), ("lr<1e-3", true), ("lr=1e-4", true),
    ("lr!=1e-4", false), ("lr:0.0001", true), ("aug:m9", true), ("-aug:m9", false),
    ("aug=rand-m9", true), ("aug!=none", true), ("name:07 val>0.5", true), ("in:soup", false),
    ("val=90", true), ("val=90.004", true), ("val=90.1", false), ("val!=90", false),
    ("out:soup", true), ("-in:soup", true), ("label:0", false),
  ])
  func terms(text: String, holds: Bool) throws {
    #expect(try passes(text) == holds)
  }

  @Test func membershipFollowsTheSet() throws {
    #expect(try passes("in:soup", isMember: true))
    #expect(try !passes("out:soup", isMember: true))
  }

  @Test func whatIsMissingPassesNoComparison() throws {
    for text in ["val>0", "val<1", "val=0.9", "val!=0.9"] {
      #expect(try !passes(text, val: nil), "\(text)")
    }
  }

  @Test(arguments: [
    ("val>", 0..<4), ("ft val>abc", 3..<10), ("nosuch=1", 0..<8), ("ft  -colour:red", 4..<15),
  ])
  func mistakesSayWhere(text: String, range: Range<Int>) {
    do {
      _ = try Filter(parsing: text, columns: columns)
      Issue.record("\(text) was understood")
    } catch {
      #expect(error.range == range)
      #expect(!error.message.isEmpty)
    }
  }

  @Test func anyTextIsUnderstoodOrRefused() {
    var generator = SeededGenerator(seed: 11)
    let alphabet = Array("val<>=!:-ft_0 9.e\u{301}é中")
    for _ in 0..<5_000 {
      let text = String(
        (0..<Int.random(in: 0...14, using: &generator)).compactMap { _ in
          alphabet.randomElement(using: &generator)
        })
      do {
        let filter = try Filter(parsing: text, columns: columns)
        _ = filter.passes(isMember: false) { _ in .missing }
      } catch {
        #expect(error.range.upperBound <= text.count, "\(text)")
      }
    }
  }
}
