// A tester's afternoon in Swift: import, a plugin, a prediction, a session, an error.
import AtlasKit
import Foundation

let sample = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "sample"

let house = ClosurePredictor("house-rules") { query in
    guard query.draft.summary.lowercased().contains("export") else { return Suggestions() }
    return Suggestions(scenarios: [.own("Open the export in Excel", confidence: 0.8, minutes: 5)])
}

let atlas = try AtlasBuilder().predictor(predictor: house).openInMemory()
let tickets = try atlas.tickets().importFile(path: "\(sample)/tickets.jsonl")
_ = try atlas.patterns().importFile(path: "\(sample)/patterns.csv")
_ = try atlas.learning().importHistory(path: "\(sample)/history.csv")
print("\(tickets.new) tickets imported")

guard let key = try atlas.tickets().list().last?.key else { fatalError("the sample is empty") }
let prediction = try atlas.predict(key: key, topK: 3)
print("\nWhat to test for \(key):")
for scenario in prediction.scenarios {
    print("  \(Int(scenario.confidence.rounded())) %  \(scenario.name) (\(scenario.minutes) minutes)")
    if let reason = scenario.reasons.first { print("        \(reason.text)") }
}

let draft = Draft(summary: "CSV export drops umlauts", components: ["Reports"])
print("\nAnd for a new text:")
for scenario in try atlas.predictDraft(draft: draft, topK: 3).scenarios { print("  \(scenario.name)") }

if let id = prediction.id {
    let session = try atlas.sessions().start(key: key, plan: .prediction(id))
    _ = try atlas.sessions().stepDone(sessionId: session.id, step: 1)
    let result = try atlas.sessions().end(sessionId: session.id, outcome: .passed)
    print("\nSession passed: \(result.xpEarned) XP, level \(result.level)")
    if let line = result.coach { print("  \(line)") }
}

do {
    _ = try atlas.predict(key: "WRKA-99999")
} catch let error as AtlasError {
    print("\n\(error.code): \(error.message)")
}
atlas.close()
