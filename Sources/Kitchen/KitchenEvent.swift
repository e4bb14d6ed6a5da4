package import Averaging
package import Checkpoints
package import Evaluation

/// What the kitchen tells those who watch, as values.
package enum KitchenEvent: Sendable {
  /// A measured score of one ingredient on one split.
  case measured(ingredient: String, split: String, score: Score)
  /// Scores that the ledger already had: ingredient → split → score.
  case known([String: [String: Score]])
  /// Scores by split that the ledger already had of a soup.
  case knownSoup(Blend, [String: Score])
  /// The set that was at hand when the sweep was last left.
  case recalled(HandPickedSet)
  case reading(Reading)
  /// The named set of ingredients could not be measured.
  case readingFailed(members: [String], cause: String)
  case job(Job)
  /// How the measured soup stands to what it is held against.
  case soupTest(SoupTest)
  case forecasting(ForecastStatus)
  /// The answer to the newest question only.
  case forecast(SetForecast)
  /// The comparison of every recipe, as it stands.
  case comparison(ComparisonStanding)
  /// A soup or ensemble of the whole sweep to hold others against: `uniform`, `ensemble`.
  case reference(name: String, split: String, score: Score)
  /// All that the pre-flight comparison has found so far, in place of what was told before.
  case findings([Finding])
  /// Something was found out about why soups work.
  case analysis(AnalysisEvent)
  /// Nothing can be evaluated, and why.
  case evaluatorMissing(String)
  /// Something a person should know that stops nothing.
  case notice(String)
  /// Something went wrong that a person asked for.
  case trouble(String)
  /// A file was written.
  case exported(path: String)
}
