import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining

extension Dataset {
  /// Draws the first images with the names of their classes into an `.svg` or `.png` file.
  ///
  ///     try train.preview(to: "images.svg")
  ///     try train.shuffled().preview(to: "others.png", count: 40, columns: 8)
  public func preview(to path: String, count: Int = 25, columns: Int? = nil, title: String? = nil) throws {
    try Preview(classNames: classNames, columns: columns, title: title).draw([Batch(x: x, y: y)], count: count, to: path)
  }
}

extension BatchedDataset {
  /// Draws the first images with the names of their classes into an `.svg` or `.png` file.
  ///
  /// - Parameter classNames: what the classes 0, 1, 2, … are called.
  public func preview(
    to path: String, classNames: [String] = [], count: Int = 25, columns: Int? = nil, title: String? = nil
  ) throws {
    var batches = try makeBatches(), taken: [Batch] = []
    while taken.reduce(0, { $0 + $1.count }) < count, let batch = try batches.next() { taken.append(batch) }
    try Preview(classNames: classNames, columns: columns, title: title).draw(taken, count: count, to: path)
  }
}

private struct Preview {
  var classNames: [String]
  var columns: Int?
  var title: String?

  func draw(_ batches: [Batch], count: Int, to path: String) throws {
    try Drawing.checkFormat(path)
    guard count > 0 else { throw ModelError(.argument, at: path, "count must be at least 1, received \(count)") }
    guard columns ?? 1 > 0 else { throw ModelError(.argument, at: path, "columns must be at least 1, received \(columns!)") }
    var cells: [ImageGrid.Cell] = []
    for batch in batches where cells.count < count {
      guard batch.inputs.count == 1, let x = batch.inputs.values.first, x.rank > 0 else {
        throw ModelError(.argument, at: path, "one input is needed to draw, the data have \(batch.inputs.count)")
      }
      let part = min(count - cells.count, x.shape[0])
      let images = try Pixels.images(x[0..<part])
      let labels = batch.targets.count == 1 ? captions(batch.targets.values.first!.prefix(part)) : nil
      for (index, image) in images.enumerated() {
        cells.append(.init(image, labels.flatMap { index < $0.count ? [.init($0[index])] : nil } ?? []))
      }
    }
    guard !cells.isEmpty else { throw ModelError(.argument, at: path, "there are no images to draw") }
    try ImageGrid(cells, columns: columns, title: title).drawing("\(cells.count) images").write(to: path)
  }

  /// The classes' names, or the numbers that stand for them; nothing where a target is more than one number.
  private func captions(_ y: Tensor) -> [String]? {
    guard y.rank == 1 || y.rank == 2, y.count > 0 else { return nil }
    if y.rank == 2, y.shape[1] > 1 { return y.argmax(axis: -1).map(name) }
    return y.floats.map { value in Int(exactly: value).map(name) ?? shortNumber(Double(value)) }
  }

  private func name(_ label: Int) -> String { classNames.indices.contains(label) ? classNames[label] : "\(label)" }
}
