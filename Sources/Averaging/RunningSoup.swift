import CKernels
import Checkpoints
import Glibc

/// A soup under a person's hands: adding or removing an ingredient reads that ingredient alone.
///
/// Holds sums in f64, eight bytes a parameter. What it shows may differ from the exact average in
/// the last bit; `committed` takes the average anew from the ingredients, and is what is kept.
/// One thread at a time may use it.
public final class RunningSoup {
  /// Who is in it, in the order of joining; weights are as given, not normalised.
  public private(set) var members: [AverageTerm] = []
  private let first: NamedTable
  private let sums: Sums
  private var isTorn = false

  /// Elements that a thread goes through at once.
  private static let piece = 1 << 18

  /// One block of sums for all floating-point tensors.
  ///
  /// Sendable because each thread adds to elements of its own.
  private final class Sums: @unchecked Sendable {
    let base: UnsafeMutablePointer<Double>
    /// Where each tensor starts; nil for those that have no sums.
    let offsets: [Int?]
    private let size: Int

    init(_ tensors: [TensorInfo]) throws {
      var offsets: [Int?] = []
      var count = 0
      for tensor in tensors {
        offsets.append(tensor.dtype.isFloatingPoint ? count : nil)
        if tensor.dtype.isFloatingPoint { count += (tensor.count + 7) & ~7 }
      }
      let size = max(count * 8, 64)
      let address = try MemoryBlock.take(size)
      memset(address, 0, size)
      self.base = address.bindMemory(to: Double.self, capacity: size / 8)
      self.offsets = offsets
      self.size = size
    }

    deinit { MemoryBlock.giveBack(base, size) }

    func clear() { memset(base, 0, size) }
  }

  /// An empty soup with the tensors of `first`, which integers are taken from.
  ///
  /// - Throws: `InputError` when memory is short.
  public init(like first: NamedTable) throws {
    self.first = first
    self.sums = try Sums(first.table.tensors)
  }

  /// Adds an ingredient; one pass over it.
  ///
  /// - Parameter weight: relative to the others', in proportion.
  /// - Throws: `InputError` when its tensors do not fit or cannot be read, `CancellationError`. After
  ///   an error in reading the sums are torn, and only `removeAll` makes the soup usable again.
  public func add(_ ingredient: NamedTable, weight: Double = 1) throws {
    try accumulate(ingredient, weight)
    members.append(AverageTerm(ingredient.name, ingredient.table, weight: weight))
  }

  /// Takes out the last member of that name; one pass over it.
  ///
  /// Does nothing when there is none.
  ///
  /// - Throws: as `add`.
  public func remove(named name: String) throws {
    guard let index = members.lastIndex(where: { $0.name == name }) else { return }
    try accumulate(members[index].named, -members[index].weight)
    members.remove(at: index)
  }

  /// Empties the soup.
  public func removeAll() {
    members = []
    sums.clear()
    isTorn = false
  }

  /// The present soup, `Σ w_i θ_i / Σ w_i`, from the sums.
  ///
  /// - Throws: `InputError` when it is empty, torn, or its weights add up to zero.
  public func weights(_ dtype: OutputDType = .asFirst) throws -> Weights {
    try checkUsable()
    let total = members.reduce(0) { $0 + $1.weight }
    guard total != 0, total.isFinite else {
      throw InputError(
        file: "soup", problem: "its weights add up to \(total)", mend: "Add an ingredient")
    }
    let infos = first.table.tensors
    let outputs = infos.map { info in
      guard info.dtype.isFloatingPoint, case .dtype(let wanted) = dtype else { return info }
      return TensorInfo(name: info.name, dtype: wanted, shape: info.shape)
    }
    let made = try Weights(outputs) { room in
      for index in outputs.indices where sums.offsets[index] == nil {
        try first.table.withElements(ofTensorAt: index) { $0.copy(to: room[index]) }
      }
      try store(outputs, scale: 1 / total, in: room)
    }
    guard case .asFirstThen(let wanted) = dtype else { return made }
    return try Averager.converted(made, to: wanted, name: "soup")
  }

  /// The soup, averaged anew from its members.
  ///
  /// - Throws: `InputError` when it is empty, and as `Averager.average`.
  public func committed(
    _ options: AverageOptions = AverageOptions()
  ) throws -> (weights: Weights, report: AverageReport) {
    let total = members.reduce(0) { $0 + $1.weight }
    let terms = members.map { AverageTerm($0.name, $0.table, weight: $0.weight / total) }
    return try Averager.average(terms, options)
  }

  /// Writes the scaled sums to their tensors, on all cores.
  private func store(_ outputs: [TensorInfo], scale: Double, in room: Weights.Room) throws {
    let items = zip(outputs, sums.offsets).map { info, offset in
      Lockstep.Item(sources: [], count: offset == nil ? 0 : info.count, piece: Self.piece)
    }
    let sums = sums
    try Lockstep(tables: [], items: items).run(
      workers: Lockstep.processors, start: {},
      body: { _, piece, _ in
        let dtype = outputs[piece.item].dtype
        guard let kernel = dtype.kernel, let offset = sums.offsets[piece.item] else { return }
        let start = piece.range.lowerBound
        _ = ck_store(
          sums.base + offset + start, scale, piece.range.count, kernel,
          room[piece.item].baseAddress.map { $0 + start * dtype.size }, CK_BEST)
      })
  }

  private func checkUsable() throws {
    guard isTorn else { return }
    throw InputError(
      file: "soup", problem: "an ingredient was only partly added", mend: "Start the soup again")
  }

  private func accumulate(_ ingredient: NamedTable, _ weight: Double) throws {
    try checkUsable()
    let alignment = try Alignment(ingredient, to: first)
    let infos = first.table.tensors
    let chosen = infos.indices.filter { self.sums.offsets[$0] != nil }
    let theirs = ingredient.table.tensors
    let kernels = chosen.map { theirs[alignment.indexes[$0]].dtype }
    let items = chosen.map {
      Lockstep.Item(
        sources: [(0, alignment.indexes[$0])], count: infos[$0].count, piece: Self.piece)
    }
    let sums = sums
    isTorn = true
    try Lockstep(tables: [ingredient.table], items: items).run(
      workers: Lockstep.processors, start: {},
      body: { _, piece, streams in
        guard let kernel = kernels[piece.item].kernel,
          let offset = sums.offsets[chosen[piece.item]]
        else { return }
        let data = streams.runs(piece.range)[0].baseAddress
        ck_accumulate(
          sums.base + offset + piece.range.lowerBound,
          ck_stream(data: data, weight: weight, dtype: kernel), piece.range.count, CK_BEST)
      })
    isTorn = false
  }
}
