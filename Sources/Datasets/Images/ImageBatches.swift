import DeepSwiftEngine

/// The batches of one pass through a folder.
final class ImageBatches: BatchIterator {
  private let folder: ImageFolder
  /// The files of the pass.
  private let order: [Int]
  private let decoding: ImageDecoding
  private var position = 0

  init(folder: ImageFolder, order: [Int]) {
    (self.folder, self.order) = (folder, order)
    decoding = ImageDecoding(folder, order: order)
    decoding.start()
  }

  // The threads hold the decoding, not this iterator: a pass that is given up before its end ends them.
  deinit { decoding.close() }

  func next() throws -> Batch? {
    guard let part = decoding.take() else { return nil }
    if let file = part.unreadable { throw fault(file) }
    let members = order[position..<position + part.count]
    position += part.count
    let pixels = Tensor(
      shape: [part.count, folder.imageSize[0], folder.imageSize[1], folder.colorMode.rawValue], elementType: .float32,
      storage: part.storage)
    return Batch(inputs: ["": pixels], targets: targets(members).map { ["": $0] } ?? [:])
  }

  /// All that cannot be read is told at once.
  private func fault(_ file: UnreadableFile) -> ModelError {
    let found = folder.check(), files = found.isEmpty ? [file] : found
    return ModelError(
      .file, at: folder.path,
      "\(files.count) of \(folder.count) files cannot be read. Remove them, or leave them out with unreadable: .skip:"
        + files.listed)
  }

  private func targets(_ members: ArraySlice<Int>) -> Tensor? {
    let labels = folder.labels
    switch folder.labelMode {
    case .none: return nil
    case .integer: return Tensor(members.map { Int32(labels[$0]) })
    case .binary: return Tensor(members.map { Float(labels[$0]) }, shape: [members.count, 1])
    case .categorical: return Tensor(members.map { labels[$0] }).oneHot(classes: folder.classNames.count)
    }
  }
}
