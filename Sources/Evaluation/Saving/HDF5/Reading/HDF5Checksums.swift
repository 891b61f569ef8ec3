/// Bob Jenkins' lookup3, the checksum of structures.
func lookup3(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
  func rotated(_ x: UInt32, _ k: UInt32) -> UInt32 { x << k | x >> (32 - k) }
  var a = 0xdead_beef &+ UInt32(truncatingIfNeeded: bytes.count)
  var (b, c) = (a, a)
  /// The four bytes at `position`; zeros follow the last one.
  func word(_ position: Int) -> UInt32 {
    if position + 4 <= bytes.count {
      return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
    }
    return (position..<max(position, bytes.count)).reduce(0) { $0 | UInt32(bytes[$1]) << UInt32(8 * ($1 - position)) }
  }
  var position = 0
  while bytes.count - position > 12 {
    a = a &+ word(position)
    b = b &+ word(position + 4)
    c = c &+ word(position + 8)
    a = (a &- c) ^ rotated(c, 4)
    c = c &+ b
    b = (b &- a) ^ rotated(a, 6)
    a = a &+ c
    c = (c &- b) ^ rotated(b, 8)
    b = b &+ a
    a = (a &- c) ^ rotated(c, 16)
    c = c &+ b
    b = (b &- a) ^ rotated(a, 19)
    a = a &+ c
    c = (c &- b) ^ rotated(b, 4)
    b = b &+ a
    position += 12
  }
  if position == bytes.count { return c }
  a = a &+ word(position)
  b = b &+ word(position + 4)
  c = c &+ word(position + 8)
  c = (c ^ b) &- rotated(b, 14)
  a = (a ^ c) &- rotated(c, 11)
  b = (b ^ a) &- rotated(a, 25)
  c = (c ^ b) &- rotated(b, 16)
  a = (a ^ c) &- rotated(c, 4)
  b = (b ^ a) &- rotated(a, 14)
  c = (c ^ b) &- rotated(b, 24)
  return c
}

/// Fletcher's checksum over words of 16 bits, as HDF5's filter has it: highest byte first.
func fletcher32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
  var (low, high): (UInt32, UInt32) = (0, 0)
  var position = 0
  while position + 1 < bytes.count {
    // So many words that the sums cannot overflow.
    let end = min(bytes.count - 1, position + 720)
    while position < end {
      low += UInt32(bytes[position]) << 8 | UInt32(bytes[position + 1])
      high += low
      position += 2
    }
    low = low & 0xffff + low >> 16
    high = high & 0xffff + high >> 16
  }
  if position < bytes.count {
    low += UInt32(bytes[position]) << 8
    high += low
    low = low & 0xffff + low >> 16
    high = high & 0xffff + high >> 16
  }
  low = low & 0xffff + low >> 16
  high = high & 0xffff + high >> 16
  return high << 16 | low
}
