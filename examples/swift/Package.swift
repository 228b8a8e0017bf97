// swift-tools-version:5.9
// ATLAS in a Swift program. `make swift-bundle` puts the generated code and the library beside it.
import PackageDescription

// The folder of libatlas_ffi: beside this file in a bundle.
let library: [LinkerSetting] = [
    .unsafeFlags(["-L\(Context.packageDirectory)/lib"]),
    .unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", "\(Context.packageDirectory)/lib"]),
]

let package = Package(
    name: "AtlasKit",
    platforms: [.macOS(.v12), .iOS(.v15)],
    products: [.library(name: "AtlasKit", targets: ["AtlasKit"])],
    targets: [
        .systemLibrary(name: "AtlasFFI"),
        .target(name: "AtlasKit", dependencies: ["AtlasFFI"], linkerSettings: library),
        .executableTarget(name: "atlas-tester", dependencies: ["AtlasKit"], linkerSettings: library),
        .testTarget(name: "AtlasKitTests", dependencies: ["AtlasKit"], linkerSettings: library),
    ]
)
