import Foundation

/// Runs an example. What goes wrong is printed as it was written for people, without the trace of a crash.
public func runExample(_ body: () throws -> Void) {
  do {
    try body()
  } catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
  }
}
