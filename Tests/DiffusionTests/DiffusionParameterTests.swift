import Diffusion
import Testing

/// The table from which everything that users see of a parameter derives.
@Suite struct DiffusionParameterTests {
    private let all = DiffusionParameter.all

    /// Each property of the parameters has a row, and only one.
    @Test func everyPropertyHasARow() {
        #expect(all.count == Mirror(reflecting: DiffusionParameters()).children.count)
        #expect(Set(all.map { $0.path as AnyKeyPath }).count == all.count)
    }

    @Test func namesAreDistinct() {
        #expect(Set(all.map(\.name)).count == all.count)
        #expect(Set(all.map(\.optionName)).count == all.count)
    }

    @Test func statements() {
        let parameters = DiffusionParameters()
        let statements = ["D is 1.0", "x1 is -10.0", "x2 is 10.0", "dx is 0.0667", "runtime is 15.0", "outtime is 0.5"]
        #expect(all.map { parameters.statement($0.path) } == statements)
    }
}
