// What Kotlin costs: `exec:exec -Dexec.main=example.MeasureKt -Dexec.argument=DATABASE`, with a release library.
// DATABASE may be target/benches/predict.db, which `make bench` makes; without one the sample is imported.
package example

import dev.atlas.*
import java.io.File

private const val TICKETS = 1_000

/** The median of so many calls, in microseconds. */
private fun median(times: Int, call: (Int) -> Unit): Double {
    val taken = List(times) { turn ->
        val start = System.nanoTime()
        call(turn)
        (System.nanoTime() - start) / 1e3
    }
    return taken.sorted()[times / 2]
}

/** Names a scenario for every ticket, and notes when it had finished a batch. */
private class Answers : Predictor {
    var finished = 0L
    override fun name() = "answers"
    override fun predict(queries: List<Query>): List<Suggestions> {
        val answers = queries.map { Suggestions(listOf(candidate("A scenario of its own", 0.4f))) }
        finished = System.nanoTime()
        return answers
    }
}

/** Asked next: the time since is spent on reading the answers and on asking again. */
private class Follows(val before: Answers) : Predictor {
    var tickets = 0
    var nanoseconds = 0L
    override fun name() = "follows"
    override fun predict(queries: List<Query>): List<Suggestions> {
        nanoseconds += System.nanoTime() - before.finished
        tickets += queries.size
        return queries.map { Suggestions() }
    }
}

private fun kilobytes() =
    File("/proc/self/status").readLines().first { it.startsWith("VmRSS") }.filter(Char::isDigit).toLong()

fun main(arguments: Array<String>) {
    val database = arguments.firstOrNull { it.endsWith(".db") }
    fun opened(configure: AtlasBuilder.() -> Unit) = openAtlas(database) {
        settings(Settings(retrainAfter = null, blend = BlendPolicy.WEIGHTED_SUM))
        configure()
    }.apply {
        if (database == null) {
            tickets().importFile("${arguments[0]}/tickets.jsonl")
            patterns().importFile("${arguments[0]}/patterns.csv")
            learning().importHistory("${arguments[0]}/history.csv")
        }
    }
    opened { cache(false) }.use { atlas ->
        val keys = atlas.tickets().list().map { it.key }
        repeat(300) { atlas.predict(keys[it * 7 % keys.size]) }
        println("predict a stored ticket      %8.0f µs".format(median(500) { atlas.predict(keys[it * 7 % keys.size]) }))
    }
    opened {}.use { atlas ->
        val keys = atlas.tickets().list().take(65).map { it.key }
        println("predict, from the cache      %8.0f µs".format(median(3_000) { atlas.predict(keys[it % keys.size]) }))
        repeat(4) { round ->
            val before = kilobytes()
            repeat(10_000) { atlas.predict(keys[it % keys.size]) }
            println("10,000 predictions, round ${round + 1}  %6d kB more than %d kB".format(kilobytes() - before, before))
        }
    }
    val answers = Answers()
    val follows = Follows(answers)
    opened { predictor(answers); predictor(follows) }.use { atlas ->
        // Twice as many before, for the machine's compiler.
        for (counted in listOf(2 * TICKETS, TICKETS)) {
            follows.tickets = 0
            follows.nanoseconds = 0
            while (follows.tickets < counted) atlas.backtest(BacktestOptions(resamples = 1))
        }
        val each = follows.nanoseconds / 1e3 / follows.tickets
        println("a predictor, in batches      %8.2f µs a ticket, of %d".format(each, follows.tickets))
    }
}
