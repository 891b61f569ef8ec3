import DeepSwiftKernels

/// What changes from step to step: where the samples lie, which of them, and how large the step is.
package struct StepInput {
  /// One source for each input of the program, in the program's order.
  package var sources: UnsafeMutablePointer<Source>
  /// Which samples of the sources, in which order.
  package var order: UnsafePointer<Int32>
  package var rows = 0
  /// Which step this is since the beginning of training: with `seed`, the key of all random numbers drawn in it.
  package var number: UInt32 = 0
  package var seed: UInt32 = 0
  package var learningRate: Float = 0
  /// Steps that the optimizer has taken before this one.
  package var iteration = 0
  /// How many shards have rows.
  var shards = 1

  /// A batch without rows, to be pointed at some.
  package init() {
    let nowhere = UnsafeMutableRawPointer(bitPattern: 64)!
    sources = nowhere.assumingMemoryBound(to: Source.self)
    order = UnsafePointer(nowhere.assumingMemoryBound(to: Int32.self))
  }
}

/// Samples in memory, one behind the other.
package struct Source {
  var type: ds_element
  var samples: UnsafeRawPointer

  package init(_ tensor: Tensor) {
    samples = UnsafeRawPointer(tensor.storage.bytes)
    type =
      switch tensor.elementType {
      case .uint8: ds_uint8
      case .int32: ds_int32
      case .float32: ds_float32
      }
  }
}
