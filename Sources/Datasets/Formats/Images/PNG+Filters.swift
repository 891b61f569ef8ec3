extension PNG {
  /// Undoes the filter of a row of `count` bytes: each byte is stored as the difference to a guess from the bytes to the left
  /// (`pixelBytes` before), above, and above to the left.
  ///
  /// `source` and `target` may be the same. Returns `false` for a filter that there is not.
  static func unfilter(
    _ filter: UInt8, _ count: Int, _ pixelBytes: Int, _ source: UnsafePointer<UInt8>, _ above: UnsafePointer<UInt8>,
    _ target: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    switch filter {
    case 0: if source != UnsafePointer(target) { target.update(from: source, count: count) }
    case 1:
      // What lies left of the first pixel is zero.
      for i in 0..<pixelBytes { target[i] = source[i] }
      switch pixelBytes {
      case 3: threeWide(count, source, above, target) { left, _, _ in left }
      case 4: fourWide(count, source, above, target) { left, _, _ in left }
      default: for i in pixelBytes..<max(count, pixelBytes) { target[i] = source[i] &+ target[i - pixelBytes] }
      }
    case 2: for i in 0..<count { target[i] = source[i] &+ above[i] }
    case 3:
      for i in 0..<pixelBytes { target[i] = source[i] &+ above[i] >> 1 }
      switch pixelBytes {
      case 3: threeWide(count, source, above, target, average)
      case 4: fourWide(count, source, above, target, average)
      default:
        for i in pixelBytes..<max(count, pixelBytes) {
          target[i] = source[i] &+ UInt8((Int16(target[i - pixelBytes]) &+ Int16(above[i])) >> 1)
        }
      }
    case 4:
      for i in 0..<pixelBytes { target[i] = source[i] &+ above[i] }
      switch pixelBytes {
      case 3: threeWide(count, source, above, target, paeth)
      case 4: fourWide(count, source, above, target, paeth)
      default:
        for i in pixelBytes..<max(count, pixelBytes) {
          target[i] = source[i] &+ paeth(target[i - pixelBytes], above[i], above[i - pixelBytes])
        }
      }
    default: return false
    }
    return true
  }

  /// The samples of a pixel.
  private typealias Lanes = SIMD4<Int16>

  @inline(__always)
  private static func average(_ left: Lanes, _ above: Lanes, _: Lanes) -> Lanes { (left &+ above) &>> 1 }

  /// Whichever of left, above and above to the left is nearest to `left + above - corner`.
  @inline(__always)
  private static func paeth(_ left: Lanes, _ above: Lanes, _ corner: Lanes) -> Lanes {
    let fromLeft = above &- corner, fromAbove = left &- corner, fromCorner = fromLeft &+ fromAbove
    let a = magnitude(fromLeft), b = magnitude(fromAbove), c = magnitude(fromCorner)
    let aboveOrCorner = above.replacing(with: corner, where: c .< b)
    let smaller = b.replacing(with: c, where: c .< b)
    return left.replacing(with: aboveOrCorner, where: smaller .< a)
  }

  @inline(__always)
  private static func magnitude(_ x: Lanes) -> Lanes { pointwiseMax(x, 0 &- x) }

  private static func paeth(_ left: UInt8, _ above: UInt8, _ corner: UInt8) -> UInt8 {
    let fromLeft = Int(above) - Int(corner), fromAbove = Int(left) - Int(corner)
    let (a, b, c) = (abs(fromLeft), abs(fromAbove), abs(fromLeft + fromAbove))
    return a <= b && a <= c ? left : b <= c ? above : corner
  }

  /// All pixels but the first, three bytes each.
  @inline(__always)
  private static func threeWide(
    _ count: Int, _ source: UnsafePointer<UInt8>, _ above: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>,
    _ guess: (Lanes, Lanes, Lanes) -> Lanes
  ) {
    guard count >= 3 else { return }
    var left = Lanes(Int16(target[0]), Int16(target[1]), Int16(target[2]), 0)
    var corner = Lanes(Int16(above[0]), Int16(above[1]), Int16(above[2]), 0)
    var i = 3
    while i + 2 < count {
      let up = Lanes(Int16(above[i]), Int16(above[i + 1]), Int16(above[i + 2]), 0)
      let value = Lanes(Int16(source[i]), Int16(source[i + 1]), Int16(source[i + 2]), 0)
      left = (value &+ guess(left, up, corner)) & 0xff
      corner = up
      target[i] = UInt8(truncatingIfNeeded: left[0])
      target[i + 1] = UInt8(truncatingIfNeeded: left[1])
      target[i + 2] = UInt8(truncatingIfNeeded: left[2])
      i += 3
    }
  }

  /// All pixels but the first, four bytes each.
  @inline(__always)
  private static func fourWide(
    _ count: Int, _ source: UnsafePointer<UInt8>, _ above: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>,
    _ guess: (Lanes, Lanes, Lanes) -> Lanes
  ) {
    guard count >= 4 else { return }
    @inline(__always)
    func load(_ bytes: UnsafePointer<UInt8>, _ i: Int) -> Lanes {
      Lanes(truncatingIfNeeded: UnsafeRawPointer(bytes + i).loadUnaligned(as: SIMD4<UInt8>.self))
    }
    var left = load(target, 0), corner = load(above, 0)
    var i = 4
    while i + 3 < count {
      let up = load(above, i)
      left = (load(source, i) &+ guess(left, up, corner)) & 0xff
      corner = up
      UnsafeMutableRawPointer(target + i).storeBytes(of: SIMD4<UInt8>(truncatingIfNeeded: left), as: SIMD4<UInt8>.self)
      i += 4
    }
  }
}
