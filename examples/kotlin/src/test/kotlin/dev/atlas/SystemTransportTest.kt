// The system's networking against a server on loopback.
package dev.atlas

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.time.Duration
import java.util.concurrent.CountDownLatch

class SystemTransportTest {
    private val asked = mutableListOf<String>()
    private val end = CountDownLatch(1)
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0).apply {
        createContext("/rest/api/2/myself") {
            val body = """{"displayName":"Ann","timeZone":"Europe/Berlin","name":"ann","active":true}"""
            it.answer(if (it.requestHeaders.getFirst("Authorization") == "Bearer hunter2") 200 else 401, body)
        }
        createContext("/elsewhere") {
            it.responseHeaders.add("Location", "/rest/api/2/myself")
            it.answer(302, "")
        }
        createContext("/echo") { it.answer(503, it.requestMethod + it.requestBody.readAllBytes().decodeToString()) }
        createContext("/silent") { end.await() }
        start()
    }
    private val site = "http://127.0.0.1:${server.address.port}"

    private fun HttpExchange.answer(status: Int, body: String) {
        asked += requestURI.path
        sendResponseHeaders(status, body.length.toLong().takeIf { it > 0 } ?: -1)
        responseBody.use { it.write(body.toByteArray()) }
    }

    private fun send(
        path: String, method: HttpMethod = HttpMethod.GET, body: String = "",
        timeout: Duration = Duration.ofMinutes(1), most: ULong = 1_000u,
    ) = SystemTransport().send(HttpRequest(method, site + path, emptyList(), body.toByteArray(), timeout, most))

    @AfterEach
    fun stop() {
        end.countDown()
        server.stop(0)
    }

    @Test
    fun `Jira is asked with the credentials`() {
        fun jira(token: String) = Jira(site, token, kind = JiraKind.DATA_CENTER, transport = SystemTransport())
        assertEquals("Ann", jira("hunter2").use { it.myself().name })
        val refused = assertThrows(AtlasException.Remote::class.java) { jira("wrong").use { it.myself() } }
        assertEquals("JIRA_UNAUTHORIZED", refused.code)
    }

    @Test
    fun `any status is an answer, and a redirect is not followed`() {
        val answer = send("/echo", HttpMethod.POST, "said")
        assertEquals(503u.toUShort(), answer.status)
        assertArrayEquals("POSTsaid".toByteArray(), answer.body)
        val redirect = send("/elsewhere")
        assertEquals(302u.toUShort(), redirect.status)
        assertTrue(redirect.headers.any { it.name.equals("location", ignoreCase = true) })
        assertEquals(listOf("/echo", "/elsewhere"), asked)
    }

    @Test
    fun `too much and too late are errors`() {
        assertThrows(IOException::class.java) { send("/echo", HttpMethod.POST, "said", most = 7u) }
        assertThrows(IOException::class.java) { send("/silent", timeout = Duration.ofMillis(500)) }
    }

    @Test
    fun `what is not HTTP is an error`() {
        ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { other ->
            val speaker = Thread { other.accept().use { it.getOutputStream().write("220 mail ready\r\n\r\n".toByteArray()) } }
            speaker.start()
            val request = HttpRequest(
                HttpMethod.GET, "http://127.0.0.1:${other.localPort}/", emptyList(), ByteArray(0), Duration.ofMinutes(1), 99u,
            )
            assertThrows(IOException::class.java) { SystemTransport().send(request) }
            speaker.join()
        }
    }

    @Test
    fun `a request as text shows no secret`() {
        val headers = listOf(HttpHeader("authorization", "Bearer hunter2", secret = true), HttpHeader("accept", "*/*"))
        val text = HttpRequest(HttpMethod.GET, site, headers, ByteArray(0), Duration.ZERO, 1u).toString()
        assertTrue("hunter2" !in text && "accept: */*" in text, text)
    }
}
