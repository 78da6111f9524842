#include "daemon/detect/yara/stream_detector.hpp"

#include <fmt/format.h>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::yara {

namespace {

constexpr std::chrono::seconds kTimeout{1};

std::string ends_of(const Event& event) {
    const auto from = event.ip(Field::source_ip);
    const auto to = event.ip(Field::destination_ip);
    if (!from || !to) return "a connection";
    return fmt::format("a connection from {} to {} port {}", from->to_string(), to->to_string(),
                       event.get(Field::destination_port).to_string());
}

std::string describe_window(const Event& event) {
    const bool answer = event.text(Field::network_direction) == "outbound";
    return fmt::format("what {} sent in {}", answer ? "the server" : "the client", ends_of(event));
}

std::string describe_file(const Event& event) {
    const std::string name = printable_utf8(event.text(Field::file_name));
    return fmt::format("{} sent in {}", name.empty() ? "a file" : "the file " + name,
                       ends_of(event));
}

}  // namespace

StreamDetector::StreamDetector(std::shared_ptr<const Rules> rules, SkipCounter skipped)
    : rules_(std::move(rules)),
      stream_rules_(rules_->for_streams()),
      skipped_(std::move(skipped)) {}

bool StreamDetector::wants(EventKind kind) const {
    return (kind == EventKind::payload && stream_rules_ != nullptr) ||
           ((kind == EventKind::content || kind == EventKind::file) && rules_->size() > 0);
}

void StreamDetector::inspect(const Event& event, FindingSink& out) {
    for (const std::string_view reason : {"too_large", "encrypted"})
        if (event.text(Field::file_scan) == reason) return skipped_(reason);
    if (event.kind == EventKind::file || event.raw().empty()) return;
    const bool window = event.kind == EventKind::payload;
    Target target = target_of(event.text(Field::file_name));
    if (!window) target.tree = "upload";
    const auto& rules = window ? stream_rules_ : rules_;
    if (!rules) return;
    const ScanResult result = rules->scan(as_bytes(event.raw()), target, kTimeout);
    for (const Match& match : result.matches)
        out.report(finding_of(match, event, window ? describe_window(event) : describe_file(event),
                              sha256_hex(event.raw())));
    if (!result.skipped.empty()) skipped_(result.skipped);
}

}  // namespace kentongan::yara
