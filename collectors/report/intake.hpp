#pragma once
// Intake: one run of the collector. Connections check what is sent; one task writes the journal and
// talks to the sink.
#include <memory>
#include <vector>

#include "collectors/collector.hpp"
#include "collectors/report/archive.hpp"
#include "collectors/report/gate.hpp"
#include "collectors/report/page.hpp"
#include "collectors/report/submission.hpp"
#include "daemon/async/channel.hpp"
#include "daemon/async/http/server.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan::report {

/// Lives on one lane.
class Intake {
  public:
    Intake(asio::any_io_executor lane, std::string_view source, const Options& options,
           std::shared_ptr<Archive> archive, Metrics& metrics, const Clock& clock, EventSink& sink);

    [[nodiscard]] Task<Result<>> run();

  private:
    /// A report on its way to the journal, and whether it got there.
    struct Taken {
        Report report;
        std::string key_hash;
        Channel<bool> written{1};
    };
    using TakenPointer = std::shared_ptr<Taken>;  // null: nothing but time has passed

    // --- requests (intake_routes.cpp)
    [[nodiscard]] Task<web::Response> answer(const web::Request& request);
    [[nodiscard]] std::optional<web::Response> refuse_head(const web::Request& head);
    [[nodiscard]] Task<web::Response> take_report(const web::Request& request);
    [[nodiscard]] Task<web::Response> keep(const web::Request& request, Report report,
                                           const Submission& sent);
    [[nodiscard]] std::string masked(std::string_view text);
    [[nodiscard]] Task<KeptPhotos> keep_photos(const std::string& ticket, const Submission& sent);

    // --- answers (intake_answers.cpp)
    [[nodiscard]] web::Response say_thanks(const web::Request& request, const Report& report,
                                           std::string_view secret,
                                           const std::vector<std::string_view>& refused_photos);
    [[nodiscard]] web::Response show_form(const web::Request& request);
    [[nodiscard]] web::Response show_status_page(const web::Request& request);
    [[nodiscard]] web::Response show_ticket(const web::Request& request);
    [[nodiscard]] web::Response give_challenge(const web::Request& request);
    [[nodiscard]] web::Response say_problems(const web::Request& request, const Submission& sent,
                                             const std::vector<Problem>& problems);
    [[nodiscard]] web::Response say_refusal(const web::Request& request, const Submission& sent,
                                            const Refusal& refusal);
    [[nodiscard]] web::Response say_message(const web::Request& request, unsigned status,
                                            std::string_view title, std::string_view text);
    [[nodiscard]] IpAddress client_of(const web::Request& request) const;
    [[nodiscard]] std::string sender_of(const Submission& sent, const IpAddress& client) const;
    [[nodiscard]] std::string fresh_challenge();
    void count_refused(std::string_view reason);

    // --- events (intake.cpp)
    Task<> pump();
    Task<> tick();
    [[nodiscard]] Task<> write(std::vector<TakenPointer> batch);
    [[nodiscard]] Task<bool> append(std::string lines);
    [[nodiscard]] Task<> hand_on();
    [[nodiscard]] Task<> set_aside_flagged();
    void emit(std::uint64_t sequence, const Report& report, std::string_view line);
    void emit_photo(std::uint64_t sequence, const Report& report, const StoredPhoto& photo);
    [[nodiscard]] Task<> emit_pending();
    void measure();

    std::string_view source_;
    const Options& options_;
    std::shared_ptr<Archive> archive_;
    std::uint64_t journal_bytes_;  ///< the journal itself is in use on other threads
    Metrics& metrics_;
    const Clock& clock_;
    EventSink& sink_;
    Gate gate_;
    Pages pages_;
    bool failing_ = false;  ///< the journal could not be written the last time
    Timestamp last_{};      ///< when the newest report was received
    std::uint64_t emitted_ = 0;
    std::uint64_t marked_ = 0;  ///< emitted_ as the last bookmark had it
    std::uint64_t evicted_ = 0;
    Event event_;
    Channel<TakenPointer> queue_{64};
    web::Server server_;
    TaskGroup group_;
};

}  // namespace kentongan::report
