import Checkpoints
import Foundation
package import Kitchen
import Recipes
import TerminalUI

/// Does what the reducer asks for, in the background, and answers through the mailbox.
package struct EffectRunner: Sendable {
  private let kitchen: Kitchen
  private let post: @Sendable (Action) -> Void

  package init(kitchen: Kitchen, post: @escaping @Sendable (Action) -> Void) {
    self.kitchen = kitchen
    self.post = post
  }

  /// Starts an effect and returns at once.
  package func perform(_ effect: Effect) {
    switch effect {
    case .measure(let members): kitchen.measureByHand(members)
    case .start(let spec): kitchen.start(spec)
    case .pause(let id): kitchen.pause(id)
    case .resume(let id): kitchen.resume(id)
    case .cancel(let id): kitchen.cancel(id)
    case .comparison(let request): perform(request)
    case .startForecasting: kitchen.startForecasting()
    case .forecast(let question):
      kitchen.forecast(question.members, cursor: question.cursor)
    case .export(let request): Task { await export(request) }
    case .analyse(let request): kitchen.analyse(request)
    case .stopAnalyses: kitchen.stopAnalyses()
    // The screen's own; done where the terminal is.
    case .copy, .repaint: break
    case .savePlot(let picture, let path, let format): Task { save(picture, path, format) }
    }
  }

  private func perform(_ request: ComparisonRequest) {
    switch request {
    case .plan: kitchen.planComparison()
    case .start: kitchen.startComparison()
    case .pause: kitchen.pauseComparison()
    case .resume: kitchen.resumeComparison()
    case .cancel: kitchen.cancelComparison()
    }
  }

  private func save(_ picture: PlotPicture, _ path: String, _ format: PlotFile.Format) {
    do {
      try PlotFile.write(picture, to: path, as: format, overwrite: false)
      post(.kitchen(.exported(path: path)))
    } catch {
      post(.kitchen(.trouble("\(error)")))
    }
  }

  private func export(_ request: ExportRequest) async {
    do {
      let path = (request.path as NSString).expandingTildeInPath
      if !request.overwrites, FileManager.default.fileExists(atPath: path) {
        post(.askOverwrite(request))
        return
      }
      guard let result = try await result(of: request.source) else { return }
      let written = try kitchen.export(result, to: path, overwrite: request.overwrites)
      if let soup = written.first { post(.kitchen(.exported(path: soup))) }
    } catch is CancellationError {
      return
    } catch {
      post(.kitchen(.trouble("\(error)")))
    }
  }

  private func result(of source: ExportRequest.Source) async throws -> SoupResult? {
    switch source {
    case .job(let id):
      return kitchen.result(of: id)
    case .handPicked(let members):
      var spec = RecipeSpec(.handPicked)
      spec.start = members
      return try await kitchen.cook(
        spec, lane: Lane("export", urgency: .interactive), tell: { _ in })
    }
  }
}
