import DeepSwiftEngine

/// Photographs of a hundred things: 50 000 images for training and 10 000 for testing, `uint8` of 32 × 32 × 3
/// (Krizhevsky: "Learning Multiple Layers of Features from Tiny Images", 2009).
public enum CIFAR100 {
  /// Which of the two labels of an image is wanted.
  public enum Labels: Sendable {
    /// 100 classes.
    case fine
    /// 20 classes of 5 fine ones each.
    case coarse
  }

  /// Loads the data from this machine, or downloads them once: 169 MB.
  ///
  /// The folder `cifar-100-binary` and the archive `cifar-100-binary.tar.gz` that it comes in serve equally.
  public static func load(labels: Labels = .fine) throws -> (train: Dataset, test: Dataset) {
    try load(from: folder, labels: labels)
  }

  package static var folder: DataFolder {
    DataFolder(
      name: "cifar100", otherNames: ["cifar-100", "CIFAR100"],
      mirrors: [
        "https://www.cs.toronto.edu/~kriz/", "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR100/",
      ])
  }

  package static func load(from folder: DataFolder, labels: Labels = .fine) throws -> (train: Dataset, test: Dataset) {
    let path = try folder.path(
      of: .init(
        name: "cifar-100-binary.tar.gz", otherNames: ["cifar-100-binary", "train.bin"],
        sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"))
    let files = try CIFARFiles(at: path)
    func dataset(_ name: String) throws -> Dataset {
      // Each record begins with its coarse and its fine label.
      let (images, both) = try files.read([name], labelBytes: 2)
      return try Dataset(
        x: images, y: both[0..., labels == .coarse ? 0 : 1],
        classNames: labels == .coarse ? coarseClassNames : classNames)
    }
    return (try dataset("train.bin"), try dataset("test.bin"))
  }

  /// What the fine labels 0 to 99 stand for.
  public static let classNames = [
    "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle", "bowl", "boy",
    "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle", "chair", "chimpanzee", "clock",
    "cloud", "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur", "dolphin", "elephant", "flatfish", "forest",
    "fox", "girl", "hamster", "house", "kangaroo", "keyboard", "lamp", "lawn_mower", "leopard", "lion", "lizard",
    "lobster", "man", "maple_tree", "motorcycle", "mountain", "mouse", "mushroom", "oak_tree", "orange", "orchid",
    "otter", "palm_tree", "pear", "pickup_truck", "pine_tree", "plain", "plate", "poppy", "porcupine", "possum",
    "rabbit", "raccoon", "ray", "road", "rocket", "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper",
    "snail", "snake", "spider", "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank", "telephone",
    "television", "tiger", "tractor", "train", "trout", "tulip", "turtle", "wardrobe", "whale", "willow_tree", "wolf",
    "woman", "worm",
  ]

  /// What the coarse labels 0 to 19 stand for.
  public static let coarseClassNames = [
    "aquatic_mammals", "fish", "flowers", "food_containers", "fruit_and_vegetables", "household_electrical_devices",
    "household_furniture", "insects", "large_carnivores", "large_man-made_outdoor_things",
    "large_natural_outdoor_scenes", "large_omnivores_and_herbivores", "medium_mammals", "non-insect_invertebrates",
    "people", "reptiles", "small_mammals", "trees", "vehicles_1", "vehicles_2",
  ]
}
