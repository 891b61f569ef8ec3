import DeepSwiftEngine

/// Pieces of clothing: 60 000 images for training and 10 000 for testing, `uint8` of 28 × 28, labels 0 to 9
/// (Xiao, Rasul, Vollgraf: "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms", 2017).
public enum FashionMNIST {
  /// What the labels 0 to 9 stand for.
  public static let classNames = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  /// Loads the data from this machine, or downloads them once: 30 MB. Debian's package `dataset-fashion-mnist` has them too.
  public static func load() throws -> (train: Dataset, test: Dataset) { try load(from: folder) }

  package static var folder: DataFolder {
    DataFolder(
      name: "fashion-mnist", otherNames: ["fashion_mnist", "FashionMNIST", "FashionMNIST/raw"],
      systemFolders: ["/usr/share/datasets/fashion-mnist"],
      mirrors: [
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
      ])
  }

  package static func load(from folder: DataFolder) throws -> (train: Dataset, test: Dataset) {
    try folder.idxDatasets(
      classNames: classNames,
      sha256: [
        "train-images": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "train-labels": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "t10k-images": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "t10k-labels": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
      ])
  }
}
