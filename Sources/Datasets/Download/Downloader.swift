import DeepSwiftEngine
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Fetches a file from the first of several addresses that has it.
///
/// What has arrived lies beside the target as `NAME.part`, and a later attempt goes on where it was cut off. The target appears
/// only when it is whole and `check` has found nothing wrong with it. Processes that want the same file wait for each other.
package struct Downloader {
  package var addresses: [String]
  package var target: String
  /// Throws if the file at a path is not the one that was wanted.
  package var check: (_ path: String) throws -> Void

  package init(addresses: [String], target: String, check: @escaping (_ path: String) throws -> Void) {
    (self.addresses, self.target, self.check) = (addresses, target, check)
  }

  package func run() throws {
    let folder = URL(fileURLWithPath: target).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch { throw ModelError(.file, at: folder, "cannot be made: \(error.localizedDescription)") }
    let lock = open(target + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard lock >= 0 else { throw Files.unwritable(target + ".lock") }
    defer { close(lock) }
    flock(lock, LOCK_EX)
    if Files.exists(target) { return }

    var faults: [String] = []
    for address in addresses {
      do { return try fetch(address) } catch { faults.append("\(address): \(error)") }
    }
    throw ModelError(.file, at: target, "could not be downloaded. " + faults.joined(separator: "; "))
  }

  /// One address; a second time from the start if what an earlier attempt had left does not lead to the right file.
  private func fetch(_ address: String) throws {
    let part = target + ".part"
    let isResumed = fileSize(part) > 0
    do {
      try transfer(address, to: part)
      try checkAndPlace(part)
    } catch let fault as WrongContents {
      unlink(part)
      guard isResumed else { throw fault.reason }
      try transfer(address, to: part)
      do { try checkAndPlace(part) } catch let fault as WrongContents {
        unlink(part)
        throw fault.reason
      }
    }
  }

  private struct WrongContents: Error {
    var reason: any Error
  }

  private func checkAndPlace(_ part: String) throws {
    do { try check(part) } catch { throw WrongContents(reason: error) }
    guard rename(part, target) == 0 else { throw Files.unwritable(target) }
  }

  private func transfer(_ address: String, to part: String) throws {
    guard let url = URL(string: address), ["http", "https"].contains(url.scheme) else {
      throw ModelError(.file, at: address, "is not an address that files can be fetched from")
    }
    let start = fileSize(part)
    var request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: 30)
    // Nothing on the way may unpack a gzip file: it is wanted as it is.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    if start > 0 { request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range") }

    let transfer = try Transfer(path: part, start: start, name: URL(fileURLWithPath: target).lastPathComponent)
    let session = URLSession(configuration: .ephemeral, delegate: transfer, delegateQueue: nil)
    defer { session.invalidateAndCancel() }
    session.dataTask(with: request).resume()
    try transfer.wait()
  }
}

private func fileSize(_ path: String) -> Int {
  var status = stat()
  return stat(path, &status) == 0 ? Int(status.st_size) : 0
}

/// Receives the answer of a server and appends it to a file.
private final class Transfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  // Everything here is touched by the session's one queue until `done` is signalled, and by the waiting thread afterwards.
  private let file: Int32
  private let path: String
  private var received: Int
  private var expected: Int?
  private var fault: (any Error)?
  private var progress: ProgressLine
  private let done = DispatchSemaphore(value: 0)

  init(path: String, start: Int, name: String) throws {
    file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0o666)
    guard file >= 0 else { throw Files.unwritable(path) }
    self.path = path
    received = start
    progress = ProgressLine(name: name)
  }

  deinit { close(file) }

  func wait() throws {
    done.wait()
    progress.finish()
    if let fault { throw fault }
    guard fsync(file) == 0 else { throw Files.unwritable(path) }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    let isContinued = status == 206 && isContinuation(response)
    switch status {
    case 206 where isContinued: break
    case 416 where received > 0:
      // Nothing is left to send: the part may already be the whole, which its digest will tell.
      completionHandler(.cancel)
      return
    case 200:
      // The server sends everything, whatever was asked for.
      guard received == 0 || ftruncate(file, 0) == 0 else {
        fault = Files.unwritable(path)
        completionHandler(.cancel)
        return
      }
      received = 0
    default:
      fault = ModelError(.file, "the server answered \(status)")
      completionHandler(.cancel)
      return
    }
    let length = Int(response.expectedContentLength)
    expected = length >= 0 ? received + length : nil
    completionHandler(.allow)
  }

  /// Whether a partial answer begins where the file ends.
  private func isContinuation(_ response: URLResponse) -> Bool {
    let range = (response as? HTTPURLResponse)?.value(forHTTPHeaderField: "Content-Range") ?? ""
    return range.hasPrefix("bytes \(received)-")
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    guard fault == nil else { return }
    data.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let written = write(file, buffer.baseAddress! + done, buffer.count - done)
        if written < 0 && errno == EINTR { continue }
        if written < 0 {
          fault = Files.unwritable(path)
          dataTask.cancel()
          return
        }
        done += written
      }
    }
    received += data.count
    progress.show(received, of: expected)
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    let wasCancelled = (error as? URLError)?.code == .cancelled
    if let error, fault == nil, !wasCancelled { fault = ModelError(.file, error.localizedDescription) }
    if fault == nil, let expected, received < expected {
      fault = ModelError(.file, "the connection ended after \(received) of \(expected) bytes")
    }
    done.signal()
  }
}

/// `train-images-idx3-ubyte.gz  11.1 of 26.4 MB  42 %`, on a terminal only.
private struct ProgressLine {
  let name: String
  private let isShown = isatty(STDERR_FILENO) == 1
  private var last = ContinuousClock.now - .seconds(1)

  init(name: String) { self.name = name }

  mutating func show(_ received: Int, of expected: Int?) {
    guard isShown, ContinuousClock.now - last > .milliseconds(100) else { return }
    last = .now
    let size = String(format: "%.1f", Double(received) / 1e6)
    let whole = expected.map { String(format: " of %.1f MB  %d %%", Double($0) / 1e6, received * 100 / max($0, 1)) }
    FileHandle.standardError.write(Data("\r\(name)  \(size)\(whole ?? " MB") ".utf8))
  }

  func finish() {
    if isShown { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
  }
}
