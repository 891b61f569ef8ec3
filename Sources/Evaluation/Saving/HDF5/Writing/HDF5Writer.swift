import DeepSwiftDatasets
import DeepSwiftEngine

/// Lays out a file as h5py does by default: a superblock of version 0, groups with symbol tables, contiguous data.
///
/// Values come first, right behind the superblock, then everything that describes them, members before their groups and the
/// root last. So each address is known when it is written.
struct HDF5Writer {
  let place: String
  private let root: HDF5Group
  private var values: HDF5WrittenValues
  var description: HDF5Description

  init(_ root: HDF5Group, place: String) throws {
    (self.root, self.place) = (root, place)
    values = HDF5WrittenValues(start: HDF5Superblock.writtenSize)
    let end = try HDF5Superblock.writtenSize + HDF5Writer.valueSize(.group(root), depth: 0, place)
    description = HDF5Description(start: (end + 7) / 8 * 8, place: place)
  }

  mutating func pieces() throws -> [FilePiece] {
    let place = try write(root, path: "")
    description.finishStrings()
    values.pad(to: description.start)
    let superblock = HDF5Superblock.written(root: place, end: description.end)
    return [.bytes(superblock)] + values.pieces + [.bytes(description.bytes)]
  }

  /// Where the parts of a written group are.
  struct GroupPlace {
    var header, tree, heap: Int
  }

  private mutating func write(_ group: HDF5Group, path: String) throws -> GroupPlace {
    var entries: [HDF5Description.Entry] = []
    for (name, member) in group.members {
      guard !name.isEmpty, name != ".", !name.utf8.contains(0), !name.contains("/") else {
        throw ModelError(.file, at: place, "\(path)/ cannot hold the name \"\(name)\": names are not empty and have no slash")
      }
      switch member {
      case .group(let group):
        let place = try write(group, path: "\(path)/\(name)")
        entries.append(.init(name: name, header: place.header, group: place))
      case .dataset(let dataset):
        entries.append(.init(name: name, header: try write(dataset, path: "\(path)/\(name)")))
      }
    }
    let (tree, heap) = description.appendSymbolTable(entries)
    var header = HDF5WrittenHeader(path: path)
    header.add(.symbolTable) {
      $0.append(littleEndian: tree)
      $0.append(littleEndian: heap)
    }
    try header.add(group.attributes, &description)
    return GroupPlace(header: try description.append(header), tree: tree, heap: heap)
  }

  private mutating func write(_ dataset: HDF5Dataset, path: String) throws -> Int {
    let address = try values.append(dataset, path: path, &description)
    var header = HDF5WrittenHeader(path: path)
    header.add(.dataspace) { $0 += HDF5Dataspace.written(dataset.shape) }
    let type = try dataset.type.written(place: "\(place), \(path)")
    header.add(.datatype) { $0 += type }
    // Version 2; room is made late, nothing is filled before it is written; the value is zero.
    header.add(.fillValue) { $0 += [2, 2, 2, 1, 0, 0, 0, 0] }
    header.add(.layout) {
      $0 += [3, 1]
      $0.append(littleEndian: address ?? -1)
      $0.append(littleEndian: dataset.count * dataset.type.writtenSize)
    }
    try header.add(dataset.attributes, &description)
    return try description.append(header)
  }

  /// The bytes of all values in a tree.
  private static func valueSize(_ member: HDF5Member, depth: Int, _ place: String) throws -> Int {
    switch member {
    case .dataset(let dataset): return dataset.count * dataset.type.writtenSize
    case .group(let group):
      guard depth < 100 else { throw ModelError(.file, at: place, "would have groups inside groups more than 100 deep") }
      return try group.members.reduce(0) { try $0 + valueSize($1.member, depth: depth + 1, place) }
    }
  }
}

extension HDF5Superblock {
  static let writtenSize = 96

  static func written(root: HDF5Writer.GroupPlace, end: Int) -> [UInt8] {
    var bytes = HDF5.signature
    // Versions; 8 bytes for addresses and lengths; half of what nodes of tables and of trees hold; no flags.
    bytes += [0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0, 0, 0, 0, 0]
    for address in [0, -1, end, -1] { bytes.append(littleEndian: address) }
    bytes += HDF5Description.entry(nameOffset: 0, header: root.header, group: root)
    return bytes
  }
}
