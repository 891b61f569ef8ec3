/// What the symbols of deflate mean, as entries of a table.
enum DeflateSymbols {
  static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  static let lengths: [PrefixCode.Entry] = (0..<19).map { $0 << 16 }

  static let literals: [PrefixCode.Entry] = (0..<288).map { symbol in
    switch symbol {
    case 0..<256: return PrefixCode.isLiteral | PrefixCode.Entry(symbol) << 16
    case 256: return PrefixCode.isEnd
    case 257..<265: return PrefixCode.Entry(symbol - 254) << 16
    case 265..<285:
      let extra = (symbol - 261) / 4
      return PrefixCode.Entry(3 + (4 + (symbol - 261) % 4) << extra) << 16 | PrefixCode.Entry(extra) << 8
    case 285: return 258 << 16
    default: return 0  // never used: a length of zero
    }
  }

  static let distances: [PrefixCode.Entry] = (0..<32).map { symbol in
    guard symbol < 30 else { return 0 }
    guard symbol >= 4 else { return PrefixCode.Entry(symbol + 1) << 16 }
    let extra = symbol / 2 - 1
    return PrefixCode.Entry(1 + (2 + symbol % 2) << extra) << 16 | PrefixCode.Entry(extra) << 8
  }
}
