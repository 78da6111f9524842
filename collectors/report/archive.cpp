#include "collectors/report/archive.hpp"

#include <boost/json.hpp>

namespace kentongan::report {

namespace json = boost::json;

Result<std::shared_ptr<Archive>> Archive::open(const Options& options) {
    auto photos = std::make_unique<PhotoFolder>();
    if (auto opened = photos->open(options.folder, options.photos_bytes); !opened)
        return std::unexpected(opened.error());
    auto key = SecretKey::open(options.folder / "key");
    if (!key) return std::unexpected(key.error());
    auto out = std::make_shared<Archive>(Archive{.key = std::move(*key),
                                                 .journal = {},
                                                 .photos = std::move(photos),
                                                 .tickets = Tickets{options.tickets}});
    const std::uint64_t committed = sequence_of(options.bookmark);
    const auto visit = [&](const Entry& entry) {
        if (entry.sequence == 0) return out->tickets.quarantined(entry.ticket);
        out->sequence = std::max(out->sequence, entry.sequence);
        if (const auto report = report_from_json(entry.report))
            out->tickets.add(*report, entry.key);
        if (entry.sequence <= committed) return;
        out->pending.push_back({entry.sequence, std::string(entry.line)});
        if (out->pending.size() <= kMostPending) return;
        out->pending.pop_front();
        ++out->lost;
    };
    auto journal = Journal::open(options.folder / "reports.ndjson", visit);
    if (!journal) return std::unexpected(journal.error());
    out->journal = std::move(*journal);
    return out;
}

std::string bookmark_of(std::uint64_t sequence) {
    return json::serialize(json::object{{"sequence", sequence}});
}

std::uint64_t sequence_of(const std::optional<std::string>& bookmark) {
    if (!bookmark) return 0;
    boost::system::error_code bad;
    const json::value value = json::parse(*bookmark, bad);
    const auto* sequence =
        bad || !value.is_object() ? nullptr : value.get_object().if_contains("sequence");
    if (sequence == nullptr || !sequence->is_int64() || sequence->get_int64() < 0) return 0;
    return static_cast<std::uint64_t>(sequence->get_int64());
}

}  // namespace kentongan::report
