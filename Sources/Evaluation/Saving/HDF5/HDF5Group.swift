import DeepSwiftEngine

/// What a group holds under a name.
package enum HDF5Member: Sendable {
  case group(HDF5Group)
  case dataset(HDF5Dataset)
}

/// A folder of an HDF5 file: members by name, and attributes.
package struct HDF5Group: Sendable {
  package var attributes: [String: HDF5Attribute]
  /// In the order in which the file counts them: that of creation where it was kept, else that of the names.
  package private(set) var members: [(name: String, member: HDF5Member)]
  /// Names that lead nowhere here: links to other places and files, and kinds of objects that are not read. What is wrong
  /// with each is told when somebody asks for it.
  package internal(set) var refused: [String: String] = [:]
  /// The group in error messages: `model.h5, /layers/dense`.
  package internal(set) var place = "HDF5 group"
  private var positions: [String: Int] = [:]

  package init(attributes: [String: HDF5Attribute] = [:], members: [(name: String, member: HDF5Member)] = []) {
    self.attributes = attributes
    self.members = []
    for (name, member) in members { self[name] = member }
  }

  package var names: [String] { members.map(\.name) }

  /// The member of that name, which is no path. Setting `nil` takes it away; a new one comes last.
  package subscript(_ name: String) -> HDF5Member? {
    get { positions[name].map { members[$0].member } }
    set {
      switch (positions[name], newValue) {
      case (let position?, let member?): members[position].member = member
      case (let position?, nil):
        members.remove(at: position)
        positions = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1.name, $0) })
      case (nil, let member?):
        positions[name] = members.count
        members.append((name, member))
      case (nil, nil): break
      }
    }
  }

  /// What a path such as `layers/dense/vars/0` leads to.
  package subscript(path path: String) -> HDF5Member? {
    var found = HDF5Member.group(self)
    for name in path.split(separator: "/") {
      guard case .group(let group) = found, let next = group[String(name)] else { return nil }
      found = next
    }
    return found
  }

  /// The group that a path leads to.
  package func group(_ path: String) throws -> HDF5Group {
    guard case .group(let group) = try member(path) else {
      throw ModelError(.file, at: place, "\"\(path)\" is a data set, expected a group")
    }
    return group
  }

  /// The data set that a path leads to.
  package func dataset(_ path: String) throws -> HDF5Dataset {
    guard case .dataset(let dataset) = try member(path) else {
      throw ModelError(.file, at: place, "\"\(path)\" is a group, expected a data set")
    }
    return dataset
  }

  private func member(_ path: String) throws -> HDF5Member {
    var found = HDF5Member.group(self)
    for name in path.split(separator: "/").map(String.init) {
      guard case .group(let group) = found else {
        throw ModelError(.file, at: place, "has no \"\(path)\": \"\(name)\" would lie in a data set")
      }
      if let reason = group.refused[name] { throw ModelError(.file, at: group.place, "\"\(name)\" \(reason)") }
      guard let next = group[name] else {
        let names = group.names.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ")
        throw ModelError(.file, at: group.place, "has no member \"\(name)\", only \(names.isEmpty ? "nothing" : names)")
      }
      found = next
    }
    return found
  }
}
