import DeepSwift

/// Invented jackets: how old they are, a picture, and what somebody paid for them.
///
/// A bright jacket costs more and an old one less, and buyers do not agree: prices are spread around the fair one.
struct Jackets {
  let ages: Tensor
  let images: Tensor
  let prices: Tensor

  init(count: Int, seed: UInt64 = 1) {
    ages = .random(uniform: 0...3, shape: [count, 1], seed: seed)
    let brightness = Tensor.random(uniform: 0...1, shape: [count, 1], seed: seed + 100)
    let grain = Tensor.random(uniform: 0.5...1, shape: [count, 28, 28, 1], seed: seed + 200)
    images = grain * brightness.reshaped([count, 1, 1, 1])
    let spread = Tensor.random(normal: (mean: 0, deviation: 0.5), shape: [count, 1], seed: seed + 300)
    prices = 5 + 4 * brightness - ages + spread
  }
}
