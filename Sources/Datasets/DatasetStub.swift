import DeepSwiftEngine
public struct Dataset { public var x: Tensor; public var y: Tensor }
