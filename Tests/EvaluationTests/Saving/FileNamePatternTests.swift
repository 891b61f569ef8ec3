@testable import DeepSwiftEvaluation
import DeepSwift
import Testing

/// What is expected is what Python's `format` gives.
@Suite struct FileNamePatternTests {
  let values = ["epoch": 7, "batch": 12, "loss": 0.123456789, "val_loss": 1234.5, "low": -0.5, "none": Double.nan, "whole": 2]

  @Test(arguments: [
    ("plain", "plain"), ("{epoch}", "7"), ("{epoch:02d}", "07"), ("{epoch:4d}|", "   7|"), ("{epoch:.1f}", "7.0"),
    ("{batch:d}", "12"),
    ("{loss}", "0.123456789"), ("{loss:f}", "0.123457"), ("{loss:.2f}", "0.12"), ("{val_loss:.3e}", "1.234e+03"),
    ("{val_loss:08.1f}", "001234.5"), ("{low:06.2f}", "-00.50"), ("{low:.0%}", "-50%"), ("{val_loss:g}", "1234.5"),
    ("{loss:.3}", "0.123"), ("{none:.2f}", "nan"), ("{{{epoch}}}", "{7}"), ("a{epoch:02d}-b{loss:.1f}.keras", "a07-b0.1.keras"),
  ])
  func asPython(_ pattern: String, _ expected: String) throws {
    #expect(try FileNamePattern(pattern).filled(values) == expected)
  }

  @Test(arguments: ["{epoch", "epoch}", "{}", "{a b}", "{epoch:02x}", "{loss:d}", "{loss:.f}", "{loss:.999f}", "{loss:>10}"])
  func whatCannotBeFilled(_ pattern: String) {
    #expect(spoken { _ = try FileNamePattern(pattern) }.hasPrefix("\(pattern): "))
  }

  @Test func namesThatAreMissing() throws {
    let pattern = try FileNamePattern("{epoch}{other:.2f}")
    #expect(pattern.names == ["epoch", "other"])
    #expect(
      spoken { _ = try pattern.filled(["epoch": 1, "loss": 2]) }
        == "{epoch}{other:.2f}: there is no value \"other\" for the file's name; take one of epoch, loss")
  }
}
