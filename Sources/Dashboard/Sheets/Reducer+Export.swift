import Averaging
import Kitchen
import TerminalUI

/// Shows every member of what would be written before it is.
func reviewExport(of request: ExportRequest, _ state: inout State) -> [Effect] {
  let source: SoupSource
  switch request.source {
  case .handPicked: source = .atHand
  case .job(let id): source = .job(id)
  }
  guard let blend = state.blend(of: source) else { return [] }
  state.open(
    .review(ExportReview(request: request, blend: blend, origin: state.title(of: source))))
  return []
}

/// A key while an export is reviewed.
func reviewExport(_ review: ExportReview, _ key: KeyPress, _ state: inout State) -> [Effect] {
  var review = review
  let rows = ReviewView(state: state, review: review).memberRows
  if let scroll = scrolled(
    key, from: review.scroll, count: review.blend.terms.count, rows: rows)
  {
    review.scroll = scroll
    state.replaceTop(.review(review))
    return []
  }
  switch key.key {
  case .escape, .character("q"), .character("n"):
    leaveUnwritten(&state)
  case .left, .right, .tab, .character("h"), .character("l"):
    review.isWriting.toggle()
    state.replaceTop(.review(review))
  case .character("y"):
    state.replaceTop(nil)
    return [.export(review.request)]
  case .enter:
    guard review.isWriting else {
      leaveUnwritten(&state)
      return []
    }
    state.replaceTop(nil)
    return [.export(review.request)]
  default: break
  }
  return []
}

private func leaveUnwritten(_ state: inout State) {
  state.replaceTop(nil)
  state.log.add("not written", .notice, at: state.now)
}
