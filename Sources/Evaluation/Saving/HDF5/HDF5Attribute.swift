import DeepSwiftEngine

/// A value beside a group or data set. Arrays of several axes are given row by row.
package enum HDF5Attribute: Sendable, Equatable {
  case string(String), strings([String])
  case integer(Int64), integers([Int64])
  case float(Double), floats([Double])
  /// There, but without a value.
  case empty
  /// A value of a kind that is not read, and which one.
  case unsupported(String)

  package var string: String? { if case .string(let value) = self { value } else { nil } }

  /// The strings of an array; an array without elements may have been stored as one of numbers.
  package var strings: [String]? {
    switch self {
    case .strings(let values): values
    case .string(let value): [value]
    case .integers(let values) where values.isEmpty: []
    case .floats(let values) where values.isEmpty: []
    case .empty: []
    default: nil
    }
  }

  package var integer: Int64? { if case .integer(let value) = self { value } else { nil } }

  package var float: Double? {
    switch self {
    case .float(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }
}
