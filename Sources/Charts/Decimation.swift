/// Fewer points that draw the same line.
enum Decimation {
  /// Of points in dots, left to right: per column of dots the first, the least, the greatest and
  /// the last.
  ///
  /// What is drawn between is the same dots, since a column's points fill it from least to
  /// greatest. Linear in the number of points. Points that go back to the left are kept as they
  /// are.
  static func perColumn(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
    guard points.count > 4 else { return points }
    var kept: [SIMD2<Double>] = []
    kept.reserveCapacity(min(points.count, 4096))
    var start = 0
    while start < points.count {
      let column = points[start].x.rounded()
      var (end, least, greatest) = (start + 1, start, start)
      while end < points.count, points[end].x.rounded() == column {
        if points[end].y < points[least].y { least = end }
        if points[end].y > points[greatest].y { greatest = end }
        end += 1
      }
      var last = -1
      for index in [start, min(least, greatest), max(least, greatest), end - 1]
      where index != last {
        kept.append(points[index])
        last = index
      }
      start = end
    }
    return kept
  }
}
