#include "daemon/detect/yara/body_detector.hpp"

#include <algorithm>

#include "daemon/base/digest.hpp"
#include "daemon/detect/yara/multipart.hpp"

namespace kentongan::yara {

namespace {

constexpr std::chrono::seconds kTimeout{1};

/// The name a PUT gives its body; other requests name the program that takes it.
std::string name_of_body(const Event& event) {
    if (event.text(Field::http_request_method) != "PUT") return {};
    std::string_view path = event.text(Field::url_path);
    if (path.empty()) path = event.text(Field::url_original);
    path = path.substr(0, path.find_first_of("?#"));
    return std::string(path.substr(path.rfind('/') + 1));
}

struct Piece {
    std::string filename;
    std::string_view content;
};

/// The files in the body first, since they have names, then the body as it is.
std::vector<Piece> pieces_of(const Event& event, const SkipCounter& skipped) {
    const std::string_view body = event.text(Field::http_request_body_content);
    std::vector<Piece> out;
    BodyParts parts = parts_of(body);
    if (!parts.complete) skipped("parts");
    for (BodyPart& part : parts.parts) out.push_back({std::move(part.filename), part.content});
    out.push_back({name_of_body(event), body});
    return out;
}

std::string describe(const Event& event, const std::string& filename) {
    const std::string url = event.get(Field::url_original).to_string();
    if (filename.empty()) return fmt::format("body of a request to {}", url);
    return fmt::format("{} uploaded to {}", filename, url);
}

}  // namespace

void BodyDetector::inspect(const Event& event, FindingSink& out) {
    if (event.text(Field::http_request_body_content).empty() || rules_->size() == 0) return;
    std::vector<const Rule*> reported;
    for (const Piece& piece : pieces_of(event, skipped_)) {
        Target target = target_of(piece.filename);
        if (!piece.filename.empty()) target.tree = "upload";
        const ScanResult result = rules_->scan(as_bytes(piece.content), target, kTimeout);
        for (const Match& match : result.matches) {
            if (std::ranges::find(reported, match.rule.get()) != reported.end()) continue;
            reported.push_back(match.rule.get());
            out.report(finding_of(match, event, describe(event, piece.filename),
                                  sha256_hex(piece.content)));
        }
        if (result.skipped.empty()) continue;
        skipped_(result.skipped);
        if (result.skipped == "timeout") return;
    }
}

}  // namespace kentongan::yara
