// Every class of error, with its code and its details.
import AtlasKit
import XCTest

final class ErrorsTests: XCTestCase {
    func testWhatIsWrongIsNamed() throws {
        let atlas = try Atlas.openInMemory()
        assertFails("INVALID_TICKET_KEY", try atlas.tickets().get(key: "no key")) { error in
            XCTAssertEqual(error.details, ["ticket_key": "no key"])
            XCTAssertEqual(
                error.message, "\"no key\" is not a ticket key: a key is a project and a number, such as WRKA-1234")
            guard case .Invalid = error else { return XCTFail("\(error)") }
        }
        assertFails("TICKET_NOT_FOUND", try atlas.tickets().get(key: "WRKA-9")) { error in
            XCTAssertEqual(error.details["ticket_key"], "WRKA-9")
            XCTAssertEqual(error.localizedDescription, error.message)
            guard case .NotFound = error else { return XCTFail("\(error)") }
        }
        assertFails("FILE_FAILED", try atlas.tickets().importFile(path: "/no/such/file")) { error in
            guard case .File = error else { return XCTFail("\(error)") }
        }
        assertFails("INVALID_VALUE", try atlas.predictDraft(draft: Draft(summary: "Login"), topK: -1))
        assertFails("INVALID_VALUE", try atlas.predictDraft(draft: Draft(summary: "Login"), topK: 101))
        assertFails("INVALID_TICKET_KEY", try atlas.tickets().add(tickets: [Ticket(key: "?", summary: "")]))
    }

    func testAStateCanForbid() throws {
        let folder = try scratch()
        let atlas = try withSample()
        let keys = try atlas.tickets().list().map(\.key)
        _ = try atlas.sessions().start(key: keys[0], plan: .free)
        XCTAssertThrowsError(try atlas.sessions().start(key: keys[1], plan: .free)) { error in
            guard case AtlasError.Conflict = error else { return XCTFail("\(error)") }
        }
        try "this is no database, but it is long enough to be read".write(
            toFile: "\(folder)/text.db", atomically: true, encoding: .utf8)
        assertFails("NOT_A_DATABASE", try Atlas.open(path: "\(folder)/text.db")) { error in
            guard case .Storage = error else { return XCTFail("\(error)") }
        }
        assertFails("FILE_FAILED", try AtlasBuilder().model(folder: "\(folder)/none").openInMemory())
        for file in ["model.safetensors", "tokenizer.json", "config.json"] {
            try "this is no model".write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
        }
        assertFails("MODEL_FAILED", try AtlasBuilder().model(folder: folder).openInMemory()) { error in
            guard case .Model = error else { return XCTFail("\(error)") }
        }
    }

    func testACallAfterCloseIsAClearError() throws {
        let atlas = try Atlas.openInMemory()
        atlas.close()
        atlas.close()
        assertFails("CLOSED", try atlas.database().counts()) { error in
            guard case .Conflict = error else { return XCTFail("\(error)") }
        }
    }

    func testABuilderIsUsedOnce() throws {
        let builder = AtlasBuilder()
        _ = try builder.openInMemory()
        assertFails("CLOSED", try builder.openInMemory())
    }
}
