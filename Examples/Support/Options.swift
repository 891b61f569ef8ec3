import DeepSwift
import Foundation

/// What an example can be told on the command line.
public struct Options {
  public var epochs: Int
  public var batchSize: Int
  public var seed: UInt64?
  /// Tiny generated data, so that the whole program runs in seconds and without a network.
  public var smoke = false
  /// Those of the example's own switches that were given.
  public var switches: Set<String> = []

  /// Reads the command line. Prints what is possible, and ends the program, where it asks for help or for something else.
  ///
  /// - Parameter switches: the example's own, `["--serve": "answers questions instead of training"]`.
  public init(epochs: Int, batchSize: Int, switches: KeyValuePairs<String, String> = [:]) {
    self.epochs = epochs
    self.batchSize = batchSize
    var words = CommandLine.arguments.dropFirst()
    while let word = words.popFirst() {
      switch word {
      case "--epochs": self.epochs = Self.number(words.popFirst(), for: word)
      case "--batch-size": self.batchSize = Self.number(words.popFirst(), for: word)
      case "--seed": seed = UInt64(Self.number(words.popFirst(), for: word, from: 0))
      case "--smoke": smoke = true
      case _ where switches.contains { $0.key == word }: self.switches.insert(word)
      case "--help", "-h": Self.end(Self.usage(epochs, batchSize, switches), 0)
      default: Self.end("\(word) is no option.\n" + Self.usage(epochs, batchSize, switches), 2)
      }
    }
    if smoke { self.epochs = min(self.epochs, 2) }
    if let seed { setRandomSeed(seed) }
  }

  private static func usage(_ epochs: Int, _ batchSize: Int, _ switches: KeyValuePairs<String, String>) -> String {
    """
    --epochs N       passes over the training data (\(epochs))
    --batch-size N   samples of a training step (\(batchSize))
    --seed N         makes the run repeatable: same seed, same numbers
    --smoke          two epochs on a few generated images, to see that everything works
    """ + switches.map { "\n" + $0.key.padding(toLength: 17, withPad: " ", startingAt: 0) + $0.value }.joined()
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
