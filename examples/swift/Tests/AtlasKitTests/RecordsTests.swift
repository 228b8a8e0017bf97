// Every area of `Atlas`: what goes in comes back, and what it says has all its parts.
import AtlasKit
import XCTest

final class RecordsTests: XCTestCase {
    func testTicketsComeBackAsTheyWentIn() throws {
        let atlas = try Atlas.openInMemory()
        let ticket = Ticket(
            key: "WRKA-9001", jiraId: "77", summary: "Umlauts: ÄÖÜ 🦊", description: "Line\nline",
            ticketType: "Bug", status: "Open", priority: "High", assignee: "Ann", reporter: "Ben",
            components: ["Reports"], labels: ["csv"], created: Date(timeIntervalSince1970: 1_739_440_800.123),
            parent: "WRKA-1012", links: [TicketLink(kind: "Relates", key: "WRKA-1017")])
        XCTAssertEqual(try atlas.tickets().add(tickets: [ticket]).new, 1)
        let stored = try atlas.tickets().get(key: "WRKA-9001")
        // A Date counts in binary fractions of a second.
        let created = try XCTUnwrap(stored.created).timeIntervalSince1970
        XCTAssertEqual(created, 1_739_440_800.123, accuracy: 1e-6)
        var expected = ticket
        expected.created = stored.created
        XCTAssertEqual(stored, expected)
        XCTAssertGreaterThan(try atlas.database().encode(), 0)
        XCTAssertEqual(try atlas.database().counts().unencoded, 0)
    }

    func testPatternsCanBeKept() throws {
        let atlas = try withSample()
        let pattern = TestPattern(
            name: "Umlauts survive the export", patternType: "Data Export",
            steps: [Step(action: "Export Ä", expected: "Ä is there")], avgTimeMinutes: 12, origin: .user)
        let stored = try atlas.patterns().add(pattern: pattern)
        XCTAssertEqual(stored.pattern.steps, pattern.steps)
        let id = String(stored.id)
        XCTAssertEqual(try atlas.patterns().rename(idOrKey: id, name: "Other").pattern.name, "Other")
        XCTAssertFalse(try atlas.patterns().retire(idOrKey: id).pattern.isActive)
        XCTAssertEqual(try atlas.patterns().list(filter: PatternFilter(text: "Other", active: false)).map(\.id), [stored.id])
        XCTAssertLessThanOrEqual(try atlas.patterns().detect(options: DetectOptions(limit: 3)).count, 3)
        XCTAssertLessThanOrEqual(try atlas.patterns().duplicates().count, 50)
    }

    func testAPredictionTellsEverything() throws {
        let atlas = try withSample()
        let key = try lastKey(atlas)
        let prediction = try atlas.predict(key: key, topK: 3)
        XCTAssertEqual(prediction.scenarios.count, 3)
        let scenario = prediction.scenarios[0]
        XCTAssertEqual(scenario.parts.map(\.value).reduce(0, +), scenario.confidence, accuracy: 0.01)
        XCTAssertLessThanOrEqual(scenario.minutesLow, scenario.minutes)
        XCTAssertLessThanOrEqual(scenario.minutes, scenario.minutesHigh)
        let stored = try atlas.predictions().scenario(predictionId: XCTUnwrap(scenario.predictionId))
        XCTAssertEqual(stored.name, scenario.name)
        XCTAssertEqual(try atlas.predictions().latest(key: key)?.id, prediction.id)
        XCTAssertNil(try atlas.predictDraft(draft: Draft(summary: "Login fails")).id)
        XCTAssertFalse(try atlas.analyze(key: key).similarTickets.isEmpty)
        XCTAssertEqual(try atlas.similar(key: key, options: SimilarOptions(limit: 2)).count, 2)
        _ = try atlas.duplicates(key: key)
        _ = try atlas.gaps(key: key, chosen: [.name("Login")])
        XCTAssertEqual(try atlas.review(key: key).ticketKey, key)
        let draft = Draft(summary: "Upload", description: "Large files must be refused.")
        let asked = try XCTUnwrap(atlas.reviewDraft(draft: draft).findings.first)
        XCTAssertEqual(asked.code, "limit-without-number")
        XCTAssertEqual(asked.quotes.map(\.part), [.description])
    }

    func testAnAnswerCanBeGivenAndTakenBack() throws {
        let atlas = try withSample()
        let key = try lastKey(atlas)
        let scenario = try XCTUnwrap(atlas.predict(key: key).scenarios.first?.predictionId)
        let answer = Feedback(answer: .modified(steps: [Step(action: "Do it my way")]), rating: 4, actualMinutes: 20)
        let receipt = try atlas.feedback(target: .scenario(scenario), feedback: answer)
        XCTAssertEqual(receipt.items.map(\.answer), [.modified])
        XCTAssertEqual(try atlas.undo(feedbackId: receipt.feedbackId).feedback.feedbackId, receipt.feedbackId)
        let missed = Missed.new(
            name: "A case of my own", steps: [Step(action: "Look")], patternType: nil, component: nil)
        XCTAssertEqual(try atlas.missed(key: key, missed: missed, minutes: 5).items.map(\.madePattern), [true])
        XCTAssertLessThanOrEqual(try atlas.predictions().questions(n: 3).count, 3)
        XCTAssertEqual(try atlas.predictions().askQuestions(n: 3), try atlas.predictions().questions(n: 3))
    }

    func testASessionIsPlayedToItsEnd() throws {
        let atlas = try withSample()
        let key = try lastKey(atlas)
        let id = try XCTUnwrap(atlas.predict(key: key, topK: 2).id)
        let session = try atlas.sessions().start(key: key, plan: .prediction(id))
        _ = try atlas.sessions().stepDone(sessionId: session.id, step: 1)
        _ = try atlas.sessions().pause(sessionId: session.id)
        XCTAssertEqual(try atlas.sessions().resume(sessionId: session.id).status, .active)
        _ = try atlas.sessions().note(sessionId: session.id, text: "All well")
        let result = try atlas.sessions().end(sessionId: session.id, outcome: .passed)
        XCTAssertGreaterThan(result.xpEarned, 0)
        XCTAssertTrue(result.xpParts.allSatisfy { !$0.label.isEmpty && $0.xp > 0 })
        XCTAssertEqual(try atlas.sessions().events(sessionId: session.id).last?.kind, .ended(outcome: .passed))
        XCTAssertFalse(try atlas.play().standing().achievements.isEmpty)
        XCTAssertEqual(try atlas.play().activity(days: 2).last?.day, try atlas.profile().now().day)
        XCTAssertGreaterThan(try atlas.tickets().quickStats().ticketsToday, 0)
        let challenge = try atlas.play().offerChallenge()
        XCTAssertEqual(try atlas.play().challenge(), challenge)
        _ = try atlas.play().greeting()
    }

    func testLongListsAreReadAPageAtATime() throws {
        let atlas = try withSample()
        for key in try atlas.tickets().list().prefix(3).map(\.key) {
            let session = try atlas.sessions().start(key: key, plan: .free)
            _ = try atlas.sessions().end(sessionId: session.id, outcome: .passed)
        }
        let newest = try atlas.sessions().list(limit: 3).map(\.id)
        let sessions = atlas.allSessions(page: 2)
        var found: [Int64] = []
        while let session = try sessions.next() { found.append(session.id) }
        XCTAssertEqual(Array(found.prefix(3)), newest)
        XCTAssertEqual(Set(found).count, found.count)
        XCTAssertNil(try sessions.next())
        let total = try atlas.tickets().work(limit: 1_000).tickets.count
        let work = atlas.allWork(page: 7)
        var count = 0
        while try work.next() != nil { count += 1 }
        XCTAssertEqual(count, total)
    }

    func testWorkNotesAndTheProfile() throws {
        let atlas = try withSample()
        let key = try lastKey(atlas)
        XCTAssertEqual(try atlas.tickets().setNote(key: key, note: "Mind the umlauts")?.note, "Mind the umlauts")
        XCTAssertEqual(try atlas.tickets().setDifficulty(key: key, difficulty: 3)?.difficulty, 3)
        XCTAssertEqual(try atlas.tickets().searchNotes(words: "umlauts").map(\.ticketKey), [key])
        XCTAssertTrue(try atlas.tickets().clearNote(key: key))
        let changed = try atlas.profile().update(change: ProfileChange(username: "ann", theme: .dark))
        XCTAssertEqual(changed.theme, .dark)
        let settings = UserSettings(dayStart: 5, timeZone: "Europe/Berlin", weights: ["neural": 0.5])
        try atlas.profile().setSettings(settings: settings)
        XCTAssertEqual(try atlas.profile().settings(), settings)
    }

    func testMemoryIsFoundByMeaning() throws {
        let atlas = try withSample()
        try atlas.memory().put(entry: MemoryEntry(
            memoryType: "context", key: "export", value: "the CSV export drops umlauts in Excel"))
        let hits = try atlas.memory().search(text: "encoding of exported files", k: 1)
        XCTAssertEqual(hits.map(\.entry.key), ["export"])
        XCTAssertNotNil(try atlas.memory().get(memoryType: "context", key: "export")?.createdAt)
        XCTAssertTrue(try atlas.memory().delete(memoryType: "context", key: "export"))
    }

    func testLearningTellsWhatItDid() throws {
        let atlas = try withSample()
        XCTAssertNotNil(try atlas.learning().retrain()?.log.decision)
        XCTAssertFalse(try atlas.learning().models().isEmpty)
        _ = try atlas.learning().status()
        try atlas.learning().rollBack()
        let report = try atlas.backtest(options: BacktestOptions(resamples: 20))
        XCTAssertFalse(report.methods.isEmpty)
        XCTAssertTrue(try backtestSvg(report: report).contains("<svg"))
    }

    func testTheFileCanBeCaredFor() throws {
        let folder = try scratch()
        let atlas = try withSample()
        let rows = try atlas.database().exportAllTo(path: "\(folder)/all.jsonl.gz")
        let other = try AtlasBuilder().starterCatalogue(wanted: false).open(path: "\(folder)/new.db")
        XCTAssertEqual(try other.database().importAll(path: "\(folder)/all.jsonl.gz")["tickets"], rows["tickets"])
        XCTAssertEqual(try other.database().check(), [])
        try atlas.database().backup(path: "\(folder)/copy.db")
        XCTAssertFalse(try atlas.database().backupToFolder(folder: "\(folder)/backups", keep: 2).path.isEmpty)
        let back = try restoreBackup(backup: "\(folder)/copy.db", database: "\(folder)/back.db")
        XCTAssertEqual(back.path, "\(folder)/back.db")
        XCTAssertGreaterThan(try atlas.learning().exportTrainingTo(path: "\(folder)/training.jsonl"), 0)
    }

    func testValuesOfTheLanguageCross() throws {
        let atlas = try withSample()
        XCTAssertGreaterThan(try XCTUnwrap(atlas.profile().now().day.year), 2000)
        XCTAssertNil(try atlas.jira().lastSync())
        XCTAssertFalse(try atlas.jira().status().running)
        let old = try atlas.patterns().unused(since: Date(timeIntervalSince1970: 0)).count
        XCTAssertLessThanOrEqual(old, try atlas.patterns().list().count)
    }
}
