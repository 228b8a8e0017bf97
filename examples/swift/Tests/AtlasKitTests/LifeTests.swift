// Threads, tasks and memory.
import AtlasKit
import XCTest

final class LifeTests: XCTestCase {
    func testEightThreadsAskAtOnce() throws {
        let atlas = try withSample { _ = try $0.predictor(predictor: ClosurePredictor("quiet") { _ in Suggestions() }) }
        let keys = try atlas.tickets().list().prefix(16).map(\.key)
        let expected = try keys.map { try atlas.predict(key: $0).scenarios.map(\.name) }
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for turn in (thread % 4)..<keys.count {
                XCTAssertEqual(try? atlas.predict(key: keys[turn]).scenarios.map(\.name), expected[turn])
            }
        }
    }

    func testCallsRunInTheBackground() async throws {
        let atlas = try withSample()
        let keys = try atlas.tickets().list().prefix(4).map(\.key)
        let asked = try await withThrowingTaskGroup(of: String?.self) { group in
            for key in keys {
                group.addTask { try await atlas.background { atlas, _ in try atlas.predict(key: key).ticketKey } }
            }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        XCTAssertEqual(asked, Set<String?>(keys))
    }

    func testCancellingATaskStopsTheCall() async throws {
        let atlas = try Atlas.openInMemory()
        let begun = expectation(description: "begun")
        begun.assertForOverFulfill = false
        let slow = ProgressClosure { _ in
            begun.fulfill()
            Thread.sleep(forTimeInterval: 0.02)
        }
        let task = Task {
            try await atlas.background {
                try $0.importTickets(path: "\(sample)/tickets.jsonl", progress: slow, cancellation: $1)
            }
        }
        await fulfillment(of: [begun], timeout: 20)
        task.cancel()
        do {
            _ = try await task.value
            XCTFail("it went on")
        } catch let error as AtlasError {
            XCTAssertEqual(error.code, "CANCELLED")
        }
    }

    func testTenThousandPredictionsLeaveTheProcessAsLargeAsItWas() throws {
        let status = "/proc/self/status"
        try XCTSkipUnless(FileManager.default.fileExists(atPath: status), "there is no /proc here")
        func kilobytes() throws -> Int {
            let line = try String(contentsOfFile: status, encoding: .utf8).split(separator: "\n")
                .first { $0.hasPrefix("VmRSS") }
            return try XCTUnwrap(Int(XCTUnwrap(line).filter(\.isNumber)))
        }
        let atlas = try withSample()
        let keys = try atlas.tickets().list().map(\.key)
        for turn in 0..<3_000 { _ = try atlas.predict(key: keys[turn % keys.count]) }
        let before = try kilobytes()
        for turn in 0..<10_000 { _ = try atlas.predict(key: keys[turn % keys.count]) }
        let grown = try kilobytes() - before
        print("10,000 predictions: \(grown) kB more than \(before) kB")
        XCTAssertLessThan(grown, 10_000)
    }
}
