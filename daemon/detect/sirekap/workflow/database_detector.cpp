#include "daemon/detect/sirekap/workflow/database_detector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace {

constexpr Duration kMemory = std::chrono::minutes{10};
constexpr Duration kPatience = std::chrono::minutes{10};
constexpr std::size_t kPending = 10000;
constexpr std::size_t kSources = 4096;
constexpr std::uint64_t kTrusted = 20;  // links that prove a kind of key
constexpr std::array<char, 3> kPrefixes{'r', 't', 'k'};
constexpr std::string_view kDatabase = "database";

bool is_write(Act act) { return act != Act::other && act != Act::view && act != Act::read; }

std::string what_of(const Event& event) {
    const auto operation = event.text(Field::db_operation);
    const auto object = event.text(Field::db_object);
    return fmt::format("{}{}{}", operation.empty() ? "write" : printable_utf8(operation, 32),
                       object.empty() ? "" : " of ", printable_utf8(object, 64));
}

}  // namespace

void DatabaseDetector::Times::add(Timestamp time) {
    if (count < at.size()) {
        at[count++] = time;
        return;
    }
    more = true;
    *std::ranges::min_element(at) = time;
}

bool DatabaseDetector::Times::near(Timestamp time, Duration window) const {
    const auto kept = std::span{at}.first(count);
    if (std::ranges::any_of(
            kept, [&](Timestamp call) { return call - window <= time && time <= call + window; }))
        return true;
    return more && time <= *std::ranges::min_element(kept) + window;  // one was forgotten
}

DatabaseDetector::DatabaseDetector(std::shared_ptr<const WorkflowOptions> options)
    : options_(std::move(options)),
      calls_(4 * options_->table_entries, kMemory, options_->seed),
      cards_(options_->windows.size()) {
    for (const std::string& host : options_->application_hosts)
        if (const auto network = IpNetwork::parse(host)) hosts_.push_back(*network);
}

bool DatabaseDetector::picks(const Event& event) const {
    return is_app_act(event) || event.logsource.category == kDatabase;
}

void DatabaseDetector::inspect(const Event& event, FindingSink& out) {
    if (event.kind == EventKind::log && event.logsource.category == kDatabase)
        return write(event, out);
    if (const auto app = AppEvent::of(event)) call(*app);
}

void DatabaseDetector::inspect(const LogSecond& second, FindingSink&) {
    const auto found = heard_.find(second.source);
    if (found != heard_.end()) found->second = std::max(found->second, second.second);
}

void DatabaseDetector::call(const AppEvent& app) {
    const Timestamp time = app.time();
    if (heard_.size() < kSources || heard_.contains(app.event->origin.source)) {
        Timestamp& heard = heard_[app.event->origin.source];
        heard = std::max(heard, time);
    }
    first_call_ = std::min(first_call_, time);
    newest_call_ = std::max(newest_call_, time);
    if (!app.accepted) return;
    calls_.expire(time);
    remember(by_request, app.request, time);
    remember(by_transaction, app.transaction, time);
    if (app.tps && is_write(app.act)) remember(by_tps, app.tps->to_string(), time);
}

void DatabaseDetector::remember(KeyKind kind, std::string_view key, Timestamp time) {
    if (key.empty()) return;
    const auto lost = calls_.evicted();
    calls_.touch(fmt::format("{}:{}", kPrefixes[kind], key), time).value.add(time);
    if (calls_.evicted() != lost) blind_until_ = time + options_->join_window;
}

void DatabaseDetector::write(const Event& event, FindingSink& out) {
    if (!writes_results(event, options_->result_tables)) return;
    ++counts_[writes].total;
    const WriteKeys keys = keys_of(event);
    const std::string why = stranger(event);
    const auto window =
        options_->windows.ordered(keys.tps, event.time, event.text(Field::user_name));
    if (window) {
        if (!why.empty()) cards_.note(options_->windows, *window, event, out);
        return;
    }
    if (why.empty()) return wait(event, keys);
    Finding finding = inconsistency(
        database_write_rule(), event,
        fmt::format("results were written to the database ({}) by {}", what_of(event), why));
    if (!keys.tps.empty()) finding.entity = finding.subject.tps = keys.tps;
    few_.limit(finding);
    out.report(std::move(finding));
}

/// Who wrote, when it is not the application; empty when it is, or nobody can tell.
std::string DatabaseDetector::stranger(const Event& event) const {
    const auto user = event.text(Field::user_name);
    const auto ip = event.ip(Field::source_ip);
    const bool known_user =
        user.empty() || std::ranges::find(options_->application_accounts, user) !=
                            options_->application_accounts.end();
    const bool known_host = !ip || std::ranges::any_of(hosts_, [&](const IpNetwork& network) {
        return network.contains(*ip);
    });
    if (known_user && known_host) return {};
    return fmt::format("{}{}{}", quoted(user), ip ? " from " + ip->to_string() : "",
                       known_user ? ", which is no host of the application"
                                  : ", which is no account of the application");
}

void DatabaseDetector::wait(const Event& event, const WriteKeys& keys) {
    if (keys.empty() && !options_->require_key) return let_go();
    Write write{event.time,
                {keys.request, keys.transaction, keys.tps},
                inconsistency(database_write_rule(), event,
                              fmt::format("results were written to the database ({}) in the name "
                                          "of the application, which has no event of it within "
                                          "{:.0f} s",
                                          what_of(event), to_seconds(options_->join_window)))};
    if (!keys.tps.empty()) write.finding.entity = write.finding.subject.tps = keys.tps;
    if (pending_.size() == kPending) {
        pending_.pop_front();
        let_go();
    }
    pending_.push_back(std::move(write));
}

void DatabaseDetector::advance(Timestamp now, FindingSink& out) {
    cards_.advance(options_->windows, now, out);
    while (!pending_.empty()) {
        Write& first = pending_.front();
        const Timestamp end = first.time + options_->join_window;
        if (now <= end) return;
        const bool ready = heard_after(first.time);
        if (!ready && now <= end + kPatience) return;
        if (ready && can_judge(first))
            judge(first, out);
        else
            let_go();
        pending_.pop_front();
    }
}

/// Whether each log of the application that was heard shortly before was heard after the window.
bool DatabaseDetector::heard_after(Timestamp time) const {
    bool any = false;
    for (const auto& [source, newest] : heard_) {
        if (newest > time + options_->join_window)
            any = true;
        else if (newest >= time - kPatience)
            return false;
    }
    return any;
}

bool DatabaseDetector::can_judge(const Write& write) const {
    return first_call_ <= write.time - options_->join_window && write.time > blind_until_ &&
           write.time - options_->join_window > newest_call_ - kMemory;
}

void DatabaseDetector::judge(Write& write, FindingSink& out) {
    bool trusted = options_->require_key;
    bool is_linked = false;
    for (std::size_t kind = 0; kind < kKeyKinds; ++kind) {
        if (write.keys[kind].empty()) continue;
        const Times* calls = calls_.find(fmt::format("{}:{}", kPrefixes[kind], write.keys[kind]));
        if (calls != nullptr && calls->near(write.time, options_->join_window)) {
            ++links_[kind];
            is_linked = true;
        }
        trusted = trusted || links_[kind] >= kTrusted;
    }
    if (is_linked) {
        ++counts_[linked].total;
        return;
    }
    if (!trusted) return let_go();
    few_.limit(write.finding);
    out.report(std::move(write.finding));
}

}  // namespace kentongan::sirekap
