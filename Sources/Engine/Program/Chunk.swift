/// The piece of work that a step gets: some rows, or some parts of all rows.
public struct Chunk {
  let views: UnsafePointer<View>
  /// The batch that is being worked on.
  package let batch: UnsafePointer<StepInput>
  /// Which thread works, which shard of the batch it works on, the first row of the piece, and how many there are.
  public internal(set) var worker = 0, shard = 0, firstRow = 0, rows = 0
  /// Whether these are the first rows of their shard, so that sums start from zero.
  public internal(set) var isFirst = true
  /// For shared steps: which parts.
  public internal(set) var parts = 0..<1

  /// The address of this chunk's first row in `buffer`.
  @inline(__always)
  public subscript(buffer: Buffer) -> UnsafeMutablePointer<Float> {
    let view = views[buffer.index]
    return view.base + (firstRow * view.row + shard * view.shard + worker * view.worker)
  }

  /// The same for a buffer that may be missing.
  @inline(__always)
  public subscript(buffer: Buffer?) -> UnsafeMutablePointer<Float>? { buffer.map { self[$0] } }

  var firstPart: Int { parts.lowerBound }
  var lastPart: Int { parts.upperBound }
  /// 1 where sums start, as the kernels want it.
  var start: Int32 { isFirst ? 1 : 0 }

  /// Shared steps on a flat vector are cut into parts of this many elements: whole vectors and cache lines. Two
  /// workers never write into one line, and no element goes through a kernel's scalar tail because of a cut.
  static let line = 32

  static func lines(_ count: Int) -> Int { (count + line - 1) / line }

  /// The elements of a flat vector of `count` that the parts stand for.
  func elements(of count: Int) -> Range<Int> { parts.lowerBound * Self.line..<Swift.min(parts.upperBound * Self.line, count) }
}
