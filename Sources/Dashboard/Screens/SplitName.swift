/// How splits are called where room is short.
enum SplitName {
  /// `rotation` for `shift_rotation`: the column is narrow and the prefix says nothing.
  static func short(_ split: String) -> String {
    split.hasPrefix("shift_") ? String(split.dropFirst(6)) : split
  }
}
