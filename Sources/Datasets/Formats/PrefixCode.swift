/// A prefix code as a table: the next bits of the input, looked up, tell the symbol and how many of them it took.
///
/// Codes of up to `rootBits` bits are found at once; longer ones in a second table that an entry of the first points at.
struct PrefixCode {
  /// An entry: bits 0–7 how many bits the code has, 8–12 how many more follow it, 13–15 what it is, 16–31 its value. In a
  /// literal, bit 8 says whether there are two of them.
  typealias Entry = UInt32

  static let isLiteral: Entry = 1 << 15
  static let isEnd: Entry = 1 << 14
  static let isLink: Entry = 1 << 13

  let rootBits: Int
  let entries: UnsafeMutablePointer<Entry>

  /// - Parameter symbols: the most symbols that the code will have.
  init(rootBits: Int, symbols: Int) {
    self.rootBits = rootBits
    // A second table belongs to two codes or more, and has 15 - rootBits bits at most.
    entries = .allocate(capacity: (1 << rootBits) + (symbols / 2 + 1) * (1 << (15 - rootBits)))
  }

  func deallocate() { entries.deallocate() }

  /// Builds the canonical code in which symbol `i` has `lengths[i]` bits. `false` if there is none.
  ///
  /// - Parameter meaning: the entry of each symbol, but for the length of its code.
  func build(_ lengths: UnsafePointer<UInt8>, _ meaning: UnsafeBufferPointer<Entry>, count: Int) -> Bool {
    var counts = [Int](repeating: 0, count: 16)
    for symbol in 0..<count { counts[Int(lengths[symbol])] += 1 }
    counts[0] = 0
    // What of the room of all codes is left: none, or the code is not complete.
    var left = 1
    for length in 1...15 {
      left = left << 1 - counts[length]
      if left < 0 { return false }
    }
    let used = counts.reduce(0, +)
    let longest = counts.lastIndex { $0 > 0 } ?? 0
    // A single code of one bit may stand alone, and a block without matches needs no distances.
    guard left == 0 || used == 0 || used == 1 && longest == 1 else { return false }
    if left > 0 { entries.initialize(repeating: 0, count: 1 << rootBits) }

    var starts = [Int](repeating: 0, count: 17)
    for length in 1...15 { starts[length + 1] = starts[length] + counts[length] }
    var sorted = [Int](repeating: 0, count: used)
    for symbol in 0..<count where lengths[symbol] > 0 {
      sorted[starts[Int(lengths[symbol])]] = symbol
      starts[Int(lengths[symbol])] += 1
    }

    var (code, length, end, link, linkBits) = (0, 1, 1 << rootBits, -1, 0)
    for symbol in sorted {
      while length < Int(lengths[symbol]) {
        code <<= 1
        length += 1
      }
      // Codes are written from their highest bit on, numbers from their lowest.
      let bits = PrefixCode.reversed(code, length), entry = meaning[symbol] | Entry(length)
      if length <= rootBits {
        fill(entries, from: bits, step: 1 << length, to: 1 << rootBits, entry)
      } else {
        let root = bits & (1 << rootBits - 1)
        if root != link {
          link = root
          linkBits = length - rootBits
          var room = 1 << linkBits
          while rootBits + linkBits < longest {
            room -= counts[rootBits + linkBits]
            if room <= 0 { break }
            linkBits += 1
            room <<= 1
          }
          entries[root] = PrefixCode.isLink | Entry(end) << 16 | Entry(linkBits) << 8 | Entry(rootBits)
          end += 1 << linkBits
        }
        fill(entries + (end - 1 << linkBits), from: bits >> rootBits, step: 1 << (length - rootBits), to: 1 << linkBits, entry)
      }
      counts[length] -= 1
      code += 1
    }
    return true
  }

  /// Where the bits of a look have room for two literals, both are found by it.
  func joinLiterals() {
    // The second literal of a place stands at a lower one, which must still be single.
    for place in stride(from: 1 << rootBits - 1, through: 0, by: -1) {
      let first = entries[place], length = first & 0xff
      guard first & PrefixCode.isLiteral != 0 else { continue }
      let second = entries[place >> Int(length)]
      guard second & PrefixCode.isLiteral != 0, second & 0x100 == 0, length + second & 0xff <= rootBits else { continue }
      entries[place] =
        PrefixCode.isLiteral | 0x100 | (length + second & 0xff) | first & 0xff_0000 | (second & 0xff_0000) << 8
    }
  }

  private func fill(_ table: UnsafeMutablePointer<Entry>, from first: Int, step: Int, to end: Int, _ entry: Entry) {
    var place = first
    while place < end {
      table[place] = entry
      place += step
    }
  }

  private static func reversed(_ code: Int, _ length: Int) -> Int {
    var (bits, rest) = (0, code)
    for _ in 0..<length {
      bits = bits << 1 | rest & 1
      rest >>= 1
    }
    return bits
  }
}
