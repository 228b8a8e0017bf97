// What the tests share: the invented tickets, and folders that go when a test has ended.
import AtlasKit
import XCTest

/// `sample` in a bundle.
let sample = ProcessInfo.processInfo.environment["ATLAS_SAMPLE"] ?? URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("sample").path

private let importedPath = FileManager.default.temporaryDirectory.appendingPathComponent("atlas-\(UUID()).db").path

/// A database with the sample, imported once.
private let imported: Result<String, Error> = Result {
    atexit { try? FileManager.default.removeItem(atPath: importedPath) }
    let atlas = try Atlas.open(path: importedPath)
    _ = try atlas.tickets().importFile(path: "\(sample)/tickets.jsonl")
    _ = try atlas.patterns().importFile(path: "\(sample)/patterns.csv")
    _ = try atlas.learning().importHistory(path: "\(sample)/history.csv")
    atlas.close()
    return importedPath
}

extension XCTestCase {
    /// A folder of the test's own.
    func scratch() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("atlas-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        addTeardownBlock { try? FileManager.default.removeItem(at: folder) }
        return folder.path
    }

    /// A database of its own with the sample in it.
    func withSample(_ configure: (AtlasBuilder) throws -> Void = { _ in }) throws -> Atlas {
        let path = try "\(scratch())/sample.db"
        try FileManager.default.copyItem(atPath: imported.get(), toPath: path)
        let builder = AtlasBuilder()
        try configure(builder)
        return try builder.open(path: path)
    }

    /// The newest ticket's key.
    func lastKey(_ atlas: Atlas) throws -> String { try XCTUnwrap(atlas.tickets().list().last?.key) }

    /// The call throws an error with this code; a look at it may follow.
    func assertFails<T>(
        _ code: String, _ work: @autoclosure () throws -> T, file: StaticString = #filePath, line: UInt = #line,
        _ look: (AtlasError) -> Void = { _ in }
    ) {
        XCTAssertThrowsError(try work(), file: file, line: line) { error in
            guard let error = error as? AtlasError else { return XCTFail("\(error)", file: file, line: line) }
            XCTAssertEqual(error.code, code, file: file, line: line)
            XCTAssertFalse(error.message.isEmpty, file: file, line: line)
            look(error)
        }
    }
}
