import Foundation

/// What a program is planned for.
package struct ProgramSettings: Sendable {
  package var mode = Mode.training
  /// The most rows that a batch may have. A shorter batch runs in the same program.
  package var capacity = 32
  package var workers = Workers.defaultCount
  /// The rows of a batch are cut into this many shards, each summed on its own and added up in order. Results depend on
  /// this number, but not on how many workers share the shards.
  package var shards = 8
  package var segments = SegmentRule()
  /// Off: the expression is planned as it was written. For tests.
  package var isFusing = true
  /// Whether gradients toward the inputs are computed and kept as well. For tests.
  package var keepsInputGradients = false
  package var isProfiling = false
  /// Off: convolutions are computed as they are defined. To see what Winograd's rounding does to a training.
  package var usesWinograd = Self.environmentUsesWinograd
  private static let environmentUsesWinograd = ProcessInfo.processInfo.environment["DEEPSWIFT_CONVOLUTION"] != "direct"

  package init() {}
}

/// When a segment ends and how many rows it takes at a time. The numbers were found by measuring.
package struct SegmentRule: Sendable {
  /// Bytes that a chunk may take in the largest buffer of its segment: a fifth of a second-level cache of 1 MB, which several
  /// buffers and the weights share.
  package var chunkBytes = 208.0 * 1024
  /// A segment ends where the largest buffer of a step has rows this many times smaller or larger than those before.
  package var ratio = 1.9
  /// Neighbouring segments are joined while their weights and sums take no more than this.
  package var residentBytes = 2560 << 10
  /// Overrides the rows of every chunk. For tests.
  package var rows: Int?
  /// Sums of gradients may take so much memory over all shards; with larger ones the batch is cut into fewer shards.
  package var shardBytes = 64 << 20
}
