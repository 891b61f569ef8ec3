/// The names in a group and what they lead to.
struct HDF5Links {
  struct Link {
    enum Target {
      case object(Int)
      case refused(String)
    }

    var name: String
    var target: Target
    /// When it was made, if the group kept count.
    var order: Int?
  }

  private(set) var links: [Link] = []

  init(_ header: HDF5ObjectHeader, _ reader: HDF5Reader) throws {
    if var table = header.first(.symbolTable)?.body {
      links = try HDF5SymbolTable(tree: table.neededAddress(), heap: table.neededAddress(), reader).links
    }
    for message in header.all(.link) { links.append(try HDF5Links.link(message.body)) }
    if let info = header.first(.linkInfo)?.body { try readDense(info, reader) }
    if links.allSatisfy({ $0.order != nil }) {
      links.sort { $0.order! < $1.order! }
    } else {
      links.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
  }

  /// Many links lie in a heap, and a tree knows where in it.
  private mutating func readDense(_ info: HDF5Block, _ reader: HDF5Reader) throws {
    var info = info
    _ = try info.expectVersion(0...0)
    if try info.integer(1) & 1 != 0 { _ = try info.take(8) }
    guard let heapAddress = try info.address() else { return }
    let heap = try HDF5FractalHeap(at: heapAddress, reader)
    let tree = try HDF5Tree2(at: info.neededAddress(), reader)
    guard tree.kind == 5 else { throw reader.damaged("the links of a group are indexed by a tree of kind \(tree.kind)") }
    for var record in tree.records {
      _ = try record.take(4)  // a hash of the name
      links.append(try HDF5Links.link(heap.object(&record)))
    }
  }

  static func link(_ body: HDF5Block) throws -> Link {
    var body = body
    _ = try body.expectVersion(1...1)
    let flags = try body.integer(1)
    let kind = flags & 8 == 0 ? 0 : try body.integer(1)
    let order = flags & 4 == 0 ? nil : try body.integer(8)
    if flags & 16 != 0 { _ = try body.take(1) }  // ASCII, which is UTF-8, or UTF-8
    let name = String(decoding: try body.take(body.integer(1 << (flags & 3))), as: UTF8.self)
    switch kind {
    case 0: return Link(name: name, target: .object(try body.neededAddress()), order: order)
    case 1:
      let path = try body.text(body.integer(2))
      return Link(name: name, target: .refused(softLink(path)), order: order)
    case 64:
      return Link(name: name, target: .refused("is a link into another file, which is not followed"), order: order)
    default:
      return Link(name: name, target: .refused("is a link of the unknown kind \(kind), which is not followed"), order: order)
    }
  }

  static func softLink(_ path: String) -> String {
    "is a soft link to \"\(path.prefix(200))\", which is not followed: ask for its target"
  }
}
