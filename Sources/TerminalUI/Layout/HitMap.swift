/// A part of the screen that means something when it is clicked.
package struct HitRegion<Payload: Sendable>: Sendable {
  /// Where it is.
  package var rect: Rect
  /// What it means.
  package var payload: Payload

  /// A part of the screen that means something.
  package init(_ rect: Rect, _ payload: Payload) {
    self.rect = rect
    self.payload = payload
  }
}

/// What the parts of a drawn screen mean, so that mouse and keys lead to the same actions.
package struct HitMap<Payload: Sendable>: Sendable {
  /// The parts in the order in which they were drawn.
  package private(set) var regions: [HitRegion<Payload>] = []

  /// A screen without meaning.
  package init() {}

  /// Adds a part, drawn over those added before; an empty one is left out.
  package mutating func add(_ rect: Rect, _ payload: Payload) {
    if !rect.isEmpty { regions.append(HitRegion(rect, payload)) }
  }

  /// Adds the parts of another map over those added before.
  package mutating func add<Other>(
    _ other: HitMap<Other>, _ transform: (Other) -> Payload
  ) {
    regions += other.regions.map { HitRegion($0.rect, transform($0.payload)) }
  }

  /// The topmost part at a place.
  /// - Complexity: O(number of parts).
  package func region(at point: Point) -> HitRegion<Payload>? {
    regions.last { $0.rect.contains(point) }
  }

  /// What the topmost part at a place means.
  package func payload(at point: Point) -> Payload? { region(at: point)?.payload }
}
