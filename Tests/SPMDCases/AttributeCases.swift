import CMPI
import SwiftMPI

var attributeCases: [Case] {
    [
        Case("a value is found under its key only, on its communicator only") { world in
            let communicator = try world.dup()
            let numbers = try AttributeKey<[Int]>()
            let others = try AttributeKey<[Int]>()
            try expect(try communicator.attribute(for: numbers), equals: nil)
            try communicator.setAttribute([1, 2, world.rank], for: numbers)
            try expect(try communicator.attribute(for: numbers), equals: [1, 2, world.rank])
            try expect(try communicator.attribute(for: others), equals: nil)
            try expect(try world.attribute(for: numbers), equals: nil)
            try expect(try communicator.removeAttribute(for: numbers), equals: [1, 2, world.rank])
            try expect(try communicator.attribute(for: numbers), equals: nil)
        },
        Case("removing what is not there removes nothing") { world in
            let key = try AttributeKey<Int>()
            try expect(try world.removeAttribute(for: key), equals: nil)
        },
        Case("values of all kinds: nothing, optionals, closures, objects") { world in
            let communicator = try MPI.ownCommunicator().dup()
            let unit = try AttributeKey<Void>()
            try communicator.setAttribute((), for: unit)
            try expect(try communicator.attribute(for: unit) != nil)
            let optional = try AttributeKey<Int?>()
            try communicator.setAttribute(nil, for: optional)
            try expect(try communicator.attribute(for: optional), equals: .some(nil))
            let closure = try AttributeKey<(Int) -> Int>()
            try communicator.setAttribute({ $0 + world.rank }, for: closure)
            try expect(try communicator.attribute(for: closure)?(1), equals: world.rank + 1)
            let object = try AttributeKey<Token>()
            let token = Token()
            try communicator.setAttribute(token, for: object)
            try expect(try communicator.attribute(for: object) === token)
        },
        Case("a duplicate gets what the key says: nothing, the same, or something else") { world in
            let communicator = try world.dup()
            let nothing = try AttributeKey<Token>()
            let same = try AttributeKey<Token> { $0 }
            let deeper = try AttributeKey<Int> { $0 < 2 ? $0 + 1 : nil }
            let token = Token()
            try communicator.setAttribute(token, for: nothing)
            try communicator.setAttribute(token, for: same)
            try communicator.setAttribute(0, for: deeper)
            let child = try communicator.dup()
            try expect(try child.attribute(for: nothing) == nil)
            try expect(try child.attribute(for: same) === token)
            try expect(try child.attribute(for: deeper), equals: 1)
            let grandchild = try child.dup()
            try expect(try grandchild.attribute(for: same) === token)
            try expect(try grandchild.attribute(for: deeper), equals: 2)
            try expect(try grandchild.dup().attribute(for: deeper), equals: nil)
            try expect(try communicator.attribute(for: deeper), equals: 0)
            // Attributes are for duplicates, not for parts.
            try expect(try communicator.split(color: 0)!.attribute(for: same) == nil)
        },
        Case("a value lives until it is replaced or removed, or its communicator is freed") { world in
            var communicator: Communicator? = try world.dup()
            let key = try AttributeKey<Token> { $0 }
            weak var first: Token?
            weak var second: Token?
            func cache() throws -> Token {
                let token = Token()
                try communicator!.setAttribute(token, for: key)
                return token
            }
            first = try cache()
            try expect(first != nil)
            second = try cache()
            try expect(first == nil && second != nil)
            var child: Communicator? = try communicator!.dup()
            communicator = nil
            try expect(try child!.attribute(for: key) === second)
            child = nil
            try expect(second == nil)
            communicator = try world.dup()
            first = try cache()
            try communicator!.removeAttribute(for: key)
            try expect(first == nil)
        },
        Case("values outlive their key") { world in
            weak var token: Token?
            var communicator: Communicator? = try world.dup()
            func cache() throws {
                let made = Token()
                try communicator!.setAttribute(made, for: AttributeKey<Token> { $0 })
                token = made
            }
            try cache()
            try expect(token != nil)
            // The callbacks of a key that is gone still work.
            var child: Communicator? = try communicator!.dup()
            communicator = nil
            try expect(token != nil)
            withExtendedLifetime(child) {}
            child = nil
            try expect(token == nil)
        },
        Case("a C library's duplicate has the attributes too, and frees them") { world in
            let communicator = try world.dup()
            var copies = 0
            weak var copied: Token?
            let key = try AttributeKey<Token> { _ in
                copies += 1
                let new = Token()
                copied = new
                return new
            }
            try communicator.setAttribute(Token(), for: key)
            var duplicate = CMPI_COMM_NULL()
            try expect(MPI_Comm_dup(communicator.handle, &duplicate), equals: MPI_SUCCESS)
            try expect(copies == 1 && copied != nil, "\(copies) copies")
            try expect(MPI_Comm_free(&duplicate), equals: MPI_SUCCESS)
            try expect(copies == 1 && copied == nil, "\(copies) copies")
        },
        Case("a communicator cached on a communicator is duplicated and freed with it") { world in
            let communicator = try world.dup()
            let key = try AttributeKey<Communicator> { try? $0.dup() }
            try communicator.setAttribute(try world.dup(), for: key)
            let first = try communicator.attribute(for: key)!
            weak var second: Communicator?
            do {
                let child = try communicator.dup()
                second = try child.attribute(for: key)
                try expect(try first.compare(with: second!), equals: .congruent)
            }
            try expect(second == nil)
            try expect(try first.Allreduce(1, op: .sum), equals: world.size)
        },
        Case("keys are freed: any number can be made one after the other") { world in
            for _ in 0..<10_000 { _ = try AttributeKey<Int>() }
        },
    ]
}

private final class Token {}
