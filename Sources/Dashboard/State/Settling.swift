package import Foundation

extension State {
  /// Seconds after a key in which rows stay where they are.
  static let stillness = 1.0

  /// When rows that wait for the person's hand to rest are put in order; nil when none wait.
  package var settlesAt: Date? {
    // A range is between two rows: nothing comes between them while it is drawn.
    table.isOutOfOrder && table.rangeAnchor == nil
      ? lastInput.addingTimeInterval(Self.stillness) : nil
  }

  /// Puts rows in order whose numbers have changed, unless the person is at work among them.
  mutating func settleRows() {
    guard let settlesAt, now >= settlesAt else { return }
    table.arrange(members: members)
  }
}

extension Action {
  /// Whether a person did it.
  var isInput: Bool {
    switch self {
    case .command, .key, .paste, .click, .scroll, .inspect, .magnify: true
    default: false
    }
  }
}
