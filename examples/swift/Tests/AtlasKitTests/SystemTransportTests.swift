// The system's networking against a server on loopback.
import AtlasKit
import XCTest

/// Answers each connection once: one request, one answer of the test's.
private final class Server: @unchecked Sendable {
    let site: String
    private let listener: Int32
    private let answer: @Sendable (String) -> String?

    /// `answer` makes of a request's text an answer's, or nil for silence.
    init(answer: @escaping @Sendable (String) -> String?) throws {
        self.answer = answer
        #if canImport(Glibc)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        listener = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (listener, size) = (self.listener, length)
        let failed = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) | listen(listener, 8) | getsockname(listener, $0, &length)
            }
        }
        guard failed == 0 else { throw XCTSkip("no server can be opened on loopback") }
        site = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread.detachNewThread { [self] in serve() }
    }

    private func serve() {
        while true {
            let connection = accept(listener, nil, nil)
            if connection < 0 { return }
            var request = ""
            var part = [UInt8](repeating: 0, count: 4_096)
            // Enough for a request without a body, or with a body that says that it ends.
            while !request.hasSuffix("\r\n\r\n") && !request.hasSuffix("end") {
                let length = recv(connection, &part, part.count, 0)
                if length <= 0 { break }
                request += String(decoding: part[..<length], as: UTF8.self)
            }
            if let text = answer(request) {
                _ = text.withCString { send(connection, $0, strlen($0), 0) }
                _ = shutdown(connection, Int32(SHUT_WR))
            } else {
                sleep(2)
            }
            close(connection)
        }
    }

    func stop() {
        _ = shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}

private func reply(_ status: String, _ body: String, header: String = "X-Test: yes") -> String {
    "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\(header)\r\n\r\n\(body)"
}

final class SystemTransportTests: XCTestCase {
    private func serve(_ answer: @escaping @Sendable (String) -> String?) throws -> Server {
        let server = try Server(answer: answer)
        addTeardownBlock { server.stop() }
        return server
    }

    private func request(
        _ url: String, _ method: HttpMethod = .get, body: String = "", timeout: TimeInterval = 60, most: UInt64 = 1_000
    ) -> HttpRequest {
        HttpRequest(method: method, url: url, headers: [], body: Data(body.utf8), timeout: timeout, mostBytes: most)
    }

    func testJiraIsAskedWithTheCredentials() throws {
        let server = try serve { request in
            let allowed = request.lowercased().contains("authorization: bearer hunter2")
            let body = #"{"displayName":"Ann","timeZone":"Europe/Berlin","name":"ann","active":true}"#
            return reply(allowed ? "200 OK" : "401 Unauthorized", body)
        }
        func jira(_ token: String) throws -> Jira {
            try Jira(site: server.site, token: token, kind: .dataCenter, transport: SystemTransport())
        }
        XCTAssertEqual(try jira("hunter2").myself().name, "Ann")
        assertFails("JIRA_UNAUTHORIZED", try jira("wrong").myself()) { error in
            guard case .Remote = error else { return XCTFail("\(error)") }
        }
    }

    func testAnyStatusIsAnAnswerAndARedirectIsNotFollowed() throws {
        let server = try serve { request in
            if request.hasPrefix("GET /elsewhere") { return reply("302 Found", "", header: "Location: /followed") }
            let body = request.components(separatedBy: "\r\n\r\n").last ?? ""
            return reply("503 Service Unavailable", "\(request.prefix(4))\(body)")
        }
        let transport = SystemTransport()
        let answer = try transport.send(request: request("\(server.site)/echo", .post, body: "the end"))
        XCTAssertEqual(answer.status, 503)
        XCTAssertEqual(String(decoding: answer.body, as: UTF8.self), "POSTthe end")
        XCTAssertTrue(answer.headers.contains { $0.name.lowercased() == "x-test" && $0.value == "yes" })
        XCTAssertEqual(try transport.send(request: request("\(server.site)/elsewhere")).status, 302)
    }

    func testTooMuchAndTooLateAreErrors() throws {
        let server = try serve { $0.contains("silent") ? nil : reply("200 OK", "more than seven") }
        let transport = SystemTransport()
        XCTAssertThrowsError(try transport.send(request: request("\(server.site)/long", most: 7)))
        XCTAssertThrowsError(try transport.send(request: request("\(server.site)/silent", timeout: 0.5)))
        XCTAssertThrowsError(try transport.send(request: request("http://127.0.0.1:1/")))
    }

    func testARequestAsTextShowsNoSecret() {
        let secret = HttpHeader(name: "authorization", value: "Bearer hunter2", secret: true)
        let text = "\(secret) \(HttpHeader(name: "accept", value: "*/*"))"
        XCTAssertFalse(text.contains("hunter2"), text)
        XCTAssertTrue(text.contains("accept: */*"), text)
        var request = request("https://jira.example.com")
        request.headers = [secret]
        XCTAssertFalse("\(request)".contains("hunter2"), "\(request)")
    }
}
