// What Kotlin has and uniffi cannot generate: builders, lambdas as callbacks, sequences, coroutines.
package dev.atlas

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** Opens a database file with plugins and settings; in memory without a [path]. */
fun openAtlas(path: String? = null, configure: AtlasBuilder.() -> Unit = {}): Atlas =
    AtlasBuilder().use { builder ->
        builder.configure()
        if (path == null) builder.openInMemory() else builder.open(path)
    }

/** Stable, such as `TICKET_NOT_FOUND`. */
val AtlasException.code: String
    get() = when (this) {
        is AtlasException.Invalid -> code
        is AtlasException.NotFound -> code
        is AtlasException.Conflict -> code
        is AtlasException.Storage -> code
        is AtlasException.File -> code
        is AtlasException.Model -> code
        is AtlasException.Plugin -> code
        is AtlasException.Remote -> code
        is AtlasException.Cancelled -> code
    }

/** The values that the message names. */
val AtlasException.details: Map<String, String>
    get() = when (this) {
        is AtlasException.Invalid -> details
        is AtlasException.NotFound -> details
        is AtlasException.Conflict -> details
        is AtlasException.Storage -> details
        is AtlasException.File -> details
        is AtlasException.Model -> details
        is AtlasException.Plugin -> details
        is AtlasException.Remote -> details
        is AtlasException.Cancelled -> details
    }

/** A plugin that answers one ticket at a time. */
fun predictor(name: String, answer: (Query) -> Suggestions): Predictor = object : Predictor {
    override fun name() = name
    override fun predict(queries: List<Query>) = queries.map(answer)
}

/** A scenario of a plugin's own, with a confidence of 0 to 1. */
fun candidate(name: String, confidence: Float, steps: List<Step> = emptyList(), minutes: UInt? = null) =
    Candidate(ScenarioRef.Own(OwnScenario(name, steps, minutes, StepsOrigin.PLUGIN)), confidence)

/** Hears how far a long call is. */
fun onProgress(tell: (Progress) -> Unit): ProgressListener = object : ProgressListener {
    override fun onProgress(progress: Progress): Boolean {
        tell(progress)
        return true
    }
}

/** Hears how far a sync is. */
fun onSyncProgress(tell: (SyncProgress) -> Unit): SyncListener = object : SyncListener {
    override fun onProgress(progress: SyncProgress): Boolean {
        tell(progress)
        return true
    }
}

/** All sessions, newest first, read [page] at a time as they are asked for. */
fun Atlas.allSessions(page: Int = 100): Sequence<SessionSummary> = pages(page) { sessions().list(page, it) }

/** All of the tester's work, read [page] at a time as it is asked for. */
fun Atlas.allWork(filter: WorkFilter? = null, page: Int = 100): Sequence<WorkItem> =
    pages(page) { tickets().work(filter, page, it).tickets }

/** Predictions for many tickets, each made when it is asked for. */
fun Atlas.predictAll(keys: Sequence<TicketKey>, topK: Int = 5): Sequence<Prediction> =
    keys.map { predict(it, topK) }

private fun <T> pages(page: Int, read: (Int) -> List<T>): Sequence<T> =
    generateSequence(0) { it + page }.map(read).takeWhile { it.isNotEmpty() }.flatten()

/**
 * Runs calls off the caller's thread: `atlas.io { predict("WRKA-7") }`.
 *
 * Cancelling the coroutine stops long calls that are given the [Cancellation]:
 * `atlas.io { stop -> tickets().importFile(path, cancellation = stop) }`.
 */
suspend fun <T> Atlas.io(work: Atlas.(Cancellation) -> T): T = Cancellation().use { cancellation ->
    // The scope ends after the watch has: nothing is cancelled that is closed.
    coroutineScope {
        val watch = launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                awaitCancellation()
            } finally {
                cancellation.cancel()
            }
        }
        try {
            withContext(Dispatchers.IO) {
                try {
                    work(cancellation)
                } catch (stopped: AtlasException.Cancelled) {
                    ensureActive()
                    throw stopped
                }
            }
        } finally {
            watch.cancel()
        }
    }
}
