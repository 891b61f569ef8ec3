import DeepSwiftEngine
import Synchronization

/// The batches of one pass through a folder. The files of a batch are decoded side by side; their order stays.
struct ImageBatches: BatchIterator {
  let folder: ImageFolder
  /// The files of the pass.
  let order: [Int]
  private let memory: BatchMemory
  private var position = 0

  init(folder: ImageFolder, order: [Int]) {
    (self.folder, self.order) = (folder, order)
    let samples = min(folder.batchSize, order.count), resizing = folder.resizing
    memory = BatchMemory(
      byteCount: samples * resizing.height * resizing.width * folder.colorMode.rawValue * MemoryLayout<Float>.size)
  }

  mutating func next() throws -> Batch? {
    guard position < order.count else { return nil }
    let members = Array(order[position..<min(position + folder.batchSize, order.count)])
    let batch = Batch(inputs: ["": try images(members)], targets: targets(members).map { ["": $0] } ?? [:])
    position += members.count
    return batch
  }

  private func images(_ members: [Int]) throws -> Tensor {
    let (folder, resizing) = (folder, folder.resizing), channels = folder.colorMode.rawValue
    let size = resizing.height * resizing.width * channels
    let failed = Mutex<UnreadableFile?>(nil)
    let storage = memory.storage()
    let pixels = SharedMemory(start: storage.bytes.bindMemory(to: Float.self, capacity: members.count * size))
    inParallel(members.count) { place in
      do {
        resizing.resize(try folder.decoded(members[place]), into: pixels.start + place * size)
      } catch {
        failed.withLock { $0 = UnreadableFile(folder.paths[members[place]], error) }
      }
    }
    if let file = failed.withLock({ $0 }) { throw fault(file) }
    return Tensor(
      shape: [members.count, resizing.height, resizing.width, channels], elementType: .float32, storage: storage)
  }

  /// All that cannot be read is told at once.
  private func fault(_ file: UnreadableFile) -> ModelError {
    let found = folder.check(), files = found.isEmpty ? [file] : found
    return ModelError(
      .file, at: folder.path,
      "\(files.count) of \(folder.count) files cannot be read. Remove them, or leave them out with unreadable: .skip:"
        + files.listed)
  }

  private func targets(_ members: [Int]) -> Tensor? {
    let labels = folder.labels
    switch folder.labelMode {
    case .none: return nil
    case .integer: return Tensor(members.map { Int32(labels[$0]) })
    case .binary: return Tensor(members.map { Float(labels[$0]) }, shape: [members.count, 1])
    case .categorical: return Tensor(members.map { labels[$0] }).oneHot(classes: folder.classNames.count)
    }
  }
}
