// Reads lists of TPS and finds areas in them.
#include "daemon/detect/sirekap/register.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "daemon/alert/province.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace {
constexpr std::size_t kNameLength = 120;
constexpr std::size_t kColumns = 6;
constexpr std::array<std::size_t, 4> kAreaLengths{2, 4, 6, 10};

/// Fields of one CSV line (RFC 4180, no line breaks inside quotes); more than six are left out.
std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> out(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
            out.back() += line[++i];
        else if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted && out.size() == kColumns)
            break;
        else if (c == ',' && !quoted)
            out.emplace_back();
        else
            out.back() += c;
    }
    for (std::string& field : out) field = std::string(trim(field));
    return out;
}
}  // namespace

/// Builds a register line by line.
class RegisterReader {
  public:
    explicit RegisterReader(std::string_view file) : file_(file) {}

    Result<Register> read(std::string_view csv) {
        if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
        bool by_kelurahan = false;
        while (!csv.empty()) {
            const std::string_view line = trim(take_until(csv, '\n'));
            ++line_;
            if (line.empty()) continue;
            const bool heading = register_.tps_.empty() && is_heading(line);
            if (heading) {
                by_kelurahan = line.starts_with("kode_kel");
                continue;
            }
            const auto fields = fields_of(line);
            if (auto done = by_kelurahan ? kelurahan(fields) : tps(fields[0]); !done)
                return std::unexpected(done.error());
        }
        return finish();
    }

  private:
    static bool is_heading(std::string_view line) {
        return line.starts_with("kode_kel") || to_lower(line.substr(0, 3)) == "tps";
    }

    template <class... Args>
    std::unexpected<Error> fail_here(fmt::format_string<Args...> format, Args&&... args) const {
        return fail(ErrorCode::data, "TPS register {}:{}: {}", file_, line_,
                    fmt::format(format, std::forward<Args>(args)...));
    }

    Result<> tps(const std::string& text) {
        const auto code = TpsCode::parse(text);
        if (!code)
            return fail_here("'{}' is not a TPS code of 13 digits", printable_utf8(text, 40));
        if (register_.tps_.size() == Register::kMaximumTps)
            return fail_here("more than {} TPS", Register::kMaximumTps);
        register_.tps_.push_back(*code);
        lines_.push_back(line_);
        return {};
    }

    Result<> kelurahan(const std::vector<std::string>& fields) {
        if (fields.size() != kColumns)
            return fail_here(
                "{} columns; kode_kel,nama_kab,nama_kec,nama_kel,jumlah_tps,"
                "tps_suffixes are expected",
                fields.size());
        const std::string& code = fields[0];
        if (code.size() != 10 || !TpsCode::parse(code + "001"))
            return fail_here("'{}' is not a kelurahan code of 10 digits", printable_utf8(code, 40));
        const std::size_t before = register_.tps_.size();
        std::string_view rest = fields[5];
        while (!rest.empty())
            if (auto done = range(code, trim(take_until(rest, ' '))); !done) return done;
        const auto stated = parse_number<std::size_t>(fields[4]);
        const std::size_t found = register_.tps_.size() - before;
        if (!stated || *stated != found)
            return fail_here("jumlah_tps is '{}' but {} TPS are listed",
                             printable_utf8(fields[4], 20), found);
        name(code.substr(0, 4), fields[1]);
        name(code.substr(0, 6), fields[2]);
        name(code, fields[3]);
        return {};
    }

    /// "001-044" or "901"; commas between ranges are as good as blanks.
    Result<> range(const std::string& kelurahan, std::string_view text) {
        while (!text.empty()) {
            std::string_view part = take_until(text, ',');
            const std::string_view whole = part;
            if (part.empty()) continue;
            const std::string_view first = take_until(part, '-');
            const std::string_view last = whole.contains('-') ? part : first;
            const auto from = parse_number<unsigned>(first);
            const auto to = parse_number<unsigned>(last);
            if (first.size() != 3 || last.size() != 3 || !from || !to || *from > *to)
                return fail_here("'{}' is not a TPS number or range such as 001-044",
                                 printable_utf8(whole, 40));
            for (unsigned number = *from; number <= *to; ++number)
                if (auto done = tps(fmt::format("{}{:03}", kelurahan, number)); !done) return done;
        }
        return {};
    }

    void name(const std::string& code, std::string_view text) {
        names_.try_emplace(code, printable_utf8(text, kNameLength));
    }

    Result<Register> finish() {
        if (register_.tps_.empty())
            return fail(ErrorCode::data, "TPS register {}: no TPS in it", file_);
        if (auto unique = check_unique(); !unique) return std::unexpected(unique.error());
        std::ranges::sort(register_.tps_);
        for (std::uint32_t i = 0; i < register_.tps_.size(); ++i) add_to_areas(i);
        std::ranges::sort(register_.areas_, {}, &Register::Area::code);
        return std::move(register_);
    }

    Result<> check_unique() {
        std::vector<std::pair<TpsCode, std::size_t>> seen;
        seen.reserve(lines_.size());
        for (std::size_t i = 0; i < lines_.size(); ++i)
            seen.emplace_back(register_.tps_[i], lines_[i]);
        std::ranges::sort(seen);
        const auto twice =
            std::ranges::adjacent_find(seen, {}, [](const auto& pair) { return pair.first; });
        if (twice == seen.end()) return {};
        line_ = std::next(twice)->second;
        return fail_here("TPS {} was listed before, on line {}", twice->first.to_string(),
                         twice->second);
    }

    /// TPS come in the order of codes, so an area is being extended or begins here.
    void add_to_areas(std::uint32_t index) {
        const std::string code = register_.tps_[index].to_string();
        for (std::size_t level = 0; level < kAreaLengths.size(); ++level) {
            const std::string prefix = code.substr(0, kAreaLengths[level]);
            if (open_[level] == SIZE_MAX || register_.areas_[open_[level]].code != prefix) {
                open_[level] = register_.areas_.size();
                register_.areas_.push_back({prefix, name_of_area(prefix), index, index});
            }
            register_.areas_[open_[level]].end = index + 1;
        }
    }
    std::string name_of_area(const std::string& code) const {
        if (code.size() == 2) return std::string(province_name(code));
        const auto found = names_.find(code);
        return found == names_.end() ? std::string{} : found->second;
    }

    std::string file_;
    std::size_t line_ = 0;
    Register register_;
    std::vector<std::size_t> lines_;  // of each TPS
    std::map<std::string, std::string> names_;
    std::array<std::size_t, 4> open_{SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX};
};

Result<Register> Register::parse(std::string_view csv, std::string_view file) {
    return RegisterReader(file).read(csv);
}

std::optional<std::uint32_t> Register::index_of(TpsCode tps) const {
    const auto found = std::ranges::lower_bound(tps_, tps);
    if (found == tps_.end() || *found != tps) return std::nullopt;
    return static_cast<std::uint32_t>(found - tps_.begin());
}

bool Register::contains(std::string_view tps) const {
    const auto code = TpsCode::parse(tps);
    return code && index_of(*code);
}

const Register::Area* Register::area(std::string_view code) const {
    const auto found = std::ranges::lower_bound(areas_, code, {}, &Area::code);
    return found != areas_.end() && found->code == code ? &*found : nullptr;
}

std::string Register::fingerprint() const {
    Sha256 digest;
    for (const TpsCode& tps : tps_) digest.update(tps.to_string());
    return to_hex(digest.finish());
}

}  // namespace kentongan::sirekap
