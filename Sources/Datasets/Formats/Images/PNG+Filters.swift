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
      case 3: pixels(3, count, source, above, target, left)
      case 4: pixels(4, count, source, above, target, left)
      default: for i in pixelBytes..<max(count, pixelBytes) { target[i] = source[i] &+ target[i - pixelBytes] }
      }
    case 2: for i in 0..<count { target[i] = source[i] &+ above[i] }
    case 3:
      for i in 0..<pixelBytes { target[i] = source[i] &+ above[i] >> 1 }
      switch pixelBytes {
      case 3: pixels(3, count, source, above, target, average)
      case 4: pixels(4, count, source, above, target, average)
      default:
        for i in pixelBytes..<max(count, pixelBytes) {
          let guess = average(Int32(target[i - pixelBytes]), Int32(above[i]), 0)
          target[i] = source[i] &+ UInt8(truncatingIfNeeded: guess)
        }
      }
    case 4:
      for i in 0..<pixelBytes { target[i] = source[i] &+ above[i] }
      switch pixelBytes {
      case 3: pixels(3, count, source, above, target, paeth)
      case 4: pixels(4, count, source, above, target, paeth)
      default:
        for i in pixelBytes..<max(count, pixelBytes) {
          let guess = paeth(Int32(target[i - pixelBytes]), Int32(above[i]), Int32(above[i - pixelBytes]))
          target[i] = source[i] &+ UInt8(truncatingIfNeeded: guess)
        }
      }
    default: return false
    }
    return true
  }

  @inline(__always)
  private static func left(_ left: Int32, _: Int32, _: Int32) -> Int32 { left }

  @inline(__always)
  private static func average(_ left: Int32, _ above: Int32, _: Int32) -> Int32 { (left &+ above) &>> 1 }

  /// Whichever of left, above and above to the left is nearest to `left + above - corner`.
  @inline(__always)
  private static func paeth(_ left: Int32, _ above: Int32, _ corner: Int32) -> Int32 {
    let fromLeft = above &- corner, fromAbove = left &- corner, fromCorner = fromLeft &+ fromAbove
    let a = magnitude(fromLeft), b = magnitude(fromAbove), c = magnitude(fromCorner)
    let aboveOrCorner = c < b ? corner : above, smaller = c < b ? c : b
    return smaller < a ? aboveOrCorner : left
  }

  @inline(__always)
  private static func magnitude(_ x: Int32) -> Int32 { max(x, 0 &- x) }

  /// All pixels but the first. The samples of a pixel do not wait for one another, so they are computed side by side.
  @inline(__always)
  private static func pixels(
    _ channels: Int, _ count: Int, _ source: UnsafePointer<UInt8>, _ above: UnsafePointer<UInt8>,
    _ target: UnsafeMutablePointer<UInt8>, _ guess: (Int32, Int32, Int32) -> Int32
  ) {
    var (left0, left1, left2) = (Int32(target[0]), Int32(target[1]), Int32(target[2]))
    var (corner0, corner1, corner2) = (Int32(above[0]), Int32(above[1]), Int32(above[2]))
    var (left3, corner3): (Int32, Int32) = channels == 4 ? (Int32(target[3]), Int32(above[3])) : (0, 0)
    var i = channels
    while i < count {
      let (up0, up1, up2) = (Int32(above[i]), Int32(above[i &+ 1]), Int32(above[i &+ 2]))
      left0 = (Int32(source[i]) &+ guess(left0, up0, corner0)) & 0xff
      left1 = (Int32(source[i &+ 1]) &+ guess(left1, up1, corner1)) & 0xff
      left2 = (Int32(source[i &+ 2]) &+ guess(left2, up2, corner2)) & 0xff
      target[i] = UInt8(truncatingIfNeeded: left0)
      target[i &+ 1] = UInt8(truncatingIfNeeded: left1)
      target[i &+ 2] = UInt8(truncatingIfNeeded: left2)
      (corner0, corner1, corner2) = (up0, up1, up2)
      if channels == 4 {
        let up3 = Int32(above[i &+ 3])
        left3 = (Int32(source[i &+ 3]) &+ guess(left3, up3, corner3)) & 0xff
        target[i &+ 3] = UInt8(truncatingIfNeeded: left3)
        corner3 = up3
      }
      i &+= channels
    }
  }
}
