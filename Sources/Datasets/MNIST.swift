import DeepSwiftEngine

/// Handwritten digits: 60 000 images for training and 10 000 for testing, `uint8` of 28 × 28, labels 0 to 9
/// (LeCun, Cortes, Burges: "The MNIST database of handwritten digits", 1998).
public enum MNIST {
  /// What the labels 0 to 9 stand for: the digits.
  public static let classNames = (0...9).map(String.init)

  /// Loads the data from this machine, or downloads them once: 11 MB.
  public static func load() throws -> (train: Dataset, test: Dataset) { try load(from: folder) }

  package static var folder: DataFolder {
    DataFolder(
      name: "mnist", otherNames: ["MNIST", "MNIST/raw"],
      mirrors: [
        "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/",
      ])
  }

  package static func load(from folder: DataFolder) throws -> (train: Dataset, test: Dataset) {
    try folder.idxDatasets(
      classNames: classNames,
      sha256: [
        "train-images": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "t10k-images": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
      ])
  }
}

extension DataFolder {
  /// The four IDX files of MNIST and of what is made like it. The digests are those of the unpacked files.
  func idxDatasets(classNames: [String], sha256: [String: String]) throws -> (train: Dataset, test: Dataset) {
    func path(_ name: String, _ rank: Int) throws -> String {
      let plain = "\(name)-idx\(rank)-ubyte"
      let file = File(
        name: plain + ".gz", otherNames: [plain, "\(name).idx\(rank)-ubyte"], sha256: sha256[name]!,
        isDigestOfContents: true)
      return try self.path(of: file)
    }
    func dataset(_ part: String) throws -> Dataset {
      try Dataset(
        idxImages: path("\(part)-images", 3), labels: path("\(part)-labels", 1), classNames: classNames)
    }
    return (try dataset("train"), try dataset("t10k"))
  }
}
