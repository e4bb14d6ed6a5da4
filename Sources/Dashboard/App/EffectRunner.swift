import Averaging
import Checkpoints
import Foundation
package import Kitchen
import Recipes
import TerminalUI

/// Does what the reducer asks for, in the background, and answers through the mailbox.
package struct EffectRunner: Sendable {
  let kitchen: Kitchen
  let post: @Sendable (Action) -> Void
  let errorLog: String?
  let settingsFile: String?
  let followed = LogFollower()

  /// - Parameters:
  ///   - errorLog: where what other code says on stderr is kept.
  ///   - settingsFile: what settings are read from; nil for none.
  package init(
    kitchen: Kitchen, errorLog: String? = nil, settingsFile: String? = nil,
    post: @escaping @Sendable (Action) -> Void
  ) {
    self.kitchen = kitchen
    self.errorLog = errorLog
    self.settingsFile = settingsFile
    self.post = post
  }

  /// Starts an effect and returns at once.
  package func perform(_ effect: Effect) {
    switch effect {
    case .measure(let members, let weights): kitchen.measureByHand(members, weights: weights)
    case .start(let spec): kitchen.start(spec)
    case .pause(let id): kitchen.pause(id)
    case .resume(let id): kitchen.resume(id)
    case .cancel(let id): kitchen.cancel(id)
    case .comparison(let request): perform(request)
    case .startForecasting: kitchen.startForecasting()
    case .forecast(let question):
      kitchen.forecast(question.set, cursor: question.cursor)
    case .raise(let id, let steps): kitchen.raise(id, by: steps)
    case .ask(let request): answer(request)
    case .export(let request): Task { await export(request) }
    case .analyse(let request): kitchen.analyse(request)
    case .stopAnalyses: kitchen.stopAnalyses()
    // The screen's own; done where the terminal is.
    case .copy, .repaint, .setMouse: break
    case .readSettings: Task { post(.settings(Settings.read(file: settingsFile))) }
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
      let pulse = Pulse()
      defer { post(.told(.exporting(nil))) }
      let written = try kitchen.export(result, to: path, overwrite: request.overwrites) {
        guard pulse.isDue || $0 == $1 else { return }
        post(.told(.exporting(ExportProgress(path: path, done: $0, total: $1))))
      }
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
    case .handPicked(let members, let weights):
      var spec = RecipeSpec(.handPicked)
      let blend = Blend.of(members, weights: weights)
      spec.start = blend.ingredients
      spec.weights = weights == nil ? nil : blend.terms.map(\.weight)
      return try await kitchen.cook(
        spec, lane: Lane("export", urgency: .interactive), tell: { _ in })
    }
  }
}
