import CZlib
import DeepSwiftEngine

/// The `count` bytes that a zlib stream, cut into `parts`, was compressed from.
///
/// It does what zlib does for streams whose size is known, in less than half of the time: input and output lie in one piece with
/// room behind them, so that eight bytes can be read and written at once everywhere. Damaged input is an error; more output than
/// `count` is not, and is left out.
package func inflated(parts: [ArraySlice<UInt8>], count: Int, place: String) throws -> [UInt8] {
  let length = parts.reduce(0) { $0 + $1.count }
  var source: [UInt8] = []
  source.reserveCapacity(length + Inflater.margin)
  for part in parts { source += part }
  source += [UInt8](repeating: 0, count: Inflater.margin)
  return try [UInt8](unsafeUninitializedCapacity: count + Inflater.margin) { target, initialized in
    let fault = source.withUnsafeBufferPointer { source -> Inflater.Fault? in
      guard let from = source.baseAddress, let to = target.baseAddress else { return .cut }
      var inflater = Inflater(from, length, to, count)
      defer { inflater.deallocate() }
      return inflater.run()
    }
    switch fault {
    case nil: initialized = count
    case .cut: throw ModelError.damaged(place, "is cut off: its compressed data end after \(length) bytes")
    case .short(let done): throw ModelError.damaged(place, "is cut off: it unpacks to \(done) bytes, expected \(count)")
    case .damaged: throw ModelError.damaged(place, "has damaged compressed data")
    case .checksum: throw ModelError.damaged(place, "is damaged: the checksum of its compressed data is wrong")
    }
  }
}

/// Deflate (RFC 1951) within a zlib stream (RFC 1950).
private struct Inflater {
  enum Fault { case cut, damaged, checksum, short(Int) }

  /// Bytes behind input and output that may be touched: a match is 258 bytes at most.
  static let margin = 320

  private var source: UnsafePointer<UInt8>
  private let sourceEnd: UnsafePointer<UInt8>
  private let start: UnsafeMutablePointer<UInt8>
  private var target: UnsafeMutablePointer<UInt8>
  private let end: UnsafeMutablePointer<UInt8>
  /// The next bits of the input, and how many of them count.
  private var bits: UInt64 = 0
  private var bitCount: UInt64 = 0
  private let literals = PrefixCode(rootBits: 11, symbols: 288)
  private let distances = PrefixCode(rootBits: 8, symbols: 32)
  private let lengths = PrefixCode(rootBits: 7, symbols: 19)

  init(_ source: UnsafePointer<UInt8>, _ length: Int, _ target: UnsafeMutablePointer<UInt8>, _ count: Int) {
    (self.source, sourceEnd) = (source, source + length)
    (start, self.target, end) = (target, target, target + count)
  }

  func deallocate() {
    literals.deallocate()
    distances.deallocate()
    lengths.deallocate()
  }

  mutating func run() -> Fault? {
    guard sourceEnd - source >= 6 else { return .cut }
    let header = Int(source[0]) << 8 | Int(source[1])
    guard source[0] & 15 == 8, source[0] >> 4 <= 7, header % 31 == 0, source[1] & 0x20 == 0 else { return .damaged }
    source += 2
    var isLast = false
    while !isLast {
      refill()
      isLast = take(1) == 1
      let fault: Fault?
      switch take(2) {
      case 0: fault = stored()
      case 1: fault = coded(fixed: true)
      case 2: fault = coded(fixed: false)
      default: fault = .damaged
      }
      if let fault { return fault }
      // More than was asked for: the rest is not looked at.
      if target > end || isFull { return nil }
      guard source - Int(bitCount >> 3) <= sourceEnd else { return .cut }
    }
    source -= Int(bitCount >> 3)
    guard target == end else { return .short(target - start) }
    guard sourceEnd - source >= 4 else { return .cut }
    let expected = UnsafeBufferPointer(start: source, count: 4).reduce(0) { $0 << 8 | UInt($1) }
    return adler32_z(1, start, end - start) == expected ? nil : .checksum
  }

  /// Whether a match was cut because it led beyond the end.
  private var isFull = false

  /// At least 56 bits are there afterwards.
  @inline(__always)
  private mutating func refill() {
    bits |= UnsafeRawPointer(source).loadUnaligned(as: UInt64.self).littleEndian &<< bitCount
    source += Int((63 &- bitCount) &>> 3)
    bitCount |= 56
  }

  @inline(__always)
  private mutating func drop(_ count: UInt64) {
    bits &>>= count
    bitCount &-= count
  }

  @inline(__always)
  private mutating func take(_ count: UInt64) -> Int {
    let value = Int(truncatingIfNeeded: bits & (1 &<< count &- 1))
    drop(count)
    return value
  }

  /// Whether input that is not there was used; what stands behind the end are zeros.
  @inline(__always)
  private var isBeyondEnd: Bool { source > sourceEnd + 16 }

  private mutating func stored() -> Fault? {
    drop(bitCount & 7)
    source -= Int(bitCount >> 3)
    (bits, bitCount) = (0, 0)
    guard sourceEnd - source >= 4 else { return .cut }
    let count = Int(source[0]) | Int(source[1]) << 8, check = Int(source[2]) | Int(source[3]) << 8
    guard count ^ check == 0xffff else { return .damaged }
    source += 4
    guard sourceEnd - source >= count else { return .cut }
    isFull = count > end - target
    let room = min(count, end - target)
    target.update(from: source, count: room)
    source += count
    target += room
    return nil
  }

  private mutating func coded(fixed: Bool) -> Fault? {
    if let fault = fixed ? fixedCodes() : dynamicCodes() { return fault }
    let literals = literals.entries, distances = distances.entries
    // A copy without a home in memory: what changes with every symbol stays in registers.
    var state = self
    defer { self = state }
    while true {
      state.refill()
      if state.isBeyondEnd { return .cut }
      if state.target > state.end { return nil }
      var entry = literals[state.root]
      // Literals come in runs. Four looks take 44 bits at most, and there are 56.
      if entry & PrefixCode.isLiteral != 0 {
        state.put(entry)
        entry = literals[state.root]
        if entry & PrefixCode.isLiteral != 0 {
          state.put(entry)
          entry = literals[state.root]
          if entry & PrefixCode.isLiteral != 0 {
            state.put(entry)
            entry = literals[state.root]
            if entry & PrefixCode.isLiteral != 0 {
              state.put(entry)
              continue
            }
          }
        }
        state.refill()
      }
      if entry & PrefixCode.isLink != 0 {
        entry = literals[state.linked(entry)]
        if entry & PrefixCode.isLiteral != 0 {
          state.put(entry)
          continue
        }
      }
      guard entry & 0xff != 0 else { return .damaged }
      state.drop(UInt64(entry & 0xff))
      if entry & PrefixCode.isEnd != 0 { return nil }
      let length = Int(entry >> 16) &+ state.take(UInt64(entry >> 8 & 31))
      guard length > 0 else { return .damaged }

      entry = distances[Int(truncatingIfNeeded: state.bits & 255)]
      if entry & PrefixCode.isLink != 0 { entry = distances[state.linked(entry)] }
      guard entry & 0xff != 0 else { return .damaged }
      state.drop(UInt64(entry & 0xff))
      let distance = Int(entry >> 16) &+ state.take(UInt64(entry >> 8 & 31))
      guard distance > 0, distance <= state.target - state.start else { return .damaged }
      if state.end - state.target < length {
        guard state.target <= state.end else { return nil }
        state.copy(state.end - state.target, distance)
        state.isFull = true
        return nil
      }
      state.copy(length, distance)
    }
  }

  /// The place of the next code in the first table.
  @inline(__always)
  private var root: Int { Int(truncatingIfNeeded: bits & 2047) }

  /// Writes the one or two literals of an entry.
  @inline(__always)
  private mutating func put(_ entry: PrefixCode.Entry) {
    drop(UInt64(entry & 0xff))
    UnsafeMutableRawPointer(target).storeBytes(of: UInt16(truncatingIfNeeded: entry >> 16).littleEndian, as: UInt16.self)
    target += 1 &+ Int(entry >> 8 & 1)
  }

  /// Where in the second table an entry of the first leads to.
  @inline(__always)
  private func linked(_ entry: PrefixCode.Entry) -> Int {
    let rest = bits &>> UInt64(entry & 0xff) & (1 &<< UInt64(entry >> 8 & 31) &- 1)
    return Int(entry >> 16) &+ Int(truncatingIfNeeded: rest)
  }

  /// Repeats what was written `distance` bytes before; up to 15 bytes behind the end are touched.
  @inline(__always)
  private mutating func copy(_ length: Int, _ distance: Int) {
    let last = target + length
    var from = UnsafePointer(target - distance)
    if distance >= 8 {
      repeat {
        let word = UnsafeRawPointer(from).loadUnaligned(as: UInt64.self)
        UnsafeMutableRawPointer(target).storeBytes(of: word, as: UInt64.self)
        from += 8
        target += 8
      } while target < last
    } else if distance == 1 {
      target.update(repeating: from.pointee, count: length)
    } else {
      while target < last {
        target.pointee = from.pointee
        from += 1
        target += 1
      }
    }
    target = last
  }

  private func fixedCodes() -> Fault? {
    var lengths = [UInt8](repeating: 8, count: 288)
    for symbol in 144..<256 { lengths[symbol] = 9 }
    for symbol in 256..<280 { lengths[symbol] = 7 }
    let areFine =
      DeflateSymbols.literals.withUnsafeBufferPointer { literals.build(lengths, $0, count: 288) }
      && DeflateSymbols.distances.withUnsafeBufferPointer { distances.build([UInt8](repeating: 5, count: 32), $0, count: 32) }
    guard areFine else { return .damaged }
    literals.joinLiterals()
    return nil
  }

  private mutating func dynamicCodes() -> Fault? {
    let literalCount = take(5) + 257, distanceCount = take(5) + 1, lengthCount = take(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else { return .damaged }
    var own = [UInt8](repeating: 0, count: 19)
    for place in 0..<lengthCount {
      refill()
      own[DeflateSymbols.lengthOrder[place]] = UInt8(take(3))
    }
    guard DeflateSymbols.lengths.withUnsafeBufferPointer({ lengths.build(own, $0, count: 19) }) else { return .damaged }
    var all = [UInt8](repeating: 0, count: literalCount + distanceCount)
    var place = 0
    while place < all.count {
      refill()
      if isBeyondEnd { return .cut }
      let entry = lengths.entries[Int(truncatingIfNeeded: bits & 127)]
      guard entry & 0xff != 0 else { return .damaged }
      drop(UInt64(entry & 0xff))
      let symbol = Int(entry >> 16)
      guard symbol > 15 else {
        all[place] = UInt8(symbol)
        place += 1
        continue
      }
      guard symbol != 16 || place > 0 else { return .damaged }
      let value = symbol == 16 ? all[place - 1] : 0
      let times = symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7)
      guard times <= all.count - place else { return .damaged }
      for _ in 0..<times {
        all[place] = value
        place += 1
      }
    }
    // A block without an end could not be left.
    guard all[256] > 0 else { return .damaged }
    let areFine = all.withUnsafeBufferPointer { all -> Bool in
      guard let all = all.baseAddress else { return false }
      return DeflateSymbols.literals.withUnsafeBufferPointer { literals.build(all, $0, count: literalCount) }
        && DeflateSymbols.distances.withUnsafeBufferPointer { distances.build(all + literalCount, $0, count: distanceCount) }
    }
    guard areFine else { return .damaged }
    literals.joinLiterals()
    return nil
  }
}
