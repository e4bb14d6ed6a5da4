import Checkpoints
import Evaluation
import Foundation
import OrderedCollections
import Testing

@testable import Sweeps

/// Folders as training libraries and trackers leave them.
@Suite struct TrackedRunTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open() throws -> Sweep { try Sweep.open(folder.path) }

  private func file(_ ingredient: Ingredient?) -> String? {
    ingredient?.file.map { String($0.dropFirst(folder.path.count + 1)) }
  }

  /// Writing the manifest and opening it must find what was found without it.
  private func expectSameWithManifest(_ sweep: Sweep) throws {
    try folder.write("stockpot.toml", ManifestDraft(sweep).text)
    let again = try open()
    #expect(again.manifest != nil)
    #expect(again.ingredients == sweep.ingredients)
    #expect(again.initialisation == sweep.initialisation)
    #expect(again.results == sweep.results)
    #expect(again.evaluator == sweep.evaluator)
  }

  // MARK: timm

  private func timm(_ name: String, lr: String, best: [Double], files: [String]) throws {
    let run = "output/train/\(name)"
    try folder.write(
      "\(run)/args.yaml",
      """
      aa: rand-m9-mstd0.5-inc1
      batch_size: 128
      data_dir: /data/imagenet
      drop_path: null
      epochs: 3
      eval_metric: top1
      experiment: \(name)
      lr: \(lr)
      mean: null
      mixup: 0.8
      model: vit_small_patch16_224
      opt: adamw
      output: output/train
      """)
    var rows = "epoch,train_loss,eval_loss,eval_top1,eval_top5,lr\n"
    for (epoch, value) in best.enumerated() {
      rows += "\(epoch),2.5,0.9,\(value),95.5,\(lr)\n"
    }
    try folder.write("\(run)/summary.csv", rows)
    for file in files { try folder.touch("\(run)/\(file)") }
  }

  @Test func timmRunsByTheirBestCheckpoint() throws {
    let files = ["model_best.pth.tar", "last.pth.tar", "checkpoint-0.pth.tar"]
    try timm("20240102-vit-a", lr: "0.001", best: [70, 75.25, 74], files: files)
    try timm("20240102-vit-b", lr: "1e-4", best: [60, 61, 62.5], files: ["last.pth.tar"])
    try folder.touch("theta0.pth.tar")
    let sweep = try open()
    #expect(sweep.ingredients.map(\.name) == ["20240102-vit-a", "20240102-vit-b"])
    #expect(
      file(sweep.ingredients.first) == "output/train/20240102-vit-a/model_best.pth.tar")
    #expect(file(sweep.ingredients.last) == "output/train/20240102-vit-b/last.pth.tar")
    #expect(sweep.ingredients[0].hyperparameters == ["lr": .number(0.001)])
    #expect(sweep.ingredients[1].hyperparameters == ["lr": .number(0.0001)])
    #expect(sweep.splits.map(\.role) == [.val])
    let metrics = sweep.ingredients.map { $0.metrics.values.first }
    #expect(metrics[0] == KnownMetric(accuracy: 0.7525, nll: 0.9))
    #expect(metrics[1]?.accuracy == 0.625)
    #expect(sweep.initialisation?.name == "theta0")
    let messages = sweep.notes.map(\.message)
    #expect(messages.contains("2 runs of timm"))
    #expect(
      messages.contains { $0.contains("not understood as accuracies") && $0.contains("top5") })
    try expectSameWithManifest(sweep)
  }

  @Test func thePythonEvaluatorIsAskedForVal() throws {
    try timm("a", lr: "0.1", best: [50], files: ["last.pth.tar"])
    try folder.touch("evaluator.py")
    let sweep = try open()
    #expect(sweep.splits.map(\.name) == ["val"] && sweep.splits[0].comesFromEvaluator)
    #expect(sweep.ingredients[0].metrics["val"]?.accuracy == 0.5)
    try expectSameWithManifest(sweep)
  }

  @Test func aSingleRunIsASweepOfItsCheckpoints() throws {
    let files = ["checkpoint-0.pth.tar", "checkpoint-2.pth.tar", "model_best.pth.tar"]
    try timm("only", lr: "0.001", best: [70, 75, 74.5], files: files)
    let sweep = try open()
    #expect(sweep.ingredients.map(\.name) == ["checkpoint-0", "checkpoint-2"])
    #expect(sweep.ingredients.compactMap { $0.metrics.values.first?.accuracy } == [0.7, 0.745])
  }

  // MARK: Hugging Face Trainer

  private func trainer(
    _ run: String, rate: String, accuracies: [Double], best: Int?, weights: String
  ) throws {
    var history = ""
    for (index, accuracy) in accuracies.enumerated() {
      let step = (index + 1) * 500
      history += """
        {"epoch": \(index + 1).0, "grad_norm": 3.1, "learning_rate": \(rate), "loss": 0.4, "step": \(step)},
        {"epoch": \(index + 1).0, "eval_accuracy": \(accuracy), "eval_loss": 0.5,
         "eval_runtime": 1.5, "eval_samples_per_second": 100.0, "step": \(step)},
        """
      let chosen = best.map { "\"./\(run)/checkpoint-\($0)\"" } ?? "null"
      let place = "\(run)/checkpoint-\(step)"
      try folder.write(
        "\(place)/trainer_state.json",
        """
        {"best_metric": null, "best_model_checkpoint": \(chosen), "epoch": \(index + 1).0,
         "global_step": \(step), "log_history": [\(history.dropLast(1))],
         "num_train_epochs": 3, "train_batch_size": 16, "trial_params": null}
        """)
      try folder.touch(
        "\(place)/\(weights)", "\(place)/optimizer.pt", "\(place)/training_args.bin",
        "\(place)/config.json", "\(place)/rng_state.pth")
    }
  }

  @Test func trainerRunsByTheCheckpointItCallsTheBest() throws {
    try trainer(
      "out/lr-5e-5", rate: "4.9e-05", accuracies: [0.75, 0.5], best: 500,
      weights: "model.safetensors")
    try trainer(
      "out/lr-2e-5", rate: "1.9e-05", accuracies: [0.5, 0.625], best: nil,
      weights: "pytorch_model.bin")
    let sweep = try open()
    #expect(sweep.ingredients.map(\.name) == ["lr-2e-5", "lr-5e-5"])
    #expect(file(sweep.ingredients.last) == "out/lr-5e-5/checkpoint-500/model.safetensors")
    #expect(file(sweep.ingredients.first) == "out/lr-2e-5/checkpoint-1000/pytorch_model.bin")
    #expect(sweep.ingredients.compactMap { $0.metrics["eval"]?.accuracy } == [0.625, 0.75])
    #expect(sweep.val?.name == "eval")
    #expect(sweep.ingredients[0].hyperparameters == ["peak_learning_rate": .number(1.9e-05)])
    try expectSameWithManifest(sweep)
  }

  @Test func aRunsOwnWeightsGoBeforeItsCheckpoints() throws {
    try trainer("a", rate: "0.1", accuracies: [0.5], best: nil, weights: "model.safetensors")
    try trainer("b", rate: "0.2", accuracies: [0.5], best: nil, weights: "model.safetensors")
    try folder.touch("a/model.safetensors")
    try folder.write("a/all_results.json", "{\"eval_accuracy\": 0.875, \"epoch\": 3.0}")
    let sweep = try open()
    #expect(file(sweep.ingredients.first) == "a/model.safetensors")
    #expect(sweep.ingredients.map { $0.metrics["eval"]?.accuracy } == [0.875, 0.5])
  }

  // MARK: Lightning

  @Test func lightningVersionsByTheirBestEpoch() throws {
    for (version, accuracies) in [("version_0", [0.5, 0.75]), ("version_1", [0.875, 0.25])] {
      let run = "lightning_logs/\(version)"
      try folder.write(
        "\(run)/hparams.yaml",
        "lr: \(version == "version_0" ? "1e-3" : "0.01")\nwidth: 64\n"
          + "opt: !!python/object/apply:collections.OrderedDict [[]]\n")
      var rows = "epoch,step,train_loss_step,val_acc_epoch,val_loss\n"
      for (epoch, accuracy) in accuracies.enumerated() {
        rows += "\(epoch),49,1.5,,\n\(epoch),49,,\(accuracy),0.5\n"
        try folder.touch("\(run)/checkpoints/epoch=\(epoch)-step=\(50 * (epoch + 1)).ckpt")
      }
      try folder.write("\(run)/metrics.csv", rows)
      try folder.touch("\(run)/checkpoints/last.ckpt")
    }
    let sweep = try open()
    #expect(sweep.ingredients.map(\.name) == ["version_0", "version_1"])
    #expect(
      sweep.ingredients.map(file) == [
        "lightning_logs/version_0/checkpoints/epoch=1-step=100.ckpt",
        "lightning_logs/version_1/checkpoints/epoch=0-step=50.ckpt",
      ])
    #expect(sweep.ingredients.map { $0.metrics["val"]?.accuracy } == [0.75, 0.875])
    #expect(sweep.ingredients.map { $0.hyperparameters["lr"] } == [.number(0.001), .number(0.01)])
    #expect(sweep.ingredients[0].hyperparameters["width"] == nil)
    try expectSameWithManifest(sweep)
  }

  // MARK: MLflow

  @Test func mlflowRunsOfAnExperiment() throws {
    try folder.write("mlruns/123/meta.yaml", "experiment_id: '123'\nname: digits\n")
    let runs = [
      ("0a1b2c3d4e5f60718293a4b5c6d7e8f9", "gentle-shrew-1", "active"),
      ("1a1b2c3d4e5f60718293a4b5c6d7e8f9", "bold-ox-2", "active"),
      ("2a1b2c3d4e5f60718293a4b5c6d7e8f9", "gone-cat-3", "deleted"),
    ]
    for (index, (id, name, stage)) in runs.enumerated() {
      let run = "mlruns/123/\(id)"
      try folder.write(
        "\(run)/meta.yaml",
        "artifact_uri: file:///elsewhere/\(id)/artifacts\nlifecycle_stage: \(stage)\n"
          + "run_id: \(id)\nrun_name: \(name)\nstatus: 3\n")
      try folder.write("\(run)/params/lr", "0.0\(index + 1)")
      try folder.write("\(run)/params/optimizer", "adamw")
      try folder.write(
        "\(run)/metrics/val/accuracy", "1700000000000 0.25 0\n1700000001000 0.\(index)75 1\n")
      try folder.write("\(run)/metrics/train_loss", "1700000000000 2.5 0\n")
      try folder.touch("\(run)/artifacts/model/data/model.pth", "\(run)/artifacts/model/MLmodel")
    }
    let sweep = try open()
    #expect(sweep.ingredients.map(\.name) == ["gentle-shrew-1", "bold-ox-2"])
    #expect(sweep.ingredients.map { $0.metrics["val"]?.accuracy } == [0.075, 0.175])
    #expect(
      sweep.ingredients.map(\.hyperparameters) == [["lr": .number(0.01)], ["lr": .number(0.02)]])
    #expect(
      file(sweep.ingredients.first) == "mlruns/123/\(runs[0].0)/artifacts/model/data/model.pth")
    try expectSameWithManifest(sweep)
  }

  // MARK: Weights & Biases

  private func wandb(_ id: String, config: String, summary: String) throws {
    let files = "wandb/run-20240102_030405-\(id)/files"
    try folder.write(
      "\(files)/config.yaml",
      "_wandb:\n    desc: null\n    value:\n        python_version: 3.11.7\nwandb_version: 1\n\n"
        + config)
    try folder.write("\(files)/wandb-summary.json", summary)
  }

  @Test func wandbRunsMeetTheCheckpointsTheyName() throws {
    for (id, rate, accuracy) in [("ab12cd34", "1e-4", 0.5), ("ef56gh78", "0.001", 0.75)] {
      try wandb(
        id,
        config: "lr:\n    desc: null\n    value: \(rate)\narch:\n    desc: null\n    value: vit\n"
          + "augment:\n    desc: null\n    value:\n        mixup: \(accuracy)\n",
        summary:
          "{\"val/acc\": \(accuracy), \"val/loss\": 1.5, \"best_test_acc\": {\"max\": 0.25}, "
          + "\"_step\": 9, \"_runtime\": 3.5, \"epoch\": 3, \"val/f1\": 0.5}")
      try folder.touch("checkpoints/ft-\(id).pt")
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/wandb/latest-run",
      withDestinationPath: folder.path + "/wandb/run-20240102_030405-ef56gh78")
    let sweep = try open()
    #expect(sweep.ingredients.map(\.name) == ["ft-ab12cd34", "ft-ef56gh78"])
    #expect(
      sweep.ingredients.map(file) == ["checkpoints/ft-ab12cd34.pt", "checkpoints/ft-ef56gh78.pt"])
    #expect(
      sweep.ingredients[0].hyperparameters == [
        "lr": .number(0.0001), "augment.mixup": .number(0.5),
      ])
    #expect(sweep.splits.map(\.name) == ["val", "test"])
    #expect(sweep.ingredients[1].metrics["val"] == KnownMetric(accuracy: 0.75, nll: 1.5))
    #expect(sweep.ingredients[1].metrics["test"]?.accuracy == 0.25)
    #expect(sweep.notes.map(\.message).contains("not understood as accuracies, left out: val/f1"))
    try expectSameWithManifest(sweep)
  }

  @Test func aTrackersRecordsOfRunsThatAreThereAreNotASecondSweep() throws {
    try timm("a", lr: "0.1", best: [50], files: ["last.pth.tar"])
    try timm("b", lr: "0.2", best: [60], files: ["last.pth.tar"])
    for id in ["ab12cd34", "ef56gh78", "ij90kl12"] {
      try wandb(id, config: "lr:\n    value: 0.1\n", summary: "{\"val_acc\": 0.5}")
    }
    let sweep = try open()
    #expect(sweep.ingredients.map(\.name) == ["a", "b"])
    #expect(
      sweep.notes.map(\.message).contains(
        "runs not taken for the sweep: 3 of Weights & Biases"))
  }

  // MARK: What is broken

  @Test func aBrokenRunIsNotedAndTheOthersOpen() throws {
    try timm("a", lr: "0.1", best: [50], files: ["last.pth.tar"])
    try timm("b", lr: "[unclosed", best: [60], files: ["last.pth.tar"])
    try timm("c", lr: "0.3", best: [70], files: ["last.pth.tar"])
    let sweep = try open()
    #expect(sweep.ingredients.map(\.name) == ["a", "c"])
    let note = try #require(sweep.notes.first { $0.file.hasSuffix("/b/args.yaml") })
    #expect(note.severity == .warning && note.place?.hasPrefix("line ") == true)
  }

  @Test func aliasesThatMultiplyAreRefused() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...8 {
      let repeated = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(repeated)]\n"
    }
    let path = try folder.write("hparams.yaml", text)
    #expect(try failure { _ = try JSONValue(readingYAML: path) }.problem.contains("100000 values"))
  }

  @Test func resultsMayNameAFolderOfRuns() throws {
    try folder.touch("x.pt")
    try folder.write("stockpot.toml", "[sweep]\nresults = \"nothing\"")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/nothing", withIntermediateDirectories: true)
    let error = try failure { _ = try open() }
    #expect(error.problem.contains("no runs in") && error.place?.contains("line 2") == true)
  }
}
