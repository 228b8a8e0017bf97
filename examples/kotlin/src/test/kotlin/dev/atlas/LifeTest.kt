// Threads, coroutines, memory, and the end of the program.
package dev.atlas

import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

class LifeTest {
    @Test
    fun `eight threads ask at once`() = withSample { predictor(predictor("quiet") { Suggestions() }) }.use { atlas ->
        val keys = atlas.tickets().list().map { it.key }
        val expected = keys.take(16).associateWith { atlas.predict(it).scenarios.map { s -> s.name } }
        val pool = Executors.newFixedThreadPool(8)
        val calls = List(8) { thread ->
            Callable { expected.keys.drop(thread % 4).all { atlas.predict(it).scenarios.map { s -> s.name } == expected[it] } }
        }
        assertTrue(pool.invokeAll(calls).all { it.get() })
        pool.shutdown()
    }

    @Test
    fun `coroutines do not hold up their thread`() = runBlocking {
        withSample().use { atlas ->
            val keys = atlas.tickets().list().take(4).map { it.key }
            val predictions = keys.map { key -> async { atlas.io { predict(key) } } }.awaitAll()
            assertEquals(keys, predictions.map { it.ticketKey })
        }
    }

    @Test
    fun `cancelling a coroutine stops the call`() = runBlocking {
        openAtlas().use { atlas ->
            val begun = CompletableDeferred<Unit>()
            var finished = false
            val job = launch {
                atlas.io { stop ->
                    tickets().importFile("$sample/tickets.jsonl", onProgress { begun.complete(Unit); Thread.sleep(20) }, stop)
                }
                finished = true
            }
            begun.await()
            job.cancelAndJoin()
            assertFalse(finished)
            assertTrue(job.isCancelled)
        }
    }

    @Test
    fun `ten thousand predictions leave the process as large as it was`() = withSample().use { atlas ->
        val status = File("/proc/self/status")
        assumeTrue(status.exists(), "there is no /proc here")
        fun kilobytes() = status.readLines().first { it.startsWith("VmRSS") }.filter(Char::isDigit).toLong()
        val keys = atlas.tickets().list().map { it.key }
        repeat(3_000) { atlas.predict(keys[it % keys.size]) }
        System.gc()
        val before = kilobytes()
        repeat(10_000) { atlas.predict(keys[it % keys.size]) }
        System.gc()
        val grown = kilobytes() - before
        println("10,000 predictions: $grown kB more than $before kB")
        assertTrue(grown < 10_000, "$grown kB more than $before kB")
    }

    @Test
    fun `the program ends when main returns`() {
        val java = "${System.getProperty("java.home")}/bin/java"
        val library = "-Djna.library.path=${System.getProperty("jna.library.path")}"
        val command = listOf(java, library, "-cp", System.getProperty("java.class.path"), "example.MainKt", sample)
        val output = File.createTempFile("atlas", ".txt").apply { deleteOnExit() }
        val process = ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start()
        val ended = process.waitFor(120, TimeUnit.SECONDS)
        process.destroyForcibly()
        assertTrue(ended, "it is still there")
        assertEquals(0, process.exitValue(), output.readText())
        assertTrue("TICKET_NOT_FOUND: ticket WRKA-99999" in output.readText(), output.readText())
    }
}
