import Testing

@testable import Evaluation

struct RunningTallyTests {
  /// Random predictions of several candidates, and the labels.
  private func table(
    _ generator: inout SeededGenerator, rows: Int, classes: Int, accuracy: Float
  ) -> (Logits, [Int32]) {
    var values: [Float] = []
    var labels: [Int32] = []
    for _ in 0..<rows {
      let label = Int.random(in: 0..<classes, using: &generator)
      labels.append(Int32(label))
      for column in 0..<classes {
        values.append(generator.normal() + (column == label ? 3 * accuracy : 0))
      }
    }
    return (Logits(rows: rows, classes: classes, values: values), labels)
  }

  private func batch(_ logits: Logits, _ examples: ArraySlice<Int>) -> LogitBatch {
    let values = logits.withUnsafeBuffer { buffer in
      examples.flatMap { Array(buffer[$0 * logits.classes..<($0 + 1) * logits.classes]) }
    }
    return LogitBatch(examples: examples, classes: logits.classes, logits: values)
  }

  @Test func abandoningNeverChangesADecision() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<300 {
      let rows = Int.random(in: 1...60, using: &generator)
      let accuracy = Float.random(in: 0...1, using: &generator)
      let (logits, labels) = table(&generator, rows: rows, classes: 6, accuracy: accuracy)
      let correct = logits.correct(labels)
      let order = logits.orderByMargin(labels).shuffled(using: &generator)
      let bar = max(0, correct + Int.random(in: -2...2, using: &generator))
      var tally = RunningTally(total: rows)
      var abandoned = false
      for start in stride(from: 0, to: rows, by: 7) {
        tally.add(batch(logits, order[start..<min(start + 7, rows)]), labels: labels)
        if tally.cannotReach(bar: bar) {
          abandoned = true
          #expect(correct < bar)
        }
      }
      #expect(tally.isComplete && abandoned == (correct < bar))
      #expect(tally.score == Score(correct: correct, n: rows))
      #expect(tally.mostCorrect == correct)
    }
  }

  @Test func orderingByMarginAbandonsEarlier() {
    var generator = SeededGenerator(seed: 6)
    let (logits, labels) = table(&generator, rows: 500, classes: 6, accuracy: 0.9)
    func examples(_ order: [Int]) -> Int {
      var tally = RunningTally(total: 500)
      let bar = logits.correct(labels) + 5
      for example in order where !tally.cannotReach(bar: bar) {
        tally.add(batch(logits, [example]), labels: labels)
      }
      return tally.seen
    }
    #expect(examples(logits.orderByMargin(labels)) < examples(Array(0..<500)) / 2)
  }
}

struct TurnstileTests {
  @Test func oneAtATimeInOrder() async throws {
    let turnstile = Turnstile()
    let counter = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask {
          try await turnstile.run {
            await counter.enter()
            await Task.yield()
            await counter.leave()
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(await counter.most == 1)
    #expect(await counter.total == 50)
  }

  @Test func cancelledWaitersLeave() async throws {
    let turnstile = Turnstile()
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    let first = Task { try await turnstile.run { for await _ in stream { break } } }
    let second = Task { try await turnstile.run {} }
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    continuation.yield()
    try await first.value
    try await turnstile.run {}
  }
}

private actor Counter {
  private var inside = 0
  private(set) var most = 0
  private(set) var total = 0

  func enter() {
    inside += 1
    total += 1
    most = max(most, inside)
  }

  func leave() { inside -= 1 }
}
