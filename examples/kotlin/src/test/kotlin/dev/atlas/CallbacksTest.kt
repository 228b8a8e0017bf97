// What a host implements: plugins, progress, networking; and what they throw.
package dev.atlas

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTimeoutPreemptively
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.time.Duration
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

class CallbacksTest {
    private val house = predictor("house-rules") {
        Suggestions(listOf(candidate("Open it in Excel", 0.9f, listOf(Step("Open"))).copy(
            reasons = listOf(Reason(ReasonKind.PLUGIN, "because", ticketKey = null)),
        )))
    }

    @Test
    fun `a predictor names scenarios, on the thread that asks`() {
        var thread: Thread? = null
        val watching = predictor("watching") { thread = Thread.currentThread(); Suggestions() }
        withSample { predictor(house); predictor(watching); weight("house-rules", 1f) }.use { atlas ->
            val scenario = atlas.predict(atlas.tickets().list().last().key, topK = 10).scenarios
                .single { it.name == "Open it in Excel" }
            assertEquals(Source.Plugin("house-rules"), scenario.source)
            assertEquals("because", scenario.reasons.first().text)
            assertEquals(Thread.currentThread(), thread)
        }
    }

    @Test
    fun `an exception costs a plugin its own vote`() {
        val unexpected = predictor("unexpected") { throw IllegalStateException("out of tea") }
        val typed = object : Predictor {
            override fun name() = "typed"
            override fun predict(queries: List<Query>) = throw CallbackException.Failed("out of milk")
        }
        val wrong = predictor("wrong") { Suggestions(listOf(candidate("Odd", Float.NaN))) }
        val short = object : Predictor {
            override fun name() = "short"
            override fun predict(queries: List<Query>) = emptyList<Suggestions>()
        }
        withSample { listOf(unexpected, typed, wrong, short).forEach { predictor(it) } }.use { atlas ->
            val prediction = atlas.predict(atlas.tickets().list().last().key)
            assertEquals(5, prediction.scenarios.size)
            val reasons = prediction.degraded.associate { it.predictor to it.reason }
            assertEquals(setOf("unexpected", "typed", "wrong", "short"), reasons.keys)
            assertTrue("out of tea" in reasons["unexpected"]!!, reasons["unexpected"])
            assertTrue('\n' !in reasons["unexpected"]!!, "one line, no stack")
            assertTrue("out of milk" in reasons["typed"]!!, reasons["typed"])
        }
    }

    @Test
    fun `a plugin without a name is refused`() {
        val nameless = object : Predictor {
            override fun name() = throw IllegalStateException("who am I")
            override fun predict(queries: List<Query>) = emptyList<Suggestions>()
        }
        val error = assertThrows(AtlasException.Plugin::class.java) { openAtlas { predictor(nameless) } }
        assertEquals("CALLBACK_FAILED", error.code)
    }

    @Test
    fun `a blender orders, and may fail`() {
        val reversed = object : Blender {
            override fun name() = "reversed"
            override fun blend(votes: List<Vote>): List<BlendedScenario> {
                val candidates = votes.single { it.predictor == "neural" }.suggestions.scenarios
                return candidates.filter { it.confidence > 0 }.map {
                    val confidence = 100 * (1 - it.confidence)
                    BlendedScenario(it.scenario, confidence, listOf(Part("reversed", confidence)), Source.Neural, it.reasons)
                }
            }
        }
        withSample { blender(reversed) }.use { atlas ->
            assertEquals("reversed", atlas.predict(atlas.tickets().list().last().key).blend.by)
        }
        val failing = object : Blender {
            override fun name() = "failing"
            override fun blend(votes: List<Vote>) = throw IllegalStateException("no idea")
        }
        withSample { blender(failing) }.use { atlas ->
            val prediction = atlas.predict(atlas.tickets().list().last().key)
            assertEquals("weighted sum", prediction.blend.by)
            assertTrue("no idea" in prediction.degraded.single().reason)
        }
    }

    @Test
    fun `progress is told, and stops`() = openAtlas().use { atlas ->
        val stages = mutableSetOf<Stage>()
        atlas.tickets().importFile("$sample/tickets.jsonl", onProgress { stages += it.stage })
        assertTrue(Stage.ENCODING in stages, "$stages")
        val broken = onProgress { if (it.stage == Stage.ENCODING) throw IllegalStateException("bar broke") }
        val error = assertThrows(AtlasException.Plugin::class.java) {
            atlas.patterns().importFile("$sample/patterns.csv", broken)
        }
        assertTrue("bar broke" in error.message)
        val no = object : ProgressListener {
            override fun onProgress(progress: Progress) = false
        }
        assertThrows(AtlasException.Cancelled::class.java) { atlas.database().encode(no) }
        assertTrue(atlas.database().encode() > 0UL, "what was stopped can be finished")
    }

    @Test
    fun `a call is stopped from another thread`() = withSample().use { atlas ->
        Cancellation().use { stop ->
            val slow = onProgress { if (!stop.isCancelled()) Thread { stop.cancel() }.apply { start(); join() } }
            assertThrows(AtlasException.Cancelled::class.java) { atlas.backtest(progress = slow, cancellation = stop) }
            assertThrows(AtlasException.Cancelled::class.java) { atlas.learning().retrain(cancellation = stop) }
        }
        assertTrue(atlas.predict(atlas.tickets().list().last().key).scenarios.isNotEmpty())
    }

    @Test
    fun `a host's own networking is used`() {
        val asked = mutableListOf<HttpRequest>()
        val transport = object : HttpTransport {
            override fun send(request: HttpRequest): HttpResponse {
                asked += request
                val body = """{"displayName":"Ann","timeZone":"Europe/Berlin","accountId":"1","active":true}"""
                return HttpResponse(200u, listOf(HttpHeader("content-type", "application/json")), body.toByteArray())
            }
        }
        Jira("https://jira.example.com", "hunter2", kind = JiraKind.DATA_CENTER, transport = transport).use { jira ->
            assertEquals("Ann", jira.myself().name)
            assertEquals("https://jira.example.com", jira.site().trimEnd('/'))
        }
        assertTrue(asked.first().headers.any { it.name == "authorization" && it.value == "Bearer hunter2" })
        val broken = object : HttpTransport {
            override fun send(request: HttpRequest): HttpResponse = throw IllegalStateException("cable cut")
        }
        FlowNexus("hunter2", transport = broken).use { service ->
            withSample { flowNexus(service) }.use { atlas ->
                val degraded = atlas.predict(atlas.tickets().list().last().key).degraded.single()
                assertTrue("cable cut" in degraded.reason, degraded.reason)
            }
        }
    }

    @Test
    fun `a sync is stopped while Jira is silent`() {
        val (asked, end) = CountDownLatch(1) to CountDownLatch(1)
        val silent = object : HttpTransport {
            override fun send(request: HttpRequest): HttpResponse {
                asked.countDown()
                end.await(20, TimeUnit.SECONDS)
                throw IllegalStateException("too late")
            }
        }
        val stop = Cancellation()
        val jira = Jira("https://jira.example.com", "hunter2", kind = JiraKind.DATA_CENTER, transport = silent)
        Thread { asked.await(); stop.cancel() }.start()
        openAtlas().use { atlas ->
            assertTimeoutPreemptively(Duration.ofSeconds(15)) {
                assertThrows(AtlasException.Cancelled::class.java) {
                    atlas.sync(jira, SyncOptions(projects = listOf("WRKA")), cancellation = stop)
                }
            }
            assertEquals(0UL, atlas.database().counts().tickets)
        }
        end.countDown()
    }
}
