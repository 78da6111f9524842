// auditd's log. The records of one event (one serial number) are joined: each becomes an event,
// and an execve one more that says who started what. Records of several serials may interleave: a
// block of lines is complete when none of its serials is open any more.
#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/audit_merge.hpp"
#include "collectors/log/formats/signs.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

/// Serials whose records are still coming. PROCTITLE is the last the kernel writes; EOE follows it
/// where it is logged at all. Where neither is (an exclude rule), a serial counts as complete when
/// the SYSCALL's count of PATH items is reached and another one begins, or two seconds later, as
/// in auparse.
class OpenSerials {
  public:
    [[nodiscard]] bool any() const { return count_ > 0; }
    void clear() { count_ = 0; }
    [[nodiscard]] bool holds(std::uint64_t serial) const {
        return std::ranges::find(open(), serial, &Open::serial) != open().end();
    }
    /// Lets go of what cannot get another record; `record` is the next one.
    void age(const AuditRecord& record) {
        constexpr std::chrono::seconds kPatience{2};
        const auto rest = std::ranges::remove_if(all(), [&](const Open& o) {
            return record.time - o.time > kPatience || o.time - record.time > kPatience;
        });
        count_ -= rest.size();
        const auto settled = [](const Open& o) { return o.syscall && o.items == 0; };
        if (!holds(record.serial) && std::ranges::all_of(open(), settled)) count_ = 0;
    }
    void add(const AuditRecord& record) {
        auto found = std::ranges::find(all(), record.serial, &Open::serial);
        if (found == all().end()) {
            if (count_ == open_.size()) {
                close(open_[0].serial);  // the oldest
                ++pushed_out_;
            }
            open_[count_] = {record.serial, record.time, 0, false};
            found = all().begin() + static_cast<std::ptrdiff_t>(count_++);
        }
        if (record.type == "SYSCALL") {
            found->syscall = true;
            const auto items = parse_number<int>(audit_value(record.body, "items"));
            found->items += std::clamp(items.value_or(0), 0, kMaximumItems);
        } else if (record.type == "PATH") {
            --found->items;
        }
    }
    /// Serials closed since the last call because too many were open.
    [[nodiscard]] std::uint64_t take_pushed_out() { return std::exchange(pushed_out_, 0); }
    void close(std::uint64_t serial) {
        const auto rest = std::ranges::remove(all(), serial, &Open::serial);
        count_ -= rest.size();
    }

  private:
    static constexpr int kMaximumItems = 1000;
    struct Open {
        std::uint64_t serial = 0;
        Timestamp time{};
        int items = 0;  ///< PATH records still to come, once `syscall` was seen
        bool syscall = false;
    };
    std::span<Open> all() { return std::span(open_).first(count_); }
    [[nodiscard]] std::span<const Open> open() const { return std::span(open_).first(count_); }

    std::array<Open, 32> open_{};
    std::uint64_t pushed_out_ = 0;
    std::size_t count_ = 0;
};

/// Messages of programs come as one record; the kernel's belong to a system call, or may.
bool stands_alone(std::string_view type) {
    static constexpr std::array<std::string_view, 16> kPrograms{
        "USER_",    "CRED_",   "ADD_",    "DEL_",    "GRP_",  "ACCT_", "CHUSER_",   "CHGRP_",
        "SERVICE_", "SYSTEM_", "DAEMON_", "CRYPTO_", "VIRT_", "ROLE_", "SOFTWARE_", "USYS_"};
    return std::ranges::any_of(kPrograms, [&](auto start) { return type.starts_with(start); });
}

class AuditFormat final : public Format {
  public:
    Fit fit(std::string_view line) override {
        AuditRecord record;
        if (!read_audit_record(line, record)) return open_.any() ? Fit::continues : Fit::alone;
        open_.age(record);
        const bool pending = open_.any();
        if (record.type == "PROCTITLE" || record.type == "EOE") {
            open_.close(record.serial);
            if (!pending) return Fit::alone;
            return open_.any() ? Fit::continues : Fit::ends;
        }
        if (stands_alone(record.type)) return pending ? Fit::continues : Fit::alone;
        open_.add(record);
        return pending ? Fit::continues : Fit::begins;
    }
    void forget() override { open_.clear(); }

    ParseResult parse(std::string_view block, ParseContext& context, Event& out) override {
        context.left_out += open_.take_pushed_out();
        block_ = block;
        next_ = 0;
        merge_.begin(block);
        const bool several = block.contains('\n');
        if (!several) {
            AuditRecord record;
            next_ = block.size() + 1;
            if (!read_audit_record(block, record)) return ParseResult::unparsed;
            set_audit_record(record, context, scratch_, whole_, out);
            return ParseResult::parsed;
        }
        (void)take_line(context, out);
        context.event_offset = 0;
        return ParseResult::parsed;
    }
    bool another(ParseContext& context, Event& out) override {
        return take_line(context, out) || merge_.next(context, out);
    }
    LogSource logsource() const override { return {"audit", "linux", "auditd"}; }
    std::string_view name() const override { return "audit"; }

  private:
    /// The block's next line as an event; one that is no record has its raw text alone.
    bool take_line(ParseContext& context, Event& out) {
        while (next_ < block_.size()) {
            const auto offset = next_;
            auto line = block_.substr(offset, block_.find('\n', offset) - offset);
            next_ += line.size() + 1;
            if (line.ends_with('\r')) line.remove_suffix(1);
            if (line.empty()) continue;
            context.event_offset = offset;
            out.set_raw(line);
            out.logsource = logsource();
            AuditRecord record;
            if (read_audit_record(line, record))
                set_audit_record(record, context, scratch_, whole_, out);
            return true;
        }
        return false;
    }

    OpenSerials open_;
    AuditMerge merge_;
    std::string_view block_;
    std::size_t next_ = 0;
    std::string scratch_;
    std::string whole_;
};

}  // namespace

std::unique_ptr<Format> make_audit(const FormatOptions&) { return std::make_unique<AuditFormat>(); }

}  // namespace kentongan::log
