import Checkpoints
import OrderedCollections
import Testing

@testable import Sweeps

@Suite struct ResultTableTests {
  @Test func nestedLines() throws {
    let table = try ResultTable.reading(
      "results.jsonl",
      """
      {"name": "a", "path": "x/a.pt", "hyperparameters": {"lr": 0.1, "aug": null, "opt": {"b": [1, 2]}, "on": true, "seed": 12345678901234567}, "metrics": {"val": {"accuracy": 0.5, "correct": 5, "n": 10, "nll": 0.7}, "ood": 0.25}, "train_loss": 1}

      {"name": "i", "role": "init", "metrics": {"val": {"acc": 0.25}}}
      {"name": "s", "role": "soup", "metrics": {"val_acc": 0.75}}
      """)
    let a = try table.row("a")
    #expect(a.path == "x/a.pt")
    #expect(
      a.hyperparameters == [
        "lr": .number(0.1), "aug": .null, "opt.b": .text("1, 2"), "on": .bool(true),
        "seed": .text("12345678901234567"),
      ])
    #expect(a.metrics["val"] == KnownMetric(accuracy: 0.5, correct: 5, n: 10, nll: 0.7))
    #expect(a.metrics["ood"] == KnownMetric(accuracy: 0.25))
    #expect(try table.row("i").role == .initialisation)
    #expect(try table.row("i").metrics["val"]?.accuracy == 0.25)
    #expect(try table.row("s").role == .reference)
    #expect(try table.row("s").metrics["val"]?.accuracy == 0.75)
    #expect(table.splits == ["val", "ood"])
    #expect(table.notes == [])
  }

  /// Numbers that are shown nowhere are named.
  @Test func whatIsNotUnderstoodIsNamed() throws {
    let grouped = try ResultTable.reading(
      "results.jsonl",
      """
      {"name": "a", "hyperparameters": {"lr": 0.1}, "eval_loss": 0.5, "eval_f1": 0.8, "perplexity": 12}
      """)
    #expect(grouped.splits == [])
    #expect(
      grouped.notes.map(\.message) == [
        "not understood as accuracies, left out: eval_loss, eval_f1, perplexity"
      ])
    let metrics = try ResultTable.reading(
      "results.jsonl",
      """
      {"name": "a", "metrics": {"eval_loss": 0.5, "eval_f1": 0.8, "eval_bleu": 31.2, "test_acc": 0.5, "test_loss": 1, "train_loss": 2, "imagenetv2": 0.25}}
      """)
    #expect(metrics.splits.sorted() == ["imagenetv2", "test"])
    #expect(
      metrics.notes.map(\.message) == [
        "not understood as accuracies, left out: eval_loss, eval_f1, eval_bleu"
      ])
    let measures = try ResultTable.reading(
      "results.jsonl", #"{"name": "a", "metrics": {"val": {"acc": 0.5, "f1": 0.25}}}"#)
    #expect(measures.notes.map(\.message) == ["not understood as accuracies, left out: val.f1"])
    #expect(metrics.notes.allSatisfy { $0.severity == .warning })
    // Without a group of their own they are columns like any other.
    let flat = try ResultTable.reading("results.jsonl", #"{"name": "a", "eval_f1": 0.8}"#)
    #expect(try flat.row("a").hyperparameters == ["eval_f1": .number(0.8)])
    #expect(flat.notes == [])
  }

  /// As Weights & Biases exports a table of runs.
  @Test func weightsAndBiases() throws {
    let table = try ResultTable.reading(
      "runs.csv",
      """
      "Name","State","Notes","User","Tags","Created","Runtime","Sweep","lr","optimizer.name","_step","val_acc","val_loss","train_acc","best"
      "sunny-1","finished","-","me","","2024-01-01","12","s1","0.001","adamw","9","0.91","0.3","1","true"
      "sunny-2","crashed","-","me","","2024-01-01","3","s1","1e-05","sgd","2","0.81","NaN","0.9",""
      """)
    #expect(table.rows.map(\.name) == ["sunny-1", "sunny-2"])
    #expect(
      try table.row("sunny-1").hyperparameters == [
        "lr": .number(0.001), "optimizer.name": .text("adamw"), "best": .bool(true),
      ])
    #expect(try table.row("sunny-1").metrics == ["val": KnownMetric(accuracy: 0.91, nll: 0.3)])
    #expect(try table.row("sunny-2").metrics == ["val": KnownMetric(accuracy: 0.81)])
    #expect(try table.row("sunny-2").hyperparameters["best"] == .null)
  }

  /// As MLflow's `search_runs` writes them.
  @Test func mlflow() throws {
    let table = try ResultTable.reading(
      "runs.csv",
      """
      run_id,experiment_id,status,artifact_uri,start_time,end_time,metrics.val_accuracy,metrics.shift_blur_accuracy,params.lr,params.n_heads,tags.mlflow.runName,tags.mlflow.user
      8f1,0,FINISHED,/x,1,2,0.5,0.25,0.1,4,first,me
      9a2,0,FINISHED,/x,1,2,0.75,0.5,0.2,8,second,me
      """)
    #expect(table.rows.map(\.name) == ["first", "second"])
    #expect(table.splits == ["val", "shift_blur"])
    #expect(try table.row("second").hyperparameters == ["lr": .number(0.2), "n_heads": .number(8)])
  }

  /// As timm's `summary.csv` has them, in percent; one row an epoch has no name.
  @Test func percentages() throws {
    let table = try ResultTable.reading(
      "summary.csv", "model,lr,eval_top1,eval_loss\nvit_a,0.1,81.5,0.7\nvit_b,0.2,0.9,5\n")
    #expect(table.splits == ["eval"])
    #expect(try table.row("vit_a").metrics["eval"] == KnownMetric(accuracy: 0.815, nll: 0.7))
    #expect(try table.row("vit_b").metrics["eval"]?.accuracy == 0.009000000000000001)
    #expect(table.notes.map(\.message) == ["eval: read as percentages"])
  }

  @Test func measuresAtEitherEnd() throws {
    let table = try ResultTable.reading(
      "results.json",
      """
      {"results": [{"run": 3, "accuracy": 0.5, "acc/test": 0.25, "shift_noise_correct": 3,
        "shift_noise_n": 4, "test-nll": 1.5, "aug_n": 2, "final_loss": 0.1}]}
      """)
    let row = try table.row("3")
    #expect(row.metrics["val"]?.accuracy == 0.5)
    #expect(row.metrics["test"] == KnownMetric(accuracy: 0.25, nll: 1.5))
    #expect(row.metrics["shift_noise"] == KnownMetric(accuracy: 0.75, correct: 3, n: 4))
    #expect(row.hyperparameters == ["aug_n": .number(2), "final_loss": .number(0.1)])
  }

  @Test func theNameColumnTellsRowsApart() throws {
    let table = try ResultTable.reading(
      "r.csv", "model,id,seed,val\nvit,x,1,0.5\nvit,y,2,0.25\n")
    #expect(table.rows.map(\.name) == ["x", "y"])
    #expect(try table.row("x").hyperparameters == ["seed": .number(1), "model": .text("vit")])
    let bare = try ResultTable.reading(
      "r.csv", "path,val\nruns/7/model.safetensors,0.5\nruns/b.pt,0.25\n")
    #expect(bare.rows.map(\.name) == ["7", "b"])
  }

  @Test func objectsByName() throws {
    let table = try ResultTable.reading(
      "results.json", #"{"m2": {"val": 0.5, "lr": 1}, "m10": {"val": 0.25, "lr": 2}}"#)
    #expect(table.rows.map(\.name) == ["m2", "m10"])
    #expect(try table.row("m10").hyperparameters == ["lr": .number(2)])
  }

  @Test func countsComeFromKnownSizesOnlyWhenWhole() throws {
    let table = try ResultTable.reading(
      "results.jsonl",
      """
      {"model_name": "a", "ImageNet2p": 0.7808076923076923, "ImageNetV2": 0.64091, "Foo": 0.5}
      {"model_name": "b", "ImageNet2p": 1, "ImageNetV2": 0, "Foo": 0.25}
      """, fractionsAreMetrics: true)
    let a = try table.row("a")
    #expect(
      a.metrics["ImageNet2p"]
        == KnownMetric(accuracy: 20301.0 / 26000, correct: 20301, n: 26000))
    #expect(a.metrics["ImageNetV2"] == KnownMetric(accuracy: 0.64091))
    #expect(a.metrics["Foo"] == KnownMetric(accuracy: 0.5))
    #expect(a.hyperparameters.isEmpty)
    #expect(try table.row("b").metrics["ImageNet2p"]?.correct == 26000)
  }

  @Test func impossibleAccuraciesAreLeftOut() throws {
    let table = try ResultTable.reading(
      "results.jsonl",
      """
      {"name": "a", "metrics": {"val": {"correct": 11, "n": 10}, "test": {"accuracy": -0.5}}}
      {"name": "b", "metrics": {"val": {"correct": 1.5, "n": 10}, "test": {"accuracy": NaN}}}
      {"name": "c", "metrics": {"val": {"accuracy": 0.5}}}
      """)
    #expect(table.rows.map(\.metrics.count) == [0, 0, 1])
    #expect(table.notes.count == 1)
    #expect(table.notes.first?.place == "line 1, val and 3 more")
    #expect(table.notes.first?.severity == .warning)
  }

  @Test func anUnfinishedLineIsLeftOut() throws {
    let table = try ResultTable.reading(
      "results.jsonl", "{\"name\": \"a\", \"val\": 0.5}\n[1]\n{\"name\": \"b\", \"va")
    #expect(table.rows.map(\.name) == ["a"])
    #expect(table.notes.map(\.place) == ["line 2", "line 3, column 15"])
  }

  @Test func brokenTablesAreNamed() throws {
    let json = try failure { _ = try ResultTable.reading("r.json", "{\n\"a\": }") }
    #expect(json.place == "line 2, column 6")
    let csv = try failure { _ = try ResultTable.reading("r.csv", "a,b\n1\n") }
    #expect(csv.place == "line 2")
  }
}
