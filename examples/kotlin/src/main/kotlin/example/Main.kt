// A tester's afternoon in Kotlin: import, a plugin, a prediction, a session, an error.
package example

import dev.atlas.*
import kotlin.math.roundToInt

fun main(arguments: Array<String>) {
    val sample = arguments.firstOrNull() ?: "../sample"
    val house = predictor("house-rules") { query ->
        val export = "export" in query.draft.summary.lowercase()
        Suggestions(if (export) listOf(candidate("Open the export in Excel", 0.8f)) else emptyList())
    }
    openAtlas { predictor(house) }.use { atlas ->
        val tickets = atlas.tickets().importFile("$sample/tickets.jsonl")
        atlas.patterns().importFile("$sample/patterns.csv")
        atlas.learning().importHistory("$sample/history.csv")
        println("${tickets.new} tickets imported")

        val key = atlas.tickets().list().last().key
        val prediction = atlas.predict(key, topK = 3)
        println("\nWhat to test for $key:")
        for (scenario in prediction.scenarios) {
            println("  ${scenario.confidence.roundToInt()} %  ${scenario.name} (${scenario.minutes} minutes)")
            scenario.reasons.firstOrNull()?.let { println("        ${it.text}") }
        }
        val draft = Draft(summary = "CSV export drops umlauts", components = listOf("Reports"))
        println("\nAnd for a new text:")
        atlas.predictDraft(draft, topK = 3).scenarios.forEach { println("  ${it.name}") }

        val session = atlas.sessions().start(key, SessionPlan.Prediction(prediction.id!!))
        atlas.sessions().stepDone(session.id, 1u)
        val result = atlas.sessions().end(session.id, Outcome.PASSED)
        println("\nSession passed: ${result.xpEarned} XP, level ${result.level}")
        result.coach?.let { println("  $it") }

        try {
            atlas.predict("WRKA-99999")
        } catch (error: AtlasException.NotFound) {
            println("\n${error.code}: ${error.message}")
        }
    }
}
