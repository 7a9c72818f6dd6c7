import Testing
import TestSupport

/// The measure that every accuracy test relies on.
@Suite struct ULPErrorTests {
  @Test func neighboursAreOneUnitApart() {
    for x: Float in [1, 1.5, -3, 1e-30, 1e30, .leastNormalMagnitude, .leastNonzeroMagnitude, -0x1p-140] {
      #expect(ulpError(x, exact: Double(x)) == 0)
      #expect(ulpError(x.magnitude.nextUp, exact: Double(x.magnitude)) == 1)
      #expect(ulpError(-x.magnitude.nextUp, exact: -Double(x.magnitude)) == 1)
    }
  }

  @Test func theSignMatters() {
    #expect(ulpError(Float(1), exact: -1.0) == 0x1p24)
    #expect(ulpError(Float.leastNonzeroMagnitude, exact: -Double(Float.leastNonzeroMagnitude)) == 2)
    #expect(ulpError(Float(-0.0), exact: 0.0) == 0)
  }

  @Test func infinityIsThePowerOfTwoAfterTheFiniteNumbers() {
    let greatest = Double(Float.greatestFiniteMagnitude)
    #expect(ulpError(Float.infinity, exact: 1e300) == 0)
    #expect(ulpError(Float.infinity, exact: Double.infinity) == 0)
    #expect(ulpError(Float.infinity, exact: -Double.infinity) == .infinity)
    #expect(ulpError(-Float.infinity, exact: -1e300) == 0)
    #expect(ulpError(Float.infinity, exact: greatest) == 1)
    #expect(ulpError(-Float.infinity, exact: greatest) > 1e7)
    #expect(ulpError(Float.infinity, exact: 1.0) > 1e30)
    #expect(ulpError(Float.greatestFiniteMagnitude, exact: Double.infinity) == .infinity)
  }

  @Test func onlyTwoNaNsAgree() {
    #expect(ulpError(Float.nan, exact: Double.nan) == 0)
    #expect(!(ulpError(Float.nan, exact: 1.0) <= .infinity))
    #expect(!(ulpError(Float(1), exact: Double.nan) <= .infinity))
    #expect(!(ulpError(Float.infinity, exact: Double.nan) <= .infinity))
  }

  @Test func aScaleReplacesASmallerResult() {
    #expect(ulpError(Float(0), exact: 0x1p-23, scale: 1) == 1)
    #expect(ulpError(Float(0), exact: 0x1p-23, scale: 0x1p-30) == 0x1p23)
    #expect(!(ulpError(Float.nan, exact: 1, scale: 1e30) <= .infinity))
  }

  @Test func fractionsOfAUnitAreSeen() {
    #expect(ulpError(Float(1), exact: 1 + 0x1p-25) == 0.25)
    #expect(ulpError(Float(0), exact: Double(Float.leastNonzeroMagnitude) / 4) == 0.25)
  }
}
