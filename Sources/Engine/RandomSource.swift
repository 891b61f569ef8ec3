import Foundation
import Synchronization

/// Random numbers by position: number `i` of a source depends on the source's key and on `i` alone.
///
/// There is no state that runs along. Whoever needs random numbers makes a source from the seed and a name of its own
/// (`RandomSource(seed: 7, key: "dense/kernel")`), so that adding a layer or using more threads changes nobody else's.
///
/// Bits are SplitMix64's: a counter in steps of 2^64 divided by the golden ratio, mixed by Stafford's 13th finaliser
/// (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
public struct RandomSource: Hashable, Sendable {
  /// Where in SplitMix64's sequence this source starts.
  package let key: UInt64

  /// The random numbers that follow from a seed.
  public init(seed: UInt64) { key = RandomSource.mixed(seed &+ RandomSource.step) }

  /// The source of a name under a seed.
  public init(seed: UInt64, key: String) { self = RandomSource(seed: seed).keyed(key) }

  private init(key: UInt64) { self.key = key }

  /// An independent source for a name.
  public func keyed(_ name: String) -> RandomSource {
    // FNV-1a, 64 bits: Swift's own hashes differ from run to run.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return keyed(hash)
  }

  /// An independent source for each number: a step, an epoch, a sample.
  public func keyed(_ number: UInt64) -> RandomSource {
    RandomSource(key: RandomSource.mixed(key ^ RandomSource.mixed(number &+ RandomSource.step)))
  }

  /// 64 random bits.
  @inline(__always)
  public func bits(at index: UInt64) -> UInt64 { RandomSource.mixed(key &+ (index &+ 1) &* RandomSource.step) }

  /// A number in `0..<1`.
  @inline(__always)
  public func uniform(at index: UInt64) -> Float { Float(bits(at: index) >> 40) * 0x1p-24 }

  /// A number of the normal distribution with mean 0 and deviation 1.
  @inline(__always)
  public func normal(at index: UInt64) -> Float { Float(normalQuantile(fraction(at: index))) }

  /// A number of the normal distribution with mean 0 and deviation 1 of which what lies beyond 2 is cut off.
  @inline(__always)
  public func truncatedNormal(at index: UInt64) -> Float {
    let below = 0.022750131948179195  // the part of the distribution that lies below -2
    return Float(normalQuantile(below + fraction(at: index) * (1 - 2 * below)))
  }

  /// A whole number in `0..<bound`.
  @inline(__always)
  public func integer(below bound: Int, at index: UInt64) -> Int {
    Int(bits(at: index).multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// The numbers `0..<count` in random order.
  public func permutation(_ count: Int) -> [Int32] {
    var order = (0..<Int32(count)).map { $0 }
    order.withUnsafeMutableBufferPointer { order in
      var i = count - 1
      while i > 0 {
        order.swapAt(i, integer(below: i + 1, at: UInt64(i)))
        i -= 1
      }
    }
    return order
  }

  /// A number strictly between 0 and 1, with all the bits that a `Double` has room for.
  @inline(__always)
  private func fraction(at index: UInt64) -> Double { (Double(bits(at: index) >> 12) + 0.5) * 0x1p-52 }

  private static let step: UInt64 = 0x9e37_79b9_7f4a_7c15

  @inline(__always)
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// The number below which the part `p` of the normal distribution lies, to 16 digits
/// (Wichura: "Algorithm AS 241: The Percentage Points of the Normal Distribution", 1988).
package func normalQuantile(_ p: Double) -> Double {
  /// c[0] + c[1] x + c[2] x² + …
  @inline(__always)
  func polynomial(
    _ x: Double, _ c: (Double, Double, Double, Double, Double, Double, Double, Double)
  ) -> Double {
    ((((((c.7 * x + c.6) * x + c.5) * x + c.4) * x + c.3) * x + c.2) * x + c.1) * x + c.0
  }
  let q = p - 0.5
  if abs(q) <= 0.425 {
    let r = 0.180625 - q * q
    return q
      * polynomial(
        r,
        (
          3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
          4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3
        ))
      / polynomial(
        r,
        (
          1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
          2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3
        ))
  }
  let r = (-log(min(p, 1 - p))).squareRoot()
  let tail: Double
  if r <= 5 {
    tail =
      polynomial(
        r - 1.6,
        (
          1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
          1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4
        ))
      / polynomial(
        r - 1.6,
        (
          1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
          1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9
        ))
  } else {
    tail =
      polynomial(
        r - 5,
        (
          6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
          2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7
        ))
      / polynomial(
        r - 5,
        (
          1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
          7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15
        ))
  }
  return q < 0 ? -tail : tail
}

// MARK: - The global sequence of seeds

/// Makes everything random that follows reproducible: weights, shuffling, dropout, random tensors.
///
/// What is given a seed of its own does not depend on this one.
public func setRandomSeed(_ seed: UInt64) {
  seeds.withLock { $0 = (source: RandomSource(seed: seed), count: 0) }
}

extension RandomSource {
  /// The next seed of the global sequence, for whoever was given none.
  package static func nextSeed() -> UInt64 {
    seeds.withLock { seeds in
      defer { seeds.count += 1 }
      return seeds.source.bits(at: seeds.count)
    }
  }
}

private let seeds = Mutex(
  (source: RandomSource(seed: UInt64.random(in: 0...UInt64.max)), count: UInt64(0)))
