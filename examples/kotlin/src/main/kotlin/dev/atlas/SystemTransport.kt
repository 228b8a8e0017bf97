// Networking of the Java platform and of Android: the system's certificates, proxies and policies.
package dev.atlas

import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import java.net.HttpURLConnection
import java.net.SocketTimeoutException
import java.net.URI

/**
 * Sends requests by [HttpURLConnection], for a library without networking of its own, or for hosts that want the
 * system's: `Jira(site, token, transport = SystemTransport())`.
 */
class SystemTransport : HttpTransport {
    override fun send(request: HttpRequest): HttpResponse {
        val deadline = System.nanoTime() + request.timeout.toNanos()
        val connection = URI(request.url).toURL().openConnection() as HttpURLConnection
        try {
            connection.requestMethod = request.method.name
            connection.instanceFollowRedirects = false
            connection.useCaches = false
            connection.connectTimeout = left(deadline)
            connection.readTimeout = left(deadline)
            request.headers.forEach { connection.setRequestProperty(it.name, it.value) }
            if (request.method == HttpMethod.POST) {
                connection.doOutput = true
                connection.outputStream.use { it.write(request.body) }
            }
            val status = connection.responseCode
            if (status < 0) throw IOException("the answer is not HTTP")
            val stream = if (status < 400) connection.inputStream else connection.errorStream
            val body = stream?.use { read(it, request.mostBytes, deadline) } ?: ByteArray(0)
            val headers = connection.headerFields.filterKeys { it != null }
            return HttpResponse(
                status.toUShort(), headers.flatMap { (name, values) -> values.map { HttpHeader(name, it) } }, body,
            )
        } finally {
            connection.disconnect()
        }
    }

    private fun read(stream: InputStream, most: ULong, deadline: Long): ByteArray {
        val body = ByteArrayOutputStream()
        val part = ByteArray(1 shl 16)
        while (true) {
            val length = stream.read(part)
            if (length < 0) return body.toByteArray()
            body.write(part, 0, length)
            if (body.size().toULong() > most) throw IOException("the answer has more than $most bytes")
            left(deadline)
        }
    }

    /** Milliseconds. */
    private fun left(deadline: Long): Int {
        val left = (deadline - System.nanoTime()) / 1_000_000
        if (left <= 0) throw SocketTimeoutException("no answer in time")
        return left.coerceAtMost(Int.MAX_VALUE.toLong()).toInt()
    }
}
