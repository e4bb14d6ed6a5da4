import Themes

extension Style {
  /// This style with what another says: its colours where they are not the terminal's own, and
  /// its attributes besides those there are.
  func overlaid(by other: Style) -> Style {
    Style(
      foreground: other.foreground == .default ? foreground : other.foreground,
      background: other.background == .default ? background : other.background,
      attributes: attributes.union(other.attributes))
  }
}
