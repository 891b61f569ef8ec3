import DeepSwiftKernels
import Foundation

/// One step of an optimizer on a stretch of weights that lie one behind the other.
///
/// An optimizer of one's own loops over `count` elements; the library's call one kernel each.
public struct Update {
  /// How many weights there are.
  public let count: Int
  /// The weights to be changed.
  public let weights: UnsafeMutablePointer<Float>
  /// Their gradients.
  public let gradients: UnsafePointer<Float>
  /// The rate of this step.
  public let learningRate: Float
  /// How many steps were taken before this one.
  public let iteration: Int
  /// What the weights shrink by before the step: `w -= w · decay`.
  package let decay: Float
  fileprivate let slots: UnsafeMutablePointer<Float>
  /// How far apart the slots of one weight lie.
  fileprivate let stride: Int

  /// The optimizer's own numbers for these weights, in the order of its `slots`; zeros at the beginning.
  public func slot(_ index: Int) -> UnsafeMutablePointer<Float> { slots + index * stride }
}

extension Update {
  /// `w -= rate · g`, or with momentum `v ← momentum · v - rate · g; w += v`; Nesterov's looks one step ahead.
  package func descend(momentum: Float, nesterov: Bool) {
    var u = settings(rate: learningRate)
    u.momentum = momentum
    u.nesterov = nesterov ? 1 : 0
    kernels.sgd(count, u, gradients, momentum == 0 ? nil : slot(0), weights)
  }

  /// `m ← m + (g - m)(1 - β₁)`, `v ← v + (g² - v)(1 - β₂)`, `w -= rate · m / (√v + ε)`, with corrections of the rate for the
  /// first steps.
  package func adam(beta1: Float, beta2: Float, epsilon: Float, amsgrad: Bool) {
    let t = Double(iteration + 1)
    let correction = (1 - pow(Double(beta2), t)).squareRoot() / (1 - pow(Double(beta1), t))
    var u = settings(rate: Float(Double(learningRate) * correction))
    (u.beta1, u.beta2, u.epsilon, u.amsgrad) = (beta1, beta2, epsilon, amsgrad ? 1 : 0)
    kernels.adam(count, u, gradients, slot(0), slot(1), amsgrad ? slot(2) : nil, weights)
  }

  /// `v ← ρ v + (1 - ρ) g²`, `w -= rate · g / √(v + ε)`; centered: `v - mean(g)²` instead of `v`.
  package func rmsprop(rho: Float, momentum: Float, epsilon: Float, centered: Bool) {
    var u = settings(rate: learningRate)
    (u.beta2, u.momentum, u.epsilon, u.centered) = (rho, momentum, epsilon, centered ? 1 : 0)
    kernels.rmsprop(
      count, u, gradients, slot(0), momentum > 0 ? slot(1) : nil, centered ? slot(momentum > 0 ? 2 : 1) : nil, weights)
  }

  private func settings(rate: Float) -> ds_update {
    var update = ds_update()
    update.rate = rate
    update.decay = decay
    return update
  }
}

/// What happens to gradients before they are used.
package enum Clipping: Hashable, Sendable, Codable {
  /// Each gradient lies in `-limit...limit`.
  case value(Float)
  /// The norm of each weight's gradient is at most this.
  case norm(Float)
  /// The norm of all gradients together is at most this.
  case globalNorm(Float)
}

/// An optimizer's numbers for all weights that it may train. They outlive the programs that change them.
package final class OptimizerState {
  /// The slots lie one behind the other, each with a place for every one of these.
  package let parameters: [Parameter]
  package let slotCount: Int
  package let count: Int
  package let slots: UnsafeMutablePointer<Float>
  /// Steps taken.
  package var iteration = 0
  private let memory: Memory
  private let offsets: [ObjectIdentifier: Int]

  package init(_ parameters: [Parameter], slotCount: Int) {
    self.parameters = parameters
    self.slotCount = slotCount
    var offsets: [ObjectIdentifier: Int] = [:], count = 0
    for parameter in parameters {
      offsets[parameter.id] = count
      count += Memory.rounded(parameter.count)
    }
    (self.offsets, self.count) = (offsets, count)
    memory = Memory(floats: count * slotCount)
    slots = memory.base
  }

  /// Where a weight's numbers lie in each slot.
  func offset(of parameter: Parameter) -> Int? { offsets[parameter.id] }

  /// A copy of one weight's numbers.
  package func slot(_ index: Int, of parameter: Int) -> [Float] { view(index, of: parameters[parameter]).floats }

  /// One weight's numbers where they lie, to be written out without a copy.
  package func view(_ index: Int, of parameter: Parameter) -> Tensor {
    let storage = Storage(bytes: place(index, of: parameter), byteCount: parameter.count * 4) { _ in
      withExtendedLifetime(self) {}
    }
    return Tensor(shape: parameter.shape, elementType: .float32, storage: storage)
  }

  /// Sets one weight's numbers.
  package func set(_ index: Int, of parameter: Parameter, to tensor: Tensor) {
    precondition(tensor.shape == parameter.shape, "\(parameter.path) has shape \(parameter.shape), received \(tensor.shape)")
    tensor.withUnsafeFloats { place(index, of: parameter).update(from: $0.baseAddress!, count: parameter.count) }
  }

  private func place(_ index: Int, of parameter: Parameter) -> UnsafeMutablePointer<Float> {
    guard (0..<slotCount).contains(index), let offset = offset(of: parameter) else {
      preconditionFailure("the optimizer has no slot \(index) for \(parameter.path)")
    }
    return slots + (index * count + offset)
  }
}

extension Plan {
  /// The steps that change the weights: clip, then `apply` on every stretch of them.
  package mutating func update(
    _ weights: [TrainedWeight], _ state: OptimizerState, clipping: Clipping?, decay: Float,
    apply: @escaping (Update) -> Void
  ) {
    if let clipping { clip(weights, clipping) }
    let slots = state.slots, stride = state.count
    for weight in weights {
      guard let offset = state.offset(of: weight.parameter) else {
        preconditionFailure("the optimizer's state lacks \(weight.parameter.path)")
      }
      let (w, g, count) = (weight.value, weight.gradient, weight.count)
      shared("update", parts: Chunk.lines(count), reads: [g], writes: [w]) { chunk in
        let batch = chunk.batch, range = chunk.elements(of: count), first = range.lowerBound
        let rate = batch.pointee.learningRate
        apply(
          Update(
            count: range.count, weights: chunk[w] + first, gradients: UnsafePointer(chunk[g] + first), learningRate: rate,
            iteration: batch.pointee.iteration, decay: decay * rate, slots: slots + (offset + first), stride: stride))
      }
    }
  }

  private mutating func clip(_ weights: [TrainedWeight], _ clipping: Clipping) {
    switch clipping {
    case .value(let limit):
      for weight in weights {
        let (g, count) = (weight.gradient, weight.count)
        shared("clip", parts: Chunk.lines(count), reads: [g], writes: [g]) { chunk in
          let range = chunk.elements(of: count)
          kernels.clamp(range.count, -limit, limit, chunk[g] + range.lowerBound)
        }
      }
    case .norm(let limit), .globalNorm(let limit):
      let isGlobal = if case .globalNorm = clipping { true } else { false }
      let squares = buffer(.once(weights.count))
      shared("norms", parts: weights.count, reads: weights.map(\.gradient), writes: [squares]) { chunk in
        for index in chunk.parts {
          chunk[squares][index] = Float(kernels.sum_of_squares(weights[index].count, chunk[weights[index].gradient]))
        }
      }
      for (index, weight) in weights.enumerated() {
        let (g, count, total) = (weight.gradient, weight.count, weights.count)
        shared("clip", parts: Chunk.lines(count), reads: [squares, g], writes: [g]) { chunk in
          let all = chunk[squares]
          let square = isGlobal ? (0..<total).reduce(Float(0)) { $0 + all[$1] } : all[index]
          let norm = square.squareRoot()
          guard norm > limit else { return }
          let range = chunk.elements(of: count)
          kernels.scale(range.count, limit / norm, chunk[g] + range.lowerBound)
        }
      }
    }
  }
}
