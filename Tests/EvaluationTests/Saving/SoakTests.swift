import Foundation
import Testing

@Suite struct SoakTests {
  /// A few kills of a real process; `Scripts/soak` does fifty.
  @Test func aKilledProcessGoesOnToTheSameBits() throws {
    let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let process = Process(), output = Pipe()
    process.executableURL = folder.appendingPathComponent("Soak")
    process.arguments = ["--kills", "3", "--epochs", "6", "--seed", "\(UInt16.random(in: 0 ... .max))"]
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said)")
    #expect(said.contains("all ended with the same bits"), "\(said)")
  }
}
