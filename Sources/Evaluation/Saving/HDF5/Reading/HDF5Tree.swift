import DeepSwiftEngine

/// Reads the tree of groups, without the values of data sets.
final class HDF5Tree {
  private let reader: HDF5Reader
  private let heap: HDF5GlobalHeap
  /// Objects by address: several names may lead to one.
  private var found: [Int: Found] = [:]
  /// The groups that are being read, from the root down.
  private var path: Set<Int> = []

  private enum Object {
    case member(HDF5Member)
    case refused(String)
  }

  /// What an object holds counts as often as there are ways to it: whoever walks over the tree meets it so often.
  private struct Found {
    var object: Object
    var objects = 1
    var bytes = 0
  }

  init(_ reader: HDF5Reader) {
    self.reader = reader
    heap = HDF5GlobalHeap(reader)
  }

  func root() throws -> HDF5Group {
    guard case .member(.group(let group)) = try object(at: reader.file.superblock.root).object else {
      throw reader.damaged("its root is not a group")
    }
    return group
  }

  private func object(at address: Int) throws -> Found {
    if let known = found[address] { return known }
    guard !path.contains(address) else { throw reader.damaged("a group holds itself") }
    guard path.count < 100 else { throw reader.unsupported("has groups inside groups more than 100 deep") }
    path.insert(address)
    defer { path.remove(address) }

    let header = try HDF5ObjectHeader(at: address, reader)
    let result: Found
    if header.first(.symbolTable) != nil || header.first(.linkInfo) != nil || header.first(.link) != nil {
      result = try group(header)
    } else if header.first(.layout) != nil {
      var dataset = try HDF5StoredData.dataset(header, reader)
      dataset.attributes = try attributes(header)
      result = Found(object: .member(.dataset(dataset)), bytes: dataset.storedSize)
    } else if header.first(.dataspace) == nil, header.first(.datatype) != nil {
      result = Found(object: .refused("is a named type, which is not read"))
    } else if header.messages.allSatisfy({ [.groupInfo, .attribute, .attributeInfo].contains($0.kind) }) {
      throw reader.damaged("an object at byte \(address) is neither group nor data set")
    } else {
      throw reader.damaged("an object at byte \(address) lacks what a data set needs")
    }
    found[address] = result
    return result
  }

  private func group(_ header: HDF5ObjectHeader) throws -> Found {
    let place = reader.place
    defer { reader.place = place }
    let prefix = place == reader.file.place ? "\(place), " : place
    var group = HDF5Group(attributes: try attributes(header))
    group.place = place
    var (objects, bytes) = (1, 0)
    for link in try HDF5Links(header, reader).links {
      // What error messages show is limited, as everything else.
      reader.place = "\(prefix)/\(link.name.prefix(200))"
      guard group[link.name] == nil, group.refused[link.name] == nil else {
        throw reader.damaged("there are two of that name")
      }
      switch link.target {
      case .refused(let reason): group.refused[link.name] = reason
      case .object(let address):
        let next = try object(at: address)
        objects += next.objects
        bytes += next.bytes
        guard objects <= max(1 << 16, reader.file.bytes.count), bytes <= reader.file.allowance else {
          throw reader.damaged("it shares its contents without measure")
        }
        switch next.object {
        case .member(let member): group[link.name] = member
        case .refused(let reason): group.refused[link.name] = reason
        }
      }
    }
    return Found(object: .member(.group(group)), objects: objects, bytes: bytes)
  }

  private func attributes(_ header: HDF5ObjectHeader) throws -> [String: HDF5Attribute] {
    var attributes: [String: HDF5Attribute] = [:]
    for message in try HDF5StoredAttribute.messages(of: header, reader) {
      let (name, value) = try HDF5StoredAttribute.read(message, heap)
      attributes[name] = value
    }
    return attributes
  }
}
