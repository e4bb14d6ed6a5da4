/// The keys of a theme file's `[glyphs]` that name one character, and the glyph each sets.
///
/// `mark` is set in `[ui]`, beside its colour.
enum GlyphNames {
  static let all: KeyValuePairs<String, any WritableKeyPath<Glyphs, Character> & Sendable> = [
    "unmarked": \.unmarked, "selection-bar": \.selectionBar,
    "sort-ascending": \.sortAscending, "sort-descending": \.sortDescending,
    "tick": \.tick, "cross": \.cross, "warning": \.warning, "pending": \.pending,
    "stale": \.stale, "best": \.best, "soup": \.soup, "ensemble": \.ensemble,
    "uniform": \.uniform, "initialisation": \.initialisation, "ellipsis": \.ellipsis,
    "separator": \.separator, "arrow": \.arrow, "scroll-track": \.scrollTrack,
    "scroll-thumb": \.scrollThumb, "gauge-empty": \.gaugeEmpty,
  ]
}
