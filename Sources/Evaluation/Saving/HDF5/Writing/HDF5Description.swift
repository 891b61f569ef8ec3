import DeepSwiftDatasets
import DeepSwiftEngine

/// What describes the values: headers, tables of names, strings. Each part begins at a multiple of eight bytes.
struct HDF5Description {
  let start: Int
  let place: String
  var bytes: [UInt8] = []
  var strings = HDF5WrittenStrings()

  init(start: Int, place: String) { (self.start, self.place) = (start, place) }

  var end: Int { start + bytes.count }

  /// Appends a part; returns its address.
  mutating func append(_ part: [UInt8]) -> Int {
    let address = end
    bytes += part
    bytes += [UInt8](repeating: 0, count: (8 - part.count % 8) % 8)
    return address
  }

  mutating func append(_ header: HDF5WrittenHeader) throws -> Int { append(try header.bytes(place: place)) }
}

// MARK: - The names in a group

extension HDF5Description {
  struct Entry {
    var name: String
    var header: Int
    var group: HDF5Writer.GroupPlace?
  }

  /// Twice the numbers in the superblock.
  private static let tableLength = 8
  private static let nodeLength = 32

  /// A heap with the names, tables of them in order, and a tree over the tables.
  mutating func appendSymbolTable(_ entries: [Entry]) -> (tree: Int, heap: Int) {
    let entries = entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    // The empty name comes first: it is what the tree's first key points to.
    var names = [UInt8](repeating: 0, count: 8)
    var offsets: [Int] = []
    for entry in entries {
      offsets.append(names.count)
      names += entry.name.utf8
      names += [UInt8](repeating: 0, count: 8 - entry.name.utf8.count % 8)
    }
    var heap = Array("HEAP".utf8) + [0, 0, 0, 0]
    heap.append(littleEndian: names.count)
    heap.append(littleEndian: 1)  // no free space
    heap.append(littleEndian: end + 32)
    let heapAddress = append(heap + names)

    var nodes: [Node] = []
    for first in stride(from: 0, to: entries.count, by: HDF5Description.tableLength) {
      let range = first..<min(entries.count, first + HDF5Description.tableLength)
      var table = Array("SNOD".utf8) + [1, 0]
      table.append(littleEndian: UInt16(range.count))
      for i in range {
        table += HDF5Description.entry(nameOffset: offsets[i], header: entries[i].header, group: entries[i].group)
      }
      table += [UInt8](repeating: 0, count: 8 + HDF5Description.tableLength * 40 - table.count)
      nodes.append(Node(address: append(table), lastName: offsets[range.last ?? first]))
    }
    return (appendTree(nodes), heapAddress)
  }

  /// A table or node, and the last name in it or below.
  private struct Node {
    var address: Int
    var lastName: Int
  }

  private mutating func appendTree(_ tables: [Node]) -> Int {
    let length = HDF5Description.nodeLength
    var (children, level) = (tables, UInt8(0))
    while true {
      var nodes: [Node] = []
      let nodeSize = 24 + length * 16 + 8
      let start = end
      let count = max(1, (children.count + length - 1) / length)
      for number in 0..<count {
        let own = children[number * length..<min(children.count, (number + 1) * length)]
        var node = Array("TREE".utf8) + [0, level]
        node.append(littleEndian: UInt16(own.count))
        node.append(littleEndian: number > 0 ? start + (number - 1) * nodeSize : -1)
        node.append(littleEndian: number < count - 1 ? start + (number + 1) * nodeSize : -1)
        // A key before the first child, and one after each.
        node.append(littleEndian: number > 0 ? children[number * length - 1].lastName : 0)
        for child in own {
          node.append(littleEndian: child.address)
          node.append(littleEndian: child.lastName)
        }
        node += [UInt8](repeating: 0, count: nodeSize - node.count)
        nodes.append(Node(address: append(node), lastName: own.last?.lastName ?? 0))
      }
      if nodes.count == 1 { return nodes[0].address }
      (children, level) = (nodes, level + 1)
    }
  }

  /// 40 bytes of a table: the name, the object, and for a group what its header says again.
  static func entry(nameOffset: Int, header: Int, group: HDF5Writer.GroupPlace?) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in [nameOffset, header, group == nil ? 0 : 1, group?.tree ?? 0, group?.heap ?? 0] {
      bytes.append(littleEndian: number)
    }
    return bytes
  }
}
