import Checkpoints

/// The version of what Stockpot and its Python worker say to each other.
let workerProtocolVersion = 1

/// What a worker is asked to do; the fields that belong to it are set.
struct WorkerRequest: Encodable, Sendable {
  enum Task: String, Encodable, Sendable {
    case load, describe, weights, batch, metric, ingredient, gradient, reestimate, drop
  }

  let task: Task
  var id = 0
  /// Of `drop`: requests that nobody waits for any more.
  var ids: [Int]?

  // load
  var protocolVersion: Int?
  var file: String?
  var folder: String?
  var device: String?
  var index: Int?
  var workers: Int?
  var threads: Int?
  var arguments: String?

  // everything on examples
  var split: String?
  var batch: Int?

  // weights
  var size: Int?
  var changed: Bool?

  // ingredient
  var name: String?
  var files: [String]?
  var tensors: [PlacedTensor]?

  // gradient
  var ingredients: [String]?
  var rows: [[Double]]?
  var groups: [[String]]?
  var beta: Double?
  /// Examples of the whole gradient, of which this worker may do a part.
  var total: Int?

  init(_ task: Task) { self.task = task }

  enum CodingKeys: String, CodingKey {
    case task = "do"
    case protocolVersion = "protocol"
    case id, ids, file, folder, device, index, workers, threads, arguments, split, batch, size
    case changed, name, files, tensors, ingredients, rows, groups, beta, total
  }

  /// A tensor of an ingredient, and where it lies.
  struct PlacedTensor: Encodable, Sendable {
    let name: String
    let dtype: String
    let shape: [Int]
    /// Index into `files`.
    let file: Int
    let offset: Int
  }
}

/// What a worker says.
struct WorkerReply: Decodable, Sendable {
  let id: Int
  let ok: WorkerAnswer?
  let error: WorkerProblem?
  let dropped: Bool?
  let progress: [Int]?
}

/// The answer to a request; the fields that belong to it are set.
struct WorkerAnswer: Decodable, Sendable {
  // load
  let `protocol`: Int?
  let python: String?
  let framework: String?
  let device: String?
  /// Of `load`: whether the file has `metric`.
  let metric: Bool?

  // describe
  let count: Int?
  let labels: Bool?

  // batch
  let rows: Int?
  let classes: Int?

  // metric; values that are not finite come as null
  let metrics: [String: Double?]?

  // gradient; the same
  let loss: Double?
  let weights: [[Double?]]?
  let beta: Double?

  // reestimate
  let tensors: [Tensor]?

  struct Tensor: Decodable, Sendable {
    let name: String
    let dtype: String
    let shape: [Int]
  }
}

/// What went wrong in a worker.
struct WorkerProblem: Decodable, Sendable {
  let problem: String
  let mend: String?
  let place: String?
  let traceback: String?
}
