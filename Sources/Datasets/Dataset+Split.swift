import DeepSwiftEngine

extension Dataset {
  /// The first part of the samples and the rest, in their order. The first part has `fraction` of them, rounded down.
  public func split(_ fraction: Double) -> (Dataset, Dataset) {
    let length = Dataset.length(fraction, of: count)
    return (self[0..<length], self[length..<count])
  }

  /// The same after shuffling; the same seed gives the same parts.
  public func split(_ fraction: Double, shuffledBy seed: UInt64) -> (Dataset, Dataset) {
    shuffled(seed: seed).split(fraction)
  }

  /// Two parts in which every class has its share: of each class, a random `fraction`, rounded down, comes into the first
  /// part. The samples of each part stay in their order.
  ///
  /// `y` must hold whole labels, or one-hot rows.
  public func split(_ fraction: Double, stratifiedBy seed: UInt64) -> (Dataset, Dataset) {
    let labels = y.rank == 2 && y.shape[1] > 1 ? y.argmax() : y.integers
    precondition(labels.count == count, "A stratified split needs one label per sample, received y of shape \(y.shape)")
    let random = RandomSource(seed: seed)
    var isInFirst = [Bool](repeating: false, count: count)
    for (label, members) in Dictionary(grouping: labels.indices, by: { labels[$0] }) {
      let order = random.keyed(UInt64(bitPattern: Int64(label))).permutation(members.count)
      for i in order.prefix(Dataset.length(fraction, of: members.count)) { isInFirst[members[Int(i)]] = true }
    }
    return (gathered(isInFirst.indices.filter { isInFirst[$0] }), gathered(isInFirst.indices.filter { !isInFirst[$0] }))
  }

  private static func length(_ fraction: Double, of count: Int) -> Int {
    precondition((0...1).contains(fraction), "The first part's fraction must be in 0...1, received \(fraction)")
    return Int(Double(count) * fraction)
  }
}
