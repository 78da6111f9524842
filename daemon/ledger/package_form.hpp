#pragma once
// Names and texts that the maker and the checker of packages agree on. Inner header.
#include <string>
#include <string_view>

namespace kentongan::ledger {

inline constexpr std::string_view kManifestHeader = "kentongan-evidence-package/v1";
inline constexpr const char* kManifestName = "manifest.json";
inline constexpr const char* kManifestNoteName = "manifest.note";
inline constexpr const char* kCheckpointName = "checkpoint";
inline constexpr const char* kProofEnding = ".tlog-proof";
inline constexpr std::string_view kRecordEnding = ".raw";

/// What is signed: the manifest's hash under a header that no checkpoint begins with.
[[nodiscard]] std::string manifest_note_text(std::string_view manifest);

}  // namespace kentongan::ledger
