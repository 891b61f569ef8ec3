/// A function that exported programs may need, as text: only those that a program calls stand in it.
struct SwiftFunction {
  /// The name, by which calls find it.
  let name: String
  let text: String
}

extension SwiftFunction {
  /// All of them, those that others are made of first.
  static let all = helpers + elementwise + products + windows + arrangements + reductions

  /// Those that a text calls, and those that they call, in the order of `all`.
  static func called(in text: String) -> [SwiftFunction] {
    var found: Set<String> = [], ahead = [text]
    while let text = ahead.popLast() {
      for function in all where !found.contains(function.name) && text.calls(function.name) {
        found.insert(function.name)
        ahead.append(function.text)
      }
    }
    return all.filter { found.contains($0.name) }
  }

  /// What stands in every exported program.
  static let base = """
    /// Numbers and their shape. Images are [height, width, channels].
    private struct Values {
      var shape: [Int]
      var numbers: [Float]

      init(_ shape: [Int], _ numbers: [Float]) { (self.shape, self.numbers) = (shape, numbers) }

      /// How far apart neighbours along each axis lie, over the axes of a longer shape: 0 where numbers are repeated.
      func strides(over shape: [Int]) -> [Int] {
        var stride = numbers.count, strides = [Int](repeating: 0, count: shape.count - self.shape.count)
        for length in self.shape {
          stride /= length
          strides.append(length == 1 ? 0 : stride)
        }
        return strides
      }

      /// A function of each number.
      func map(_ function: (Float) -> Float) -> Values { Values(shape, numbers.map(function)) }
    }

    """

  private static let helpers = [
    SwiftFunction(
      name: "stored",
      text: """
        /// Floats as base64, the lowest byte of each first.
        private func stored(_ shape: [Int], _ text: StaticString) -> Values {
          var numbers: [Float] = []
          numbers.reserveCapacity(shape.reduce(1, *))
          var bits: UInt32 = 0, bitCount: UInt32 = 0, word: UInt32 = 0, wordBits: UInt32 = 0
          for letter in UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount) {
            switch letter {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): bits = bits << 6 | UInt32(letter - 65)
            case UInt8(ascii: "a")...UInt8(ascii: "z"): bits = bits << 6 | UInt32(letter - 71)
            case UInt8(ascii: "0")...UInt8(ascii: "9"): bits = bits << 6 | UInt32(letter + 4)
            case UInt8(ascii: "+"): bits = bits << 6 | 62
            case UInt8(ascii: "/"): bits = bits << 6 | 63
            default: continue
            }
            bitCount += 6
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            word |= (bits >> bitCount & 255) << wordBits
            wordBits += 8
            if wordBits == 32 {
              numbers.append(Float(bitPattern: word))
              (word, wordBits) = (0, 0)
            }
          }
          return Values(shape, numbers)
        }

        """),
    SwiftFunction(
      name: "placed",
      text: """
        /// Numbers that lie at other places: from `start`, with steps along each axis.
        private func placed(_ x: Values, _ shape: [Int], steps: [Int], start: Int = 0) -> Values {
          var place = start, index = [Int](repeating: 0, count: shape.count)
          var numbers: [Float] = []
          numbers.reserveCapacity(shape.reduce(1, *))
          for _ in 0..<shape.reduce(1, *) {
            numbers.append(x.numbers[place])
            var axis = shape.count - 1
            while axis >= 0 {
              index[axis] += 1
              place += steps[axis]
              if index[axis] < shape[axis] { break }
              place -= index[axis] * steps[axis]
              index[axis] = 0
              axis -= 1
            }
          }
          return Values(shape, numbers)
        }

        """),
    SwiftFunction(
      name: "combined",
      text: """
        /// A function of the numbers of two, of which one may be repeated along some axes.
        private func combined(_ a: Values, _ b: Values, _ function: (Float, Float) -> Float) -> Values {
          if a.shape == b.shape { return Values(a.shape, zip(a.numbers, b.numbers).map(function)) }
          if a.shape.suffix(b.shape.count) == b.shape[...] {
            let count = b.numbers.count
            return Values(a.shape, a.numbers.indices.map { function(a.numbers[$0], b.numbers[$0 % count]) })
          }
          let shape = common(a.shape, b.shape)
          let (left, right) = (spread(a, shape), spread(b, shape))
          return Values(shape, zip(left.numbers, right.numbers).map(function))
        }

        """),
    SwiftFunction(
      name: "spread",
      text: """
        /// Numbers, repeated along the axes of a longer shape.
        private func spread(_ x: Values, _ shape: [Int]) -> Values {
          x.shape == shape ? x : placed(x, shape, steps: x.strides(over: shape))
        }

        """),
    SwiftFunction(
      name: "common",
      text: """
        /// The shape that two are broadcast to, axis by axis from the end.
        private func common(_ a: [Int], _ b: [Int]) -> [Int] {
          let count = max(a.count, b.count)
          let left = [Int](repeating: 1, count: count - a.count) + a, right = [Int](repeating: 1, count: count - b.count) + b
          return zip(left, right).map { $0 == 1 ? $1 : $0 }
        }

        """),
  ]
}

extension String {
  /// Whether a function of that name is called: methods and longer names do not count.
  fileprivate func calls(_ name: String) -> Bool {
    ranges(of: "\(name)(").contains { range in
      guard range.lowerBound > startIndex else { return true }
      let before = self[index(before: range.lowerBound)]
      return !before.isLetter && !before.isNumber && before != "."
    }
  }
}
