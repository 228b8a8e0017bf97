// What a host implements: plugins, progress, networking; and what they throw.
import AtlasKit
import XCTest

private struct Broken: LocalizedError {
    let what: String
    var errorDescription: String? { what }
}

/// A value that callbacks write and tests read.
private final class Box<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var inner: Value
    init(_ value: Value) { inner = value }
    func change(_ work: (inout Value) -> Void) { lock.withLock { work(&inner) } }
    var value: Value { lock.withLock { inner } }
}

private final class Batches: Predictor {
    private let title: String
    private let answer: @Sendable ([Query]) throws -> [Suggestions]
    init(_ title: String, _ answer: @escaping @Sendable ([Query]) throws -> [Suggestions]) {
        self.title = title
        self.answer = answer
    }
    func name() throws -> String { title }
    func predict(queries: [Query]) throws -> [Suggestions] { try answer(queries) }
}

private final class Nameless: Predictor {
    func name() throws -> String { throw Broken(what: "who am I") }
    func predict(queries: [Query]) throws -> [Suggestions] { [] }
}

private final class ClosureBlender: Blender {
    private let title: String
    private let work: @Sendable ([Vote]) throws -> [BlendedScenario]
    init(_ title: String, _ work: @escaping @Sendable ([Vote]) throws -> [BlendedScenario]) {
        self.title = title
        self.work = work
    }
    func name() throws -> String { title }
    func blend(votes: [Vote]) throws -> [BlendedScenario] { try work(votes) }
}

private final class No: ProgressListener {
    func onProgress(progress: AtlasKit.Progress) throws -> Bool { false }
}

private final class ClosureTransport: HttpTransport {
    private let answer: @Sendable (HttpRequest) throws -> HttpResponse
    init(_ answer: @escaping @Sendable (HttpRequest) throws -> HttpResponse) { self.answer = answer }
    func send(request: HttpRequest) throws -> HttpResponse { try answer(request) }
}

final class CallbacksTests: XCTestCase {
    private let house = ClosurePredictor("house-rules") { _ in
        var candidate = Candidate.own("Open it in Excel", confidence: 0.9, steps: [Step(action: "Open")])
        candidate.reasons = [Reason(kind: .plugin, text: "because")]
        return Suggestions(scenarios: [candidate])
    }

    func testAPredictorNamesScenariosOnTheThreadThatAsks() throws {
        let thread = Box<Thread?>(nil)
        let watching = ClosurePredictor("watching") { _ in
            thread.change { $0 = Thread.current }
            return Suggestions()
        }
        let atlas = try withSample {
            _ = try $0.predictor(predictor: house)
            _ = try $0.predictor(predictor: watching)
            _ = try $0.weight(predictor: "house-rules", weight: 1)
        }
        let scenarios = try atlas.predict(key: lastKey(atlas), topK: 10).scenarios
        let scenario = try XCTUnwrap(scenarios.first { $0.name == "Open it in Excel" })
        XCTAssertEqual(scenario.source, .plugin("house-rules"))
        XCTAssertEqual(scenario.reasons.first?.text, "because")
        XCTAssertEqual(thread.value, Thread.current)
    }

    func testAnErrorCostsAPluginItsOwnVote() throws {
        let failing = ClosurePredictor("failing") { _ in throw Broken(what: "out of tea") }
        let typed = Batches("typed") { _ in throw CallbackError.Failed(reason: "out of milk") }
        let wrong = ClosurePredictor("wrong") { _ in Suggestions(scenarios: [.own("Odd", confidence: .nan)]) }
        let short = Batches("short") { _ in [] }
        let atlas = try withSample { builder in
            for plugin in [failing, typed, wrong, short] as [Predictor] {
                _ = try builder.predictor(predictor: plugin)
            }
        }
        let prediction = try atlas.predict(key: lastKey(atlas))
        XCTAssertEqual(prediction.scenarios.count, 5)
        let reasons = Dictionary(uniqueKeysWithValues: prediction.degraded.map { ($0.predictor, $0.reason) })
        XCTAssertEqual(Set(reasons.keys), ["failing", "typed", "wrong", "short"])
        XCTAssertTrue(try XCTUnwrap(reasons["failing"]).contains("out of tea"), "\(reasons)")
        XCTAssertTrue(try XCTUnwrap(reasons["typed"]).contains("out of milk"), "\(reasons)")
    }

    func testAPluginWithoutANameIsRefused() {
        assertFails("CALLBACK_FAILED", try AtlasBuilder().predictor(predictor: Nameless()).openInMemory()) { error in
            guard case .Plugin = error else { return XCTFail("\(error)") }
        }
    }

    func testABlenderOrdersAndMayFail() throws {
        let reversed = ClosureBlender("reversed") { votes in
            let neural = votes.first { $0.predictor == "neural" }?.suggestions.scenarios ?? []
            return neural.filter { $0.confidence > 0 }.map {
                let confidence = 100 * (1 - $0.confidence)
                return BlendedScenario(
                    scenario: $0.scenario, confidence: confidence,
                    parts: [Part(name: "reversed", value: confidence)], source: .neural, reasons: $0.reasons)
            }
        }
        let atlas = try withSample { _ = try $0.blender(blender: reversed) }
        XCTAssertEqual(try atlas.predict(key: lastKey(atlas)).blend.by, "reversed")
        let failing = ClosureBlender("failing") { _ in throw Broken(what: "no idea") }
        let other = try withSample { _ = try $0.blender(blender: failing) }
        let prediction = try other.predict(key: lastKey(other))
        XCTAssertEqual(prediction.blend.by, "weighted sum")
        XCTAssertEqual(prediction.degraded.map { $0.reason.contains("no idea") }, [true])
    }

    func testProgressIsToldAndStops() throws {
        let atlas = try Atlas.openInMemory()
        let stages = Box<Set<Stage>>([])
        _ = try atlas.tickets().importFile(
            path: "\(sample)/tickets.jsonl",
            progress: ProgressClosure { told in stages.change { $0.insert(told.stage) } })
        XCTAssertTrue(stages.value.contains(.encoding), "\(stages.value)")
        let broken = ProgressClosure { told in if told.stage == .encoding { throw Broken(what: "bar broke") } }
        assertFails(
            "CALLBACK_FAILED", try atlas.patterns().importFile(path: "\(sample)/patterns.csv", progress: broken)
        ) { XCTAssertTrue($0.message.contains("bar broke"), $0.message) }
        assertFails("CANCELLED", try atlas.database().encode(progress: No()))
        XCTAssertGreaterThan(try atlas.database().encode(), 0, "what was stopped can be finished")
    }

    func testACallIsStoppedFromAnotherThread() throws {
        let atlas = try withSample()
        let stop = Cancellation()
        let slow = ProgressClosure { _ in
            let done = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                stop.cancel()
                done.signal()
            }
            done.wait()
        }
        assertFails("CANCELLED", try atlas.backtest(progress: slow, cancellation: stop))
        assertFails("CANCELLED", try atlas.learning().retrain(cancellation: stop))
        XCTAssertFalse(try atlas.predict(key: lastKey(atlas)).scenarios.isEmpty)
    }

    func testAHostsOwnNetworkingIsUsed() throws {
        let asked = Box<[HttpRequest]>([])
        let transport = ClosureTransport { request in
            asked.change { $0.append(request) }
            let body = #"{"displayName":"Ann","timeZone":"Europe/Berlin","accountId":"1","active":true}"#
            return HttpResponse(
                status: 200, headers: [HttpHeader(name: "content-type", value: "application/json")],
                body: Data(body.utf8))
        }
        let jira = try Jira(
            site: "https://jira.example.com", token: "hunter2", kind: .dataCenter, transport: transport)
        XCTAssertEqual(try jira.myself().name, "Ann")
        let header = asked.value.first?.headers.first { $0.name == "authorization" }
        XCTAssertEqual(header?.value, "Bearer hunter2")
        let cut = ClosureTransport { _ in throw Broken(what: "cable cut") }
        let service = try FlowNexus(key: "hunter2", transport: cut)
        let atlas = try withSample { _ = try $0.flowNexus(service: service) }
        let degraded = try atlas.predict(key: lastKey(atlas)).degraded
        XCTAssertEqual(degraded.map { $0.reason.contains("cable cut") }, [true])
    }

    func testASyncIsStoppedWhileJiraIsSilent() throws {
        let asked = DispatchSemaphore(value: 0)
        let end = DispatchSemaphore(value: 0)
        let silent = ClosureTransport { _ in
            asked.signal()
            _ = end.wait(timeout: .now() + 20)
            throw Broken(what: "too late")
        }
        let jira = try Jira(site: "https://jira.example.com", token: "hunter2", kind: .dataCenter, transport: silent)
        let stop = Cancellation()
        Thread.detachNewThread {
            asked.wait()
            stop.cancel()
        }
        let atlas = try Atlas.openInMemory()
        assertFails(
            "CANCELLED",
            try atlas.sync(jira: jira, options: SyncOptions(projects: ["WRKA"]), cancellation: stop))
        XCTAssertEqual(try atlas.database().counts().tickets, 0)
        end.signal()
    }
}
