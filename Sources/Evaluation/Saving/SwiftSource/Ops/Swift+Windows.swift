import DeepSwiftEngine

extension DenseProductOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String { "product(\(site.x), \(site.names[1]))" }
}

extension ConvolutionOp: SwiftOp {
  func swift(_ site: SwiftSite) throws -> String {
    let windows = try axes(site.shapes[0], site.shapes[1])
    return "convolution(\(site.x), \(site.names[1]), \(moving(windows, strides)), dilation: \(SwiftLiteral.list(dilation)), "
      + "groups: \(groups))"
  }
}

extension DepthwiseConvolutionOp: SwiftOp {
  func swift(_ site: SwiftSite) throws -> String {
    let windows = try axes(site.shapes[0], site.shapes[1])
    return "depthwiseConvolution(\(site.x), \(site.names[1]), \(moving(windows, strides)), "
      + "dilation: \(SwiftLiteral.list(dilation)))"
  }
}

extension MaxPoolingOp: SwiftOp {
  func swift(_ site: SwiftSite) throws -> String { "maxPooled(\(site.x), \(try window.arguments(for: site.shapes[0])))" }
}

extension AveragePoolingOp: SwiftOp {
  func swift(_ site: SwiftSite) throws -> String { "averagePooled(\(site.x), \(try window.arguments(for: site.shapes[0])))" }
}

extension UpsamplingOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String {
    "\(isBilinear ? "enlargedSmoothly" : "enlarged")(\(site.x), by: \(SwiftLiteral.list(factors)))"
  }
}

extension PoolingWindow {
  fileprivate func arguments(for shape: Shape) throws -> String {
    "window: \(SwiftLiteral.list(size)), \(moving(try axes(shape), strides))"
  }
}

private func moving(_ windows: (WindowAxis, WindowAxis), _ strides: [Int]) -> String {
  "to: \(SwiftLiteral.list([windows.0.count, windows.1.count])), strides: \(SwiftLiteral.list(strides)), "
    + "before: \(SwiftLiteral.list([windows.0.before, windows.1.before]))"
}
