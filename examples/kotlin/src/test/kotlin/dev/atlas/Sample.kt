// What the tests share: the invented tickets of examples/sample.
package dev.atlas

import java.nio.file.Files
import java.util.concurrent.atomic.AtomicInteger

val sample: String = System.getProperty("atlas.sample")

private val folder = Files.createTempDirectory("atlas").also { it.toFile().deleteOnExit() }
private val copies = AtomicInteger()

/** A database with the sample, imported once. */
private val imported: String by lazy {
    "$folder/sample.db".also { path ->
        openAtlas(path).use {
            it.tickets().importFile("$sample/tickets.jsonl")
            it.patterns().importFile("$sample/patterns.csv")
            it.learning().importHistory("$sample/history.csv")
        }
    }
}

/** A database of its own with the sample in it. */
fun withSample(configure: AtlasBuilder.() -> Unit = {}): Atlas {
    val copy = folder.resolve("${copies.incrementAndGet()}.db")
    Files.copy(java.nio.file.Path.of(imported), copy)
    copy.toFile().deleteOnExit()
    return openAtlas(copy.toString(), configure)
}
