#include "daemon/detect/sirekap/upload_detector.hpp"

namespace kentongan::sirekap {

UploadDetector::UploadDetector(std::shared_ptr<Coverage> coverage, UploadOptions options)
    : coverage_(std::move(coverage)),
      race_(options.election.races.empty() ? "" : options.election.races.front()),
      tps_check_({coverage_, &coverage_->list()}),
      address_check_(coverage_->list().size() * static_cast<std::size_t>(coverage_->pages())),
      steps_(options.step_percent),
      risks_(coverage_, options.election),
      flows_({coverage_, &coverage_->list()}),
      stalls_(coverage_, {options.election, options.key, options.observer}),
      shifts_({coverage_, &coverage_->list()}) {}

bool UploadDetector::wants(EventKind kind) const {
    return kind == EventKind::upload || kind == EventKind::web || kind == EventKind::published;
}

void UploadDetector::inspect(const Event& event, FindingSink& out) {
    for_each_upload(event, coverage_->pages(),
                    [&](const Upload& upload) { take(upload, event, out); });
}

void UploadDetector::take(const Upload& upload, const Event& event, FindingSink& out) {
    if (!upload.tps) return tps_check_.malformed(upload, event, out);
    address_check_.expect(upload);
    const auto tps = coverage_->list().index_of(*upload.tps);
    if (tps) coverage_->expect(*tps);
    address_check_.take(upload, event, out);
    if (!tps) return tps_check_.unknown(upload, event, out);
    if (!upload.refused) receive(*tps, upload, event, out);
}

void UploadDetector::receive(std::uint32_t tps, const Upload& upload, const Event& event,
                             FindingSink& out) {
    if (upload.is_live) {
        flows_.take(tps);
        signs_.upload_from(event.origin.source);
        shifts_.take(tps, upload.account, upload.device);
    }
    if (!upload.race.empty() && upload.race != race_) return;
    journal_.note(tps, upload.page, upload.time);
    if (!coverage_->receive(tps, upload.page, upload.time).first) return;
    const Register& list = coverage_->list();
    steps_.take(event, *coverage_, list.parent_of(list.kelurahan_of(tps)), out);
}

void UploadDetector::advance(Timestamp now, FindingSink& out) {
    flows_.advance(
        now, [&](Timestamp minute) { stalls_.minute_is_over(minute, flows_, signs_, out); },
        [&](Timestamp five) {
            stalls_.five_are_over(five, flows_, signs_, out);
            shifts_.five_are_over(five, flows_, stalls_, out);
        });
    coverage_->advance(now);
    risks_.advance(now, out);
}

void UploadDetector::save_under(const std::string& key,
                                std::map<std::string, std::string>& bookmarks) {
    journal_.save(*coverage_, key, bookmarks);
}

Result<> UploadDetector::restore_from(const std::string& key,
                                      const std::map<std::string, std::string>& bookmarks) {
    return journal_.restore(bookmarks, key, *coverage_);
}

std::uint64_t UploadDetector::evicted() const {
    return address_check_.evicted() + signs_.evicted();
}

}  // namespace kentongan::sirekap
