import DeepSwift
import Foundation

/// What an example can be told on the command line.
public struct Options {
  public var epochs: Int
  public var batchSize: Int
  public var seed: UInt64?
  /// Tiny generated data, so that the whole program runs in seconds and without a network.
  public var smoke = false

  /// Reads the command line. Prints what is possible, and ends the program, where it asks for help or for something else.
  public init(epochs: Int, batchSize: Int) {
    self.epochs = epochs
    self.batchSize = batchSize
    var words = CommandLine.arguments.dropFirst()
    while let word = words.popFirst() {
      switch word {
      case "--epochs": self.epochs = Self.number(words.popFirst(), for: word)
      case "--batch-size": self.batchSize = Self.number(words.popFirst(), for: word)
      case "--seed": seed = UInt64(Self.number(words.popFirst(), for: word, from: 0))
      case "--smoke": smoke = true
      case "--help", "-h": Self.end(Self.usage(epochs, batchSize), 0)
      default: Self.end("\(word) is no option.\n" + Self.usage(epochs, batchSize), 2)
      }
    }
    if smoke { self.epochs = min(self.epochs, 2) }
    if let seed { setRandomSeed(seed) }
  }

  private static func usage(_ epochs: Int, _ batchSize: Int) -> String {
    """
    --epochs N       passes over the training data (\(epochs))
    --batch-size N   samples of a training step (\(batchSize))
    --seed N         makes the run repeatable: same seed, same numbers
    --smoke          two epochs on a few generated images, to see that everything works
    """
  }

  private static func number(_ word: String?, for option: String, from least: Int = 1) -> Int {
    guard let number = word.flatMap({ Int($0) }), number >= least else {
      end("\(option) needs a whole number, \(least) or more, received \(word ?? "nothing").", 2)
    }
    return number
  }

  private static func end(_ message: String, _ status: Int32) -> Never {
    print(message)
    exit(status)
  }
}

extension Dataset {
  /// Noise with a bright stripe whose place tells the class: enough to see a loss go down.
  public static func generated(count: Int, shape: Shape, classNames: [String]) throws -> Dataset {
    let classes = classNames.count, size = shape.count
    var pixels = Tensor.random(integers: 0..<64, shape: [count * size], seed: 1).integers.map { UInt8($0) }
    let labels = (0..<count).map { Int32($0 % classes) }
    for (image, label) in labels.enumerated() {
      let stripe = size / classes, start = image * size + Int(label) * stripe
      for place in start..<start + stripe { pixels[place] = 230 }
    }
    return try Dataset(
      x: Tensor(pixels, shape: Shape([count] + shape.dimensions)), y: Tensor(labels), classNames: classNames)
  }
}
