// What the tests share: the invented tickets of examples/sample.
package dev.atlas

val sample: String = System.getProperty("atlas.sample")

/** A database in memory with the sample in it. */
fun withSample(configure: AtlasBuilder.() -> Unit = {}): Atlas = openAtlas(configure = configure).apply {
    importTickets("$sample/tickets.jsonl")
    importPatterns("$sample/patterns.csv")
    importHistory("$sample/history.csv")
}
