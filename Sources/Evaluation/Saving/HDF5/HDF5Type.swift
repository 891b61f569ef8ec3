import DeepSwiftDatasets

/// What the elements of a data set are.
package enum HDF5Type: Sendable, Hashable {
  /// Integers and floating-point numbers; `bool` is h5py's enumeration of FALSE and TRUE.
  case number(NumberFormat)
  /// Strings of at most so many bytes.
  case fixedString(Int)
  case variableString
  /// So many bytes each, of which the file does not say more.
  case opaque(Int)
  /// Something that is not read: what it is.
  case unsupported(String)
}

extension HDF5Type: CustomStringConvertible {
  package var description: String {
    switch self {
    case .number(let format): "\(format)"
    case .fixedString(let length): "strings of \(length) bytes"
    case .variableString: "strings"
    case .opaque(let size): "opaque elements of \(size) bytes"
    case .unsupported(let kind): kind
    }
  }
}

/// A type as it lies in a file.
struct HDF5StoredType: Sendable {
  var type: HDF5Type
  /// Bytes that an element takes in the array; those of a variable string are elsewhere.
  var size: Int
  var isBigEndian = false
  var padding = HDF5Padding.zeros
}

/// What fills up a string of fixed length.
enum HDF5Padding: Int, Sendable {
  case terminator, zeros, blanks
}
