/// How pictures become equally large.
struct ImageResizing: Sendable {
  enum Fit { case stretch, crop, pad }

  let height: Int
  let width: Int
  let interpolation: Interpolation
  let fit: Fit

  /// Writes the resized picture into `target`, which has room for `height · width` pixels of its channels.
  func resize(_ image: ImagePixels, into target: UnsafeMutablePointer<Float>) {
    image.bytes.withUnsafeBufferPointer { bytes in
      guard let source = bytes.baseAddress else { return }
      if (image.height, image.width) == (height, width) {
        for i in 0..<bytes.count { target[i] = Float(source[i]) }
        return
      }
      let (from, to) = windows(image)
      if fit == .pad { target.update(repeating: 0, count: height * width * image.channels) }
      resample(
        source + (from.y * image.width + from.x) * image.channels, from, image.width * image.channels,
        target + (to.y * width + to.x) * image.channels, to, image.channels)
    }
  }

  private struct Window { var x = 0, y = 0, width: Int, height: Int }

  /// The part of the picture that is taken, and where it comes to lie; rounded as Keras and TensorFlow do.
  private func windows(_ image: ImagePixels) -> (from: Window, to: Window) {
    var from = Window(width: image.width, height: image.height), to = Window(width: width, height: height)
    switch fit {
    case .stretch: break
    case .crop:
      from.height = max(1, min(image.height, Int(Float(image.width * height) / Float(width))))
      from.width = max(1, min(image.width, Int(Float(image.height * width) / Float(height))))
      from.y = (image.height - from.height) / 2
      from.x = (image.width - from.width) / 2
    case .pad:
      let ratio = max(Float(image.width) / Float(width), Float(image.height) / Float(height))
      let (scaledHeight, scaledWidth) = (Float(image.height) / ratio, Float(image.width) / ratio)
      // A picture of extreme proportions keeps one row.
      to.height = max(1, Int(scaledHeight))
      to.width = max(1, Int(scaledWidth))
      to.y = min(max(0, Int(((Float(height) - scaledHeight) / 2).rounded(.down))), height - to.height)
      to.x = min(max(0, Int(((Float(width) - scaledWidth) / 2).rounded(.down))), width - to.width)
    }
    return (from, to)
  }

  /// Each row of the source that is needed is resampled along its length once, and kept while rows of the target are made of it.
  private func resample(
    _ source: UnsafePointer<UInt8>, _ from: Window, _ sourceStride: Int, _ target: UnsafeMutablePointer<Float>, _ to: Window,
    _ channels: Int
  ) {
    let across = Resampling(interpolation, from: from.width, to: to.width)
    let down = Resampling(interpolation, from: from.height, to: to.height)
    let length = to.width * channels
    // Pixels of three channels are read and written four values at a time.
    let room = length + 4
    let plain = UnsafeMutablePointer<Float>.allocate(capacity: from.width * channels + 4)
    plain.initialize(repeating: 0, count: from.width * channels + 4)
    let kept = UnsafeMutablePointer<Float>.allocate(capacity: room * down.taps)
    kept.initialize(repeating: 0, count: room * down.taps)
    var rows = [Int](repeating: -1, count: down.taps)
    defer {
      plain.deallocate()
      kept.deallocate()
    }
    for y in 0..<to.height {
      let line = target + y * width * channels
      var isFirst = true
      for tap in 0..<down.taps {
        let weight = down.weights[y * down.taps + tap]
        // A row without weight need not be made, but some row must be written.
        guard weight != 0 || isFirst && tap == down.taps - 1 else { continue }
        let row = down.starts[y] + tap, place = row % down.taps, values = kept + place * room
        if rows[place] != row {
          rows[place] = row
          let bytes = source + row * sourceStride
          for i in 0..<from.width * channels { plain[i] = Float(bytes[i]) }
          across.apply(to: plain, values, channels)
        }
        if isFirst {
          for i in 0..<length { line[i] = weight * values[i] }
        } else {
          for i in 0..<length { line[i] += weight * values[i] }
        }
        isFirst = false
      }
    }
  }
}

extension Resampling {
  /// Resamples a row. Where a pixel has three channels, one value more than there is room for is read and written at the end.
  fileprivate func apply(to row: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>, _ channels: Int) {
    starts.withUnsafeBufferPointer { starts in
      weights.withUnsafeBufferPointer { weights in
        if channels >= 3 {
          for x in 0..<starts.count {
            var sum = SIMD4<Float>()
            for tap in 0..<taps {
              let pixel = UnsafeRawPointer(row + (starts[x] &+ tap) &* channels).loadUnaligned(as: SIMD4<Float>.self)
              sum += weights[x &* taps &+ tap] * pixel
            }
            UnsafeMutableRawPointer(result + x &* channels).storeBytes(of: sum, as: SIMD4<Float>.self)
          }
        } else {
          for x in 0..<starts.count {
            for channel in 0..<channels {
              var sum: Float = 0
              for tap in 0..<taps { sum += weights[x &* taps &+ tap] * row[(starts[x] &+ tap) &* channels &+ channel] }
              result[x &* channels &+ channel] = sum
            }
          }
        }
      }
    }
  }
}
