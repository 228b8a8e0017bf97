// Networking of the system: its certificates, proxies and policies.
import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Sends requests by `URLSession`, for a library without networking of its own, or for hosts that want the system's:
/// `Jira(site: site, token: token, transport: SystemTransport())`.
public final class SystemTransport: HttpTransport {
    private let answers = Answers()
    private let session: URLSession

    public init() {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        session = URLSession(configuration: configuration, delegate: answers, delegateQueue: nil)
    }

    deinit { session.invalidateAndCancel() }

    public func send(request: HttpRequest) throws -> HttpResponse {
        guard let url = URL(string: request.url) else { throw CallbackError.Failed(reason: "not an address") }
        var sent = URLRequest(url: url, timeoutInterval: request.timeout)
        switch request.method {
        case .get: sent.httpMethod = "GET"
        case .post: sent.httpMethod = "POST"
        case .delete: sent.httpMethod = "DELETE"
        }
        if request.method == .post { sent.httpBody = request.body }
        for header in request.headers { sent.setValue(header.value, forHTTPHeaderField: header.name) }
        let (head, body) = try answers.wait(for: session.dataTask(with: sent), of: request)
        let headers = head.allHeaderFields.map { HttpHeader(name: "\($0.key)", value: "\($0.value)") }
        return HttpResponse(status: UInt16(clamping: head.statusCode), headers: headers, body: body)
    }
}

/// What has come of each request so far.
private final class Answers: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private struct Answer {
        let most: UInt64
        let ended = DispatchSemaphore(value: 0)
        var body = Data()
        var error: Error?
    }

    private let lock = NSLock()
    private var answers: [Int: Answer] = [:]

    /// The whole answer, or why there is none.
    func wait(for task: URLSessionDataTask, of request: HttpRequest) throws -> (HTTPURLResponse, Data) {
        let answer = Answer(most: request.mostBytes)
        lock.withLock { answers[task.taskIdentifier] = answer }
        task.resume()
        let late = answer.ended.wait(timeout: .now() + request.timeout) == .timedOut
        if late { task.cancel() }
        let end = lock.withLock { answers.removeValue(forKey: task.taskIdentifier) }
        if late { throw CallbackError.Failed(reason: "no answer in time") }
        if let error = end?.error { throw CallbackError.Failed(reason: error.localizedDescription) }
        guard let head = task.response as? HTTPURLResponse, let body = end?.body else {
            throw CallbackError.Failed(reason: "no answer")
        }
        if body.count > request.mostBytes {
            throw CallbackError.Failed(reason: "the answer has more than \(request.mostBytes) bytes")
        }
        return (head, body)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let tooMuch = lock.withLock {
            guard var answer = answers.removeValue(forKey: dataTask.taskIdentifier) else { return true }
            answer.body.append(data)
            let tooMuch = answer.body.count > answer.most
            if tooMuch { answer.ended.signal() }
            answers[dataTask.taskIdentifier] = answer
            return tooMuch
        }
        if tooMuch { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: Error?) {
        lock.withLock {
            answers[task.taskIdentifier]?.error = error
            answers[task.taskIdentifier]?.ended.signal()
        }
    }

    /// A redirect is an answer: credentials go to nobody else.
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}
