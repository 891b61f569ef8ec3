import DeepSwift

/// All rows of some tensors, as one batch for a program.
package final class FixtureBatch {
  package let step: StepInput
  private let tensors: [Tensor]
  private let sources: UnsafeMutablePointer<Source>
  private let order: UnsafeMutablePointer<Int32>

  package init(_ tensors: [Tensor]) {
    self.tensors = tensors
    let rows = tensors[0].shape[0]
    sources = .allocate(capacity: tensors.count)
    for (index, tensor) in tensors.enumerated() { (sources + index).initialize(to: Source(tensor)) }
    order = .allocate(capacity: rows)
    for row in 0..<rows { order[row] = Int32(row) }
    var step = StepInput()
    step.sources = sources
    step.order = UnsafePointer(order)
    step.rows = rows
    self.step = step
  }

  deinit {
    sources.deallocate()
    order.deallocate()
  }
}
