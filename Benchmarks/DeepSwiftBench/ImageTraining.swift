import DeepSwift
import Foundation

/// Trains a small network for one epoch on a folder of pictures, some of which may be broken, and tells how much memory that
/// took: `Benchmark image-training FOLDER [SIZE]`.
enum ImageTraining {
  static func run(_ arguments: [String]) throws {
    guard let path = arguments.first else {
      print("usage: Benchmark image-training FOLDER [SIZE]")
      exit(2)
    }
    let size = arguments.count > 1 ? Int(arguments[1]) ?? 128 : 128
    setRandomSeed(7)
    let folder = try ImageFolder(path, imageSize: [size, size], unreadable: .skip)
    let (training, validation) = try folder.split(0.9)
    let model = Sequential {
      Input(shape: [size, size, 3])
      Rescaling(1.0 / 255)
      Conv2D(8, kernelSize: 3, strides: 4, activation: .relu)
      GlobalAveragePooling2D()
      Dense(folder.classNames.count, activation: .softmax)
    }
    try model.compile(optimizer: .adam, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    try model.fit(
      training.shuffled(buffer: 200).prefetched(), epochs: 1, verbose: .epochs, validationData: validation.prefetched())
    print("Memory at most: \(Benchmark.peakMegabytes()) MB")
  }
}
