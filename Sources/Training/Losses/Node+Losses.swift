import DeepSwiftEngine
import Foundation

extension Node {
  /// Targets as -1 and 1; a 0 stands for -1.
  var asSigns: Node { select(self .== 0, Node(-1), self) }

  /// Vectors along the last axis, made as long as 1.
  var asUnit: Node { self / sqrt(maximum(square(self).sum(axis: -1, keepDimensions: true), 1e-12)) }
}

extension Float {
  static let log2 = Foundation.log(Float(2))
}
