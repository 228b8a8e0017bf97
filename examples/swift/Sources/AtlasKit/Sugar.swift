// What Swift has and uniffi cannot generate: closures as callbacks, codes of errors, days, async.
import Foundation

extension AtlasError {
    /// The message, the code and the values that the message names.
    private var parts: (String, String, [String: String]) {
        switch self {
        case let .Invalid(message, code, details): return (message, code, details)
        case let .NotFound(message, code, details): return (message, code, details)
        case let .Conflict(message, code, details): return (message, code, details)
        case let .Storage(message, code, details): return (message, code, details)
        case let .File(message, code, details): return (message, code, details)
        case let .Model(message, code, details): return (message, code, details)
        case let .Plugin(message, code, details): return (message, code, details)
        case let .Remote(message, code, details): return (message, code, details)
        case let .Cancelled(message, code, details): return (message, code, details)
        }
    }

    /// For people.
    public var message: String { parts.0 }
    /// Stable, such as `TICKET_NOT_FOUND`.
    public var code: String { parts.1 }
    /// The values that the message names.
    public var details: [String: String] { parts.2 }
}

extension AtlasError: LocalizedError {
    public var errorDescription: String? { message }
}

/// A plugin that answers one ticket at a time.
public final class ClosurePredictor: Predictor {
    private let title: String
    private let answer: @Sendable (Query) throws -> Suggestions

    public init(_ name: String, answer: @escaping @Sendable (Query) throws -> Suggestions) {
        self.title = name
        self.answer = answer
    }

    public func name() throws -> String { title }

    public func predict(queries: [Query]) throws -> [Suggestions] { try queries.map(answer) }
}

extension Candidate {
    /// A scenario of a plugin's own, with a confidence of 0 to 1.
    public static func own(
        _ name: String, confidence: Float, steps: [Step] = [], minutes: UInt32? = nil
    ) -> Candidate {
        Candidate(
            scenario: .own(OwnScenario(name: name, steps: steps, minutes: minutes, stepsOrigin: .plugin)),
            confidence: confidence)
    }
}

/// Hears how far a long call is.
public final class ProgressClosure: ProgressListener {
    private let tell: @Sendable (AtlasKit.Progress) throws -> Void

    public init(_ tell: @escaping @Sendable (AtlasKit.Progress) throws -> Void) { self.tell = tell }

    public func onProgress(progress: AtlasKit.Progress) throws -> Bool {
        try tell(progress)
        return true
    }
}

/// Hears how far a sync is.
public final class SyncProgressClosure: SyncListener {
    private let tell: @Sendable (SyncProgress) throws -> Void

    public init(_ tell: @escaping @Sendable (SyncProgress) throws -> Void) { self.tell = tell }

    public func onProgress(progress: SyncProgress) throws -> Bool {
        try tell(progress)
        return true
    }
}

extension Atlas {
    /// Runs calls off the caller's thread. Cancelling the task stops long calls that are given the
    /// cancellation: `try await atlas.background { try $0.tickets().importFile(path: p, cancellation: $1) }`.
    public func background<T: Sendable>(
        _ work: @escaping @Sendable (Atlas, Cancellation) throws -> T
    ) async throws -> T {
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { done in
                DispatchQueue.global().async {
                    done.resume(with: Result { try work(self, cancellation) })
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
    }
}

/// Rows that are read a page at a time as they are asked for: `while let row = try rows.next()`.
public final class Pages<Row> {
    private let read: (Int) throws -> [Row]
    private var page: ArraySlice<Row> = []
    private var offset = 0
    private var ended = false

    init(read: @escaping (Int) throws -> [Row]) { self.read = read }

    /// The next row; nil after the last.
    public func next() throws -> Row? {
        if page.isEmpty && !ended {
            page = try read(offset)[...]
            offset += page.count
            ended = page.isEmpty
        }
        return page.popFirst()
    }
}

extension Atlas {
    /// All sessions, newest first.
    public func allSessions(page: Int = 100) -> Pages<SessionSummary> {
        Pages { try self.sessions().list(limit: page, offset: $0) }
    }

    /// All of the tester's work.
    public func allWork(filter: WorkFilter? = nil, page: Int = 100) -> Pages<WorkItem> {
        Pages { try self.tickets().work(filter: filter, limit: page, offset: $0).tickets }
    }
}

func calendarDay(_ text: String) -> DateComponents {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    return DateComponents(year: parts.first, month: parts.dropFirst().first, day: parts.dropFirst(2).first)
}

func isoDay(_ day: DateComponents) -> String {
    String(format: "%04d-%02d-%02d", day.year ?? 0, day.month ?? 0, day.day ?? 0)
}

func timeOfDay(_ text: String) -> DateComponents {
    let parts = text.split(separator: ":").compactMap { Int($0) }
    return DateComponents(hour: parts.first, minute: parts.dropFirst().first, second: parts.dropFirst(2).first)
}

func isoTime(_ time: DateComponents) -> String {
    String(format: "%02d:%02d:%02d", time.hour ?? 0, time.minute ?? 0, time.second ?? 0)
}
