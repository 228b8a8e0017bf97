// The same things that the Kotlin tests assert.
import AtlasKit
import XCTest

final class AtlasKitTests: XCTestCase {
    static let sample = ProcessInfo.processInfo.environment["ATLAS_SAMPLE"] ?? URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("sample").path

    func withSample(_ configure: (AtlasBuilder) throws -> Void = { _ in }) throws -> Atlas {
        let builder = AtlasBuilder()
        try configure(builder)
        let atlas = try builder.openInMemory()
        _ = try atlas.importTickets(path: "\(Self.sample)/tickets.jsonl")
        _ = try atlas.importPatterns(path: "\(Self.sample)/patterns.csv")
        _ = try atlas.importHistory(path: "\(Self.sample)/history.csv")
        return atlas
    }

    func house(_ name: String, confidence: Float) -> ClosurePredictor {
        ClosurePredictor(name) { _ in
            let own = OwnScenario(name: "Open it in Excel", steps: [], minutes: 5, fromTicket: false)
            return Suggestions(
                scenarios: [Candidate(scenario: .own(own), confidence: confidence, signals: [], reasons: [])],
                edgeCases: [])
        }
    }

    func testATicketComesBackAsItWentIn() throws {
        let atlas = try Atlas.openInMemory()
        let ticket = Ticket(
            key: "WRKA-9001", summary: "Umlauts: ÄÖÜ 🦊", components: ["Reports"],
            created: Date(timeIntervalSince1970: 1_739_440_800))
        XCTAssertEqual(try atlas.addTickets(tickets: [ticket]).new, 1)
        XCTAssertEqual(try atlas.ticket(key: "WRKA-9001"), ticket)
        XCTAssertGreaterThan(try atlas.now().day.year ?? 0, 2000)
    }

    func testAPredictionTellsEverything() throws {
        let atlas = try withSample()
        let key = try XCTUnwrap(atlas.tickets().last?.key)
        let prediction = try atlas.predict(key: key, topK: 3)
        XCTAssertEqual(prediction.scenarios.count, 3)
        let scenario = prediction.scenarios[0]
        XCTAssertEqual(scenario.parts.map(\.value).reduce(0, +), scenario.confidence, accuracy: 0.01)
        XCTAssertNil(try atlas.predictDraft(draft: Draft(summary: "Login fails")).id)
        XCTAssertEqual(try atlas.similar(key: key, options: SimilarOptions(limit: 2)).count, 2)
    }

    func testASessionIsPlayedToItsEnd() throws {
        let atlas = try withSample()
        let key = try XCTUnwrap(atlas.tickets().last?.key)
        let id = try XCTUnwrap(atlas.predict(key: key, topK: 2).id)
        let session = try atlas.startSession(key: key, plan: .prediction(id))
        _ = try atlas.stepDone(sessionId: session.id, step: 1)
        XCTAssertGreaterThan(try atlas.endSession(sessionId: session.id, outcome: .passed).xpEarned, 0)
        XCTAssertEqual(try atlas.sessionEvents(sessionId: session.id).last?.kind, .ended(outcome: .passed))
    }

    func testErrorsHaveCodeAndDetails() throws {
        let atlas = try Atlas.openInMemory()
        XCTAssertThrowsError(try atlas.ticket(key: "WRKA-9")) { error in
            XCTAssertEqual((error as? AtlasError)?.code, "TICKET_NOT_FOUND")
            XCTAssertEqual((error as? AtlasError)?.details, ["ticket_key": "WRKA-9"])
            XCTAssertEqual(
                error.localizedDescription, "ticket WRKA-9 is not in this database: import or sync it first")
        }
        XCTAssertThrowsError(try atlas.ticket(key: "no key")) { error in
            XCTAssertEqual((error as? AtlasError)?.code, "INVALID_TICKET_KEY")
        }
        atlas.close()
        atlas.close()
        XCTAssertThrowsError(try atlas.counts()) { error in
            XCTAssertEqual((error as? AtlasError)?.code, "CLOSED")
        }
    }

    func testAPluginNamesScenariosAndMayFail() throws {
        struct OutOfTea: Error {}
        let failing = ClosurePredictor("failing") { _ in throw OutOfTea() }
        let atlas = try withSample {
            _ = try $0.predictor(predictor: self.house("house-rules", confidence: 0.9))
            _ = try $0.predictor(predictor: failing)
        }
        let key = try XCTUnwrap(atlas.tickets().last?.key)
        let prediction = try atlas.predict(key: key, topK: 20)
        XCTAssertTrue(prediction.scenarios.contains { $0.name == "Open it in Excel" })
        XCTAssertEqual(prediction.degraded.map(\.predictor), ["failing"])
    }

    func testALongCallTellsAndStops() throws {
        let atlas = try Atlas.openInMemory()
        let stop = Cancellation()
        stop.cancel()
        XCTAssertThrowsError(
            try atlas.importTickets(path: "\(Self.sample)/tickets.jsonl", cancellation: stop)
        ) { error in
            XCTAssertEqual((error as? AtlasError)?.code, "CANCELLED")
        }
        let told = expectation(description: "told")
        told.assertForOverFulfill = false
        _ = try atlas.encodePending(progress: ProgressClosure { _ in told.fulfill() })
        wait(for: [told], timeout: 1)
    }

    func testEightThreadsAskAtOnce() throws {
        let atlas = try withSample()
        let keys = try atlas.tickets().map(\.key)
        DispatchQueue.concurrentPerform(iterations: 8) { turn in
            XCTAssertNoThrow(try atlas.predict(key: keys[turn % keys.count]))
        }
    }

    func testCallsRunInTheBackground() async throws {
        let atlas = try withSample()
        let count = try await atlas.background { atlas, _ in try atlas.tickets().count }
        XCTAssertEqual(count, 65)
    }
}
