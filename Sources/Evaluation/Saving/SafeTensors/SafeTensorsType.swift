import DeepSwiftDatasets
import DeepSwiftEngine

/// How a `.safetensors` file stores numbers, under the names that stand in its header.
enum SafeTensorsType: String {
  case bool = "BOOL"
  case uint8 = "U8", int8 = "I8", uint16 = "U16", int16 = "I16"
  case uint32 = "U32", int32 = "I32", uint64 = "U64", int64 = "I64"
  case float16 = "F16", bfloat16 = "BF16", float32 = "F32", float64 = "F64"
  // These can be told apart and measured, but a tensor cannot hold them.
  case float4 = "F4", float6E2M3 = "F6_E2M3", float6E3M2 = "F6_E3M2"
  case float8E5M2 = "F8_E5M2", float8E4M3 = "F8_E4M3", float8E8M0 = "F8_E8M0"
  case float8E5M2FNUZ = "F8_E5M2FNUZ", float8E4M3FNUZ = "F8_E4M3FNUZ"
  case complex64 = "C64"

  init(_ type: ElementType) {
    self =
      switch type {
      case .uint8: .uint8
      case .int32: .int32
      case .float32: .float32
      }
  }

  /// How a tensor is made of it, if that is possible.
  var format: NumberFormat? {
    switch self {
    case .bool: .bool
    case .uint8: .uint8
    case .int8: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .uint32: .uint32
    case .int32: .int32
    case .uint64: .uint64
    case .int64: .int64
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float32: .float32
    case .float64: .float64
    default: nil
    }
  }

  /// Bits that one number takes.
  var bits: Int {
    switch self {
    case .float4: 4
    case .float6E2M3, .float6E3M2: 6
    case .complex64: 64
    default: 8 * (format?.size ?? 1)
    }
  }

  /// Whether a tensor's elements lie in memory as they do in the file.
  var elementType: ElementType? {
    switch self {
    case .uint8: .uint8
    case .int32: .int32
    case .float32: .float32
    default: nil
    }
  }
}
