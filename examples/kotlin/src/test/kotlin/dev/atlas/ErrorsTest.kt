// Every class of error, with its code and its details.
package dev.atlas

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Files
import java.nio.file.Path

class ErrorsTest {
    private inline fun <reified E : AtlasException> fails(code: String, crossinline work: () -> Unit): E {
        val error = assertThrows(E::class.java) { work() }
        assertEquals(code, (error as AtlasException).code)
        assertTrue(error.message!!.isNotEmpty() && !error.message!!.contains("code="), error.message)
        return error
    }

    @Test
    fun `what is wrong is named`() = openAtlas().use { atlas ->
        val invalid = fails<AtlasException.Invalid>("INVALID_TICKET_KEY") { atlas.tickets().get("no key") }
        assertEquals(mapOf("ticket_key" to "no key"), invalid.details)
        assertEquals("\"no key\" is not a ticket key: a key is a project and a number, such as WRKA-1234", invalid.message)
        val absent = fails<AtlasException.NotFound>("TICKET_NOT_FOUND") { atlas.tickets().get("WRKA-9") }
        assertEquals("WRKA-9", (absent as AtlasException).details["ticket_key"])
        fails<AtlasException.File>("FILE_FAILED") { atlas.tickets().importFile("/no/such/file") }
        fails<AtlasException.Invalid>("INVALID_VALUE") { atlas.predictDraft(Draft("Login"), topK = -1) }
        fails<AtlasException.Invalid>("INVALID_VALUE") { atlas.predictDraft(Draft("Login"), topK = 101) }
        fails<AtlasException.Invalid>("INVALID_TICKET_KEY") { atlas.tickets().add(listOf(Ticket("?", summary = ""))) }
        Unit
    }

    @Test
    fun `a state can forbid`(@TempDir folder: Path) = withSample().use { atlas ->
        val (one, other) = atlas.tickets().list().map { it.key }
        atlas.sessions().start(one, SessionPlan.Free)
        assertThrows(AtlasException.Conflict::class.java) { atlas.sessions().start(other, SessionPlan.Free) }
        Files.writeString(folder.resolve("text.db"), "this is no database, but it is long enough to be read")
        fails<AtlasException.Storage>("NOT_A_DATABASE") { openAtlas("$folder/text.db") }
        fails<AtlasException.File>("FILE_FAILED") { openAtlas { model("$folder/none") } }
        for (file in listOf("model.safetensors", "tokenizer.json", "config.json")) {
            Files.writeString(folder.resolve(file), "this is no model")
        }
        fails<AtlasException.Model>("MODEL_FAILED") { openAtlas { model("$folder") } }
        Unit
    }

    @Test
    fun `a call after close is a clear error`() {
        val atlas = openAtlas()
        atlas.close()
        atlas.close()
        val error = assertThrows(IllegalStateException::class.java) { atlas.database().counts() }
        assertEquals("Atlas object has already been destroyed", error.message)
    }

    @Test
    fun `a builder is used once`() {
        val builder = AtlasBuilder()
        builder.openInMemory().close()
        fails<AtlasException.Conflict>("CLOSED") { builder.openInMemory() }
    }
}
