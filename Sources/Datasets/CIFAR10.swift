import DeepSwiftEngine

/// Photographs of ten things: 50 000 images for training and 10 000 for testing, `uint8` of 32 × 32 × 3, labels 0 to 9
/// (Krizhevsky: "Learning Multiple Layers of Features from Tiny Images", 2009).
public enum CIFAR10 {
  /// What the labels 0 to 9 stand for.
  public static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// Loads the data from this machine, or downloads them once: 170 MB.
  ///
  /// The folder `cifar-10-batches-bin` and the archive `cifar-10-binary.tar.gz` that it comes in serve equally.
  public static func load() throws -> (train: Dataset, test: Dataset) { try load(from: folder) }

  package static var folder: DataFolder {
    DataFolder(
      name: "cifar10", otherNames: ["cifar-10", "CIFAR10"],
      mirrors: [
        "https://www.cs.toronto.edu/~kriz/", "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/",
      ])
  }

  package static func load(from folder: DataFolder) throws -> (train: Dataset, test: Dataset) {
    let path = try folder.path(
      of: .init(
        name: "cifar-10-binary.tar.gz", otherNames: ["cifar-10-batches-bin", "data_batch_1.bin"],
        sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"))
    let files = try CIFARFiles(at: path)
    func dataset(_ names: [String]) throws -> Dataset {
      let (images, labels) = try files.read(names, labelBytes: 1)
      return try Dataset(x: images, y: labels, classNames: classNames)
    }
    return (try dataset((1...5).map { "data_batch_\($0).bin" }), try dataset(["test_batch.bin"]))
  }
}
