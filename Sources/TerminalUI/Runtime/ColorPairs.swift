/// Hands out the colour pairs of a terminal, which has only so many.
///
/// A pair once defined is kept for as long as there is room. When there is none, the pairs that the
/// frame about to be shown does not use are given up; no cell on the screen may change its look
/// because a pair was given to another.
struct ColorPairs {
  /// A foreground and a background as the terminal counts them; −1 is its own.
  struct Colors: Hashable {
    var foreground: Int32
    var background: Int32
    /// The terminal's own colours, which need no pair.
    static let plain = Colors(foreground: -1, background: -1)
  }

  /// How many pairs may be in use.
  let capacity: Int
  private var numbers: [Colors: Int32] = [:]
  private var free: [Int32] = []
  private var next: Int32 = 1

  /// A table for a terminal with that many pairs besides pair 0.
  init(capacity: Int) { self.capacity = capacity }

  /// The pair already defined for the colours.
  func number(of colors: Colors) -> Int32? {
    colors == .plain ? 0 : numbers[colors]
  }

  /// Defines a pair for colours that have none; nil when all are in use.
  mutating func add(_ colors: Colors) -> Int32? {
    let number: Int32
    if let released = free.popLast() {
      number = released
    } else if Int(next) <= capacity {
      number = next
      next += 1
    } else {
      return nil
    }
    numbers[colors] = number
    return number
  }

  /// Gives up every pair that is not among those in use.
  mutating func keepOnly(_ used: Set<Colors>) {
    for (colors, number) in numbers where !used.contains(colors) {
      numbers[colors] = nil
      free.append(number)
    }
  }

  /// The colours that have a pair at present.
  var count: Int { numbers.count }
}
