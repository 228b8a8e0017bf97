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
        XCTAssertEqual(try atlas.addTickets(tickets: [ticket]).new, 1)
        let stored = try atlas.ticket(key: "WRKA-9001")
        // A Date counts in binary fractions of a second.
        let created = try XCTUnwrap(stored.created).timeIntervalSince1970
        XCTAssertEqual(created, 1_739_440_800.123, accuracy: 1e-6)
        var expected = ticket
        expected.created = stored.created
        XCTAssertEqual(stored, expected)
        XCTAssertGreaterThan(try atlas.encodePending(), 0)
        XCTAssertEqual(try atlas.counts().unencoded, 0)
    }

    func testPatternsCanBeKept() throws {
        let atlas = try withSample()
        let pattern = TestPattern(
            name: "Umlauts survive the export", patternType: "Data Export",
            steps: [Step(action: "Export Ä", expected: "Ä is there")], avgTimeMinutes: 12, origin: .user)
        let stored = try atlas.addPattern(pattern: pattern)
        XCTAssertEqual(stored.pattern.steps, pattern.steps)
        let id = String(stored.id)
        XCTAssertEqual(try atlas.renamePattern(idOrKey: id, name: "Other").pattern.name, "Other")
        XCTAssertFalse(try atlas.retirePattern(idOrKey: id).pattern.isActive)
        XCTAssertEqual(try atlas.patterns(filter: PatternFilter(text: "Other", active: false)).map(\.id), [stored.id])
        XCTAssertLessThanOrEqual(try atlas.detectPatterns(options: DetectOptions(limit: 3)).count, 3)
        XCTAssertLessThanOrEqual(try atlas.duplicatePatterns().count, 50)
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
        let stored = try atlas.scenario(predictionId: XCTUnwrap(scenario.predictionId))
        XCTAssertEqual(stored.name, scenario.name)
        XCTAssertEqual(try atlas.latestPrediction(key: key)?.id, prediction.id)
        XCTAssertNil(try atlas.predictDraft(draft: Draft(summary: "Login fails")).id)
        XCTAssertFalse(try atlas.analyze(key: key).similarTickets.isEmpty)
        XCTAssertEqual(try atlas.similar(key: key, options: SimilarOptions(limit: 2)).count, 2)
        _ = try atlas.duplicates(key: key)
        _ = try atlas.coverageGaps(key: key, chosen: [.name("Login")])
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
        XCTAssertLessThanOrEqual(try atlas.questions(n: 3).count, 3)
        XCTAssertEqual(try atlas.askQuestions(n: 3), try atlas.questions(n: 3))
    }

    func testASessionIsPlayedToItsEnd() throws {
        let atlas = try withSample()
        let key = try lastKey(atlas)
        let id = try XCTUnwrap(atlas.predict(key: key, topK: 2).id)
        let session = try atlas.startSession(key: key, plan: .prediction(id))
        _ = try atlas.stepDone(sessionId: session.id, step: 1)
        _ = try atlas.pauseSession(sessionId: session.id)
        XCTAssertEqual(try atlas.resumeSession(sessionId: session.id).status, .active)
        _ = try atlas.noteInSession(sessionId: session.id, text: "All well")
        let result = try atlas.endSession(sessionId: session.id, outcome: .passed)
        XCTAssertGreaterThan(result.xpEarned, 0)
        XCTAssertTrue(result.xpParts.allSatisfy { !$0.label.isEmpty && $0.xp > 0 })
        XCTAssertEqual(try atlas.sessionEvents(sessionId: session.id).last?.kind, .ended(outcome: .passed))
        XCTAssertFalse(try atlas.standing().achievements.isEmpty)
        XCTAssertEqual(try atlas.activity(days: 2).last?.day, try atlas.now().day)
        XCTAssertGreaterThan(try atlas.quickStats().ticketsToday, 0)
        let challenge = try atlas.offerChallenge()
        XCTAssertEqual(try atlas.challenge(), challenge)
        _ = try atlas.greeting()
    }

    func testLongListsAreReadAPageAtATime() throws {
        let atlas = try withSample()
        for key in try atlas.tickets().prefix(3).map(\.key) {
            let session = try atlas.startSession(key: key, plan: .free)
            _ = try atlas.endSession(sessionId: session.id, outcome: .passed)
        }
        let newest = try atlas.sessions(limit: 3).map(\.id)
        let sessions = atlas.allSessions(page: 2)
        var found: [Int64] = []
        while let session = try sessions.next() { found.append(session.id) }
        XCTAssertEqual(Array(found.prefix(3)), newest)
        XCTAssertEqual(Set(found).count, found.count)
        XCTAssertNil(try sessions.next())
        let total = try atlas.myWork(limit: 1_000).tickets.count
        let work = atlas.allWork(page: 7)
        var count = 0
        while try work.next() != nil { count += 1 }
        XCTAssertEqual(count, total)
    }

    func testWorkNotesAndTheProfile() throws {
        let atlas = try withSample()
        let key = try lastKey(atlas)
        XCTAssertEqual(try atlas.setNote(key: key, note: "Mind the umlauts")?.note, "Mind the umlauts")
        XCTAssertEqual(try atlas.setDifficulty(key: key, difficulty: 3)?.difficulty, 3)
        XCTAssertEqual(try atlas.searchNotes(words: "umlauts").map(\.ticketKey), [key])
        XCTAssertTrue(try atlas.clearNote(key: key))
        let changed = try atlas.updateProfile(change: ProfileChange(username: "ann", theme: .dark))
        XCTAssertEqual(changed.theme, .dark)
        let settings = UserSettings(dayStart: 5, timeZone: "Europe/Berlin", weights: ["neural": 0.5])
        try atlas.setUserSettings(settings: settings)
        XCTAssertEqual(try atlas.userSettings(), settings)
    }

    func testMemoryIsFoundByMeaning() throws {
        let atlas = try withSample()
        try atlas.memoryPut(entry: MemoryEntry(
            memoryType: "context", key: "export", value: "the CSV export drops umlauts in Excel"))
        let hits = try atlas.memorySearch(text: "encoding of exported files", k: 1)
        XCTAssertEqual(hits.map(\.entry.key), ["export"])
        XCTAssertNotNil(try atlas.memoryGet(memoryType: "context", key: "export")?.createdAt)
        XCTAssertTrue(try atlas.memoryDelete(memoryType: "context", key: "export"))
    }

    func testLearningTellsWhatItDid() throws {
        let atlas = try withSample()
        XCTAssertNotNil(try atlas.retrain()?.log.decision)
        XCTAssertFalse(try atlas.models().isEmpty)
        _ = try atlas.trainingStatus()
        try atlas.rollBack()
        let report = try atlas.backtest(options: BacktestOptions(resamples: 20))
        XCTAssertFalse(report.methods.isEmpty)
        XCTAssertTrue(try backtestSvg(report: report).contains("<svg"))
    }

    func testTheFileCanBeCaredFor() throws {
        let folder = try scratch()
        let atlas = try withSample()
        let rows = try atlas.exportAll(path: "\(folder)/all.jsonl.gz")
        let other = try AtlasBuilder().starterCatalogue(wanted: false).open(path: "\(folder)/new.db")
        XCTAssertEqual(try other.importAll(path: "\(folder)/all.jsonl.gz")["tickets"], rows["tickets"])
        XCTAssertEqual(try other.check(), [])
        try atlas.backup(path: "\(folder)/copy.db")
        XCTAssertFalse(try atlas.backupToFolder(folder: "\(folder)/backups", keep: 2).path.isEmpty)
        let back = try restoreBackup(backup: "\(folder)/copy.db", database: "\(folder)/back.db")
        XCTAssertEqual(back.path, "\(folder)/back.db")
        XCTAssertGreaterThan(try atlas.exportTraining(path: "\(folder)/training.jsonl"), 0)
    }

    func testValuesOfTheLanguageCross() throws {
        let atlas = try withSample()
        XCTAssertGreaterThan(try XCTUnwrap(atlas.now().day.year), 2000)
        XCTAssertNil(try atlas.lastSync())
        XCTAssertFalse(try atlas.syncStatus().running)
        let old = try atlas.unusedPatterns(since: Date(timeIntervalSince1970: 0)).count
        XCTAssertLessThanOrEqual(old, try atlas.patterns().count)
    }
}
