/// Where each of a file's names stands; no two may read alike.
///
/// Names that differ in their bytes and yet read alike (two forms of Unicode) are refused, since
/// everything beyond the file takes them for one.
struct NameIndex: Sendable {
  private let places: [String: Int]

  /// - Parameters:
  ///   - names: in their order.
  ///   - kind: what has them, as `tensor`.
  /// - Throws: `InputError` with the first name that is not unique.
  init(_ names: [String], of kind: String = "tensor", file: String) throws {
    var places: [String: Int] = [:]
    places.reserveCapacity(names.count)
    for (index, name) in names.enumerated() {
      guard let earlier = places.updateValue(index, forKey: name) else { continue }
      let isSame = ExactText(names[earlier]) == ExactText(name)
      throw InputError(
        file: file, place: "\(kind) \(name.excerpt)",
        problem: isSame
          ? "this name is given twice"
          : "this name reads like that of another \(kind), in another form of Unicode",
        mend: "Save the file again with unique names")
    }
    self.places = places
  }

  subscript(name: String) -> Int? { places[name] }
}
