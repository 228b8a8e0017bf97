// Every area of Atlas once, and what comes back.
package dev.atlas

import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestInstance
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import java.time.Instant
import java.time.LocalTime
import java.time.ZoneId

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordsTest {
    private lateinit var atlas: Atlas
    private lateinit var key: String

    @BeforeAll
    fun open() {
        atlas = withSample()
        key = atlas.tickets().list().last().key
    }

    @AfterAll
    fun close() = atlas.close()

    @Test
    fun `tickets come back as they went in`() {
        val ticket = Ticket(
            key = "WRKA-9001", jiraId = "77", summary = "Umlauts: ÄÖÜ 🦊", description = "Line\nline",
            ticketType = "Bug", status = "Open", priority = "High", resolution = null, assignee = "Ann",
            reporter = "Ben", components = listOf("Reports"), labels = listOf("csv"),
            created = Instant.parse("2025-02-13T10:00:00.123Z"), updated = null, resolved = null,
            parent = "WRKA-1012", links = listOf(TicketLink("Relates", "WRKA-1017")),
        )
        assertEquals(1UL, atlas.tickets().add(listOf(ticket)).new)
        assertEquals(ticket, atlas.tickets().get("WRKA-9001"))
        assertTrue(atlas.database().encode() > 0UL)
        assertEquals(0UL, atlas.database().counts().unencoded)
    }

    @Test
    fun `patterns can be kept`() {
        val pattern = TestPattern(
            name = "Umlauts survive the export", patternType = "Data Export", origin = PatternOrigin.USER,
            steps = listOf(Step("Export Ä", "Ä is there", null)), avgTimeMinutes = 12u,
        )
        val stored = atlas.patterns().add(pattern)
        assertEquals(pattern.steps, stored.pattern.steps)
        assertEquals("Other", atlas.patterns().rename(stored.id.toString(), "Other").pattern.name)
        assertFalse(atlas.patterns().retire(stored.id.toString()).pattern.isActive)
        assertTrue(atlas.patterns().list(PatternFilter(text = "Other", active = false)).isNotEmpty())
        assertTrue(atlas.patterns().detect(DetectOptions(limit = 3)).size <= 3)
        assertTrue(atlas.patterns().duplicates().size <= 50)
    }

    @Test
    fun `a prediction tells everything`() {
        val prediction = atlas.predict(key, topK = 3)
        assertEquals(3, prediction.scenarios.size)
        val scenario = prediction.scenarios.first()
        assertTrue(scenario.confidence in 0f..100f)
        assertEquals(scenario.confidence, scenario.parts.map { it.value }.sum(), 0.01f)
        assertTrue(scenario.minutesLow <= scenario.minutes && scenario.minutes <= scenario.minutesHigh)
        assertEquals(scenario.name, atlas.predictions().scenario(scenario.predictionId!!).name)
        assertEquals(prediction.id, atlas.predictions().latest(key)?.id)
        assertNull(atlas.predictDraft(Draft(summary = "Login fails")).id)
        assertTrue(atlas.analyze(key).similarTickets.isNotEmpty())
        assertEquals(2, atlas.similar(key, SimilarOptions(limit = 2)).size)
        atlas.duplicates(key)
        atlas.gaps(key, listOf(ChosenScenario.Name("Login")))
        assertEquals(key, atlas.review(key).ticketKey)
        val asked = atlas.reviewDraft(Draft(summary = "Upload", description = "Large files must be refused."))
        assertEquals("limit-without-number", asked.findings.first().code)
        assertEquals(TicketPart.DESCRIPTION, asked.findings.first().quotes.single().part)
    }

    @Test
    fun `an answer can be given and taken back`() {
        val scenario = atlas.predict(key).scenarios.first()
        val answer = Feedback(Answer.Modified(listOf(Step("Do it my way"))), rating = 4u, actualMinutes = 20u)
        val receipt = atlas.feedback(FeedbackTarget.Scenario(scenario.predictionId!!), answer)
        assertEquals(AnswerKind.MODIFIED, receipt.items.single().answer)
        assertEquals(receipt.feedbackId, atlas.undo(receipt.feedbackId).feedback.feedbackId)
        val missed = Missed.New("A case of my own", listOf(Step("Look")), null, null)
        assertTrue(atlas.missed(key, missed, minutes = 5u).items.single().madePattern)
        assertTrue(atlas.predictions().questions(3).size <= 3)
        assertEquals(atlas.predictions().questions(3), atlas.predictions().askQuestions(3))
    }

    @Test
    fun `a session is played to its end`() {
        val prediction = atlas.predict(key, topK = 2)
        val session = atlas.sessions().start(key, SessionPlan.Prediction(prediction.id!!))
        atlas.sessions().stepDone(session.id, 1u)
        atlas.sessions().pause(session.id)
        assertEquals(SessionStatus.ACTIVE, atlas.sessions().resume(session.id).status)
        atlas.sessions().note(session.id, "All well")
        val result = atlas.sessions().end(session.id, Outcome.PASSED)
        assertTrue(result.xpEarned > 0u)
        assertTrue(result.xpParts.all { it.label.isNotEmpty() && it.xp > 0u })
        val events = atlas.sessions().events(session.id)
        assertTrue(events.first().kind is EventKind.SessionStarted)
        assertEquals(EventKind.Ended(Outcome.PASSED), events.last().kind)
        assertTrue(atlas.play().standing().achievements.isNotEmpty())
        assertEquals(atlas.profile().now().day, atlas.play().activity(days = 2u).last().day)
        assertTrue(atlas.tickets().quickStats().ticketsToday > 0u)
        assertTrue(atlas.allSessions(page = 1).any { it.id == session.id })
        val challenge = atlas.play().offerChallenge()
        assertEquals(challenge, atlas.play().challenge())
        atlas.play().greeting()
    }

    @Test
    fun `work, notes and the profile`() {
        assertEquals("Mind the umlauts", atlas.tickets().setNote(key, "Mind the umlauts")?.note)
        assertEquals(3.toUByte(), atlas.tickets().setDifficulty(key, 3u)?.difficulty)
        assertEquals(key, atlas.tickets().searchNotes("umlauts").single().ticketKey)
        assertTrue(atlas.tickets().clearNote(key))
        assertTrue(atlas.allWork(WorkFilter(unresolved = true), page = 7).count() >= 0)
        val changed = atlas.profile().update(ProfileChange(username = "ann", theme = Theme.DARK))
        assertEquals(Theme.DARK, changed.theme)
        val settings = atlas.profile().settings().let {
            UserSettings(5u, "Europe/Berlin", it.assignee, mapOf("neural" to 0.5f))
        }
        atlas.profile().setSettings(settings)
        assertEquals(settings, atlas.profile().settings())
    }

    @Test
    fun `memory is found by meaning`() {
        atlas.memory().put(MemoryEntry("context", "export", "the CSV export drops umlauts in Excel"))
        assertEquals("export", atlas.memory().search("encoding of exported files", k = 1).single().entry.key)
        assertNotNull(atlas.memory().get("context", "export")?.createdAt)
        assertTrue(atlas.memory().delete("context", "export"))
    }

    @Test
    fun `learning tells what it did`() {
        val report = withSample().use { other ->
            assertNotNull(other.learning().retrain()?.log?.decision)
            assertTrue(other.learning().models().isNotEmpty())
            other.learning().status()
            other.learning().rollBack()
            other.backtest(BacktestOptions(resamples = 20))
        }
        assertTrue(report.methods.isNotEmpty())
        assertTrue("<svg" in backtestSvg(report))
    }

    @Test
    fun `the file can be cared for`(@TempDir folder: Path) {
        val rows = atlas.database().exportAllTo("$folder/all.jsonl.gz")
        openAtlas("$folder/new.db") { starterCatalogue(false) }.use {
            assertEquals(rows["tickets"], it.database().importAll("$folder/all.jsonl.gz")["tickets"])
            assertEquals(emptyList<String>(), it.database().check())
        }
        atlas.database().backup("$folder/copy.db")
        assertTrue(atlas.database().backupToFolder("$folder/backups", keep = 2).path.isNotEmpty())
        assertEquals("$folder/back.db", restoreBackup("$folder/copy.db", "$folder/back.db").path)
        assertTrue(atlas.learning().exportTrainingTo("$folder/training.jsonl") > 0UL)
    }

    @Test
    fun `values of the language cross`() {
        val daily = Schedule.Daily(LocalTime.of(6, 30), ZoneId.of("Europe/Berlin"))
        assertEquals(LocalTime.of(6, 30), daily.at)
        assertNull(atlas.jira().lastSync())
        assertFalse(atlas.jira().status().running)
        assertTrue(atlas.patterns().unused(since = Instant.EPOCH).size >= 0)
    }
}
