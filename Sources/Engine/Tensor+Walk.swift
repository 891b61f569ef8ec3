/// A path through the elements of a tensor: where it starts, and how far apart neighbours along each axis lie.
struct Path {
  var start = 0
  var strides: [Int]

  /// All elements in row-major order.
  init(through shape: Shape) { strides = shape.strides }

  /// The elements of `shape` repeated until they fill `target`.
  init(through shape: Shape, stretchedTo target: Shape) {
    let missing = target.rank - shape.rank
    strides = Array(repeating: 0, count: missing) + zip(shape.dimensions, shape.strides).map { $0 == 1 ? 0 : $1 }
  }

  init(start: Int, strides: [Int]) { (self.start, self.strides) = (start, strides) }
}

/// Walks along two paths at once over `shape`, in row-major order, a run of equal steps at a time.
///
/// `run` receives where both runs start, their length, and the steps between their elements. Axes that continue each other on
/// both paths are joined, so that runs are as long as possible.
@inline(__always)
func walk(
  over shape: Shape, _ a: Path, _ b: Path, run: (_ a: Int, _ b: Int, _ count: Int, _ stepA: Int, _ stepB: Int) -> Void
) {
  guard shape.count > 0 else { return }
  var axes: [(length: Int, a: Int, b: Int)] = []
  for (axis, length) in shape.dimensions.enumerated() where length > 1 {
    let next = (length: length, a: a.strides[axis], b: b.strides[axis])
    if let last = axes.last, last.a == next.a * length, last.b == next.b * length {
      axes[axes.count - 1] = (last.length * length, next.a, next.b)
    } else {
      axes.append(next)
    }
  }
  let inner = axes.popLast() ?? (length: 1, a: 1, b: 1)
  var (i, j) = (a.start, b.start)
  var counters = [Int](repeating: 0, count: axes.count)
  while true {
    run(i, j, inner.length, inner.a, inner.b)
    var axis = axes.count - 1
    while axis >= 0 {
      counters[axis] += 1
      i += axes[axis].a
      j += axes[axis].b
      if counters[axis] < axes[axis].length { break }
      i -= axes[axis].a * counters[axis]
      j -= axes[axis].b * counters[axis]
      counters[axis] = 0
      axis -= 1
    }
    if axis < 0 { return }
  }
}

/// Copies elements of `size` 1 or 4 bytes from one path to another.
func copyElements(
  over shape: Shape, size: Int, from source: UnsafeRawPointer, _ path: Path, to target: UnsafeMutableRawPointer,
  _ targetPath: Path
) {
  @inline(__always)
  func copy<Element: BitwiseCopyable>(_ type: Element.Type) {
    let source = source.assumingMemoryBound(to: type)
    let target = target.assumingMemoryBound(to: type)
    walk(over: shape, path, targetPath) { i, j, count, step, targetStep in
      if step == 1 && targetStep == 1 {
        (target + j).update(from: source + i, count: count)
      } else {
        for k in 0..<count { target[j + k * targetStep] = source[i + k * step] }
      }
    }
  }
  size == 1 ? copy(UInt8.self) : copy(UInt32.self)
}

extension Tensor {
  /// The elements along a path, as a tensor of their own.
  func elements(along path: Path, shape: Shape) -> Tensor {
    withUnsafeBytes { source in
      Tensor(shape: shape, elementType: elementType) { target in
        copyElements(
          over: shape, size: elementType.size, from: source.baseAddress!, path, to: target.baseAddress!,
          Path(through: shape))
      }
    }
  }

  /// `axis` counted from the front; an axis that does not exist is a mistake in the program.
  func checked(axis: Int) -> Int {
    guard let positive = shape.normalized(axis: axis) else {
      preconditionFailure("A tensor of shape \(shape) has no axis \(axis)")
    }
    return positive
  }
}
