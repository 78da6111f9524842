// Reads lists of TPS as CSV.
#include <algorithm>

#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/csv_line.hpp"
#include "daemon/detect/sirekap/register_builder.hpp"

namespace kentongan::sirekap {

namespace {

constexpr std::size_t kKelurahanColumns = 6;

class CsvReader {
  public:
    explicit CsvReader(RegisterBuilder& out) : out_(out) {}

    Result<> read(std::string_view csv) {
        if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
        while (!csv.empty()) {
            const std::string_view line = trim(take_until(csv, '\n'));
            ++line_;
            if (line.empty() || take_heading(line)) continue;
            split_csv_line(line, fields_);
            if (auto done = by_kelurahan_ ? kelurahan() : tps(); !done) return done;
        }
        return {};
    }

  private:
    bool take_heading(std::string_view line) {
        const bool by_kelurahan = line.starts_with("kode_kel");
        if (out_.size() != 0 || (!by_kelurahan && to_lower(line.substr(0, 3)) != "tps"))
            return false;
        by_kelurahan_ = by_kelurahan;
        split_csv_line(line, fields_);
        const auto found = std::ranges::find(fields_, "dpt", [](const auto& f) { return to_lower(f); });
        if (!by_kelurahan && found != fields_.end())
            voters_ = static_cast<std::size_t>(found - fields_.begin());
        return true;
    }

    Result<> tps() {
        if (voters_ == 0 || voters_ >= fields_.size() || fields_[voters_].empty())
            return out_.add(fields_[0], line_);
        const auto voters = parse_number<std::uint16_t>(fields_[voters_]);
        if (!voters || *voters == RegisterBuilder::kVotersUnknown)
            return out_.fail_at(line_, "dpt '{}' is not a number of voters",
                                printable_utf8(fields_[voters_], 40));
        return out_.add(fields_[0], line_, *voters);
    }

    Result<> kelurahan() {
        if (fields_.size() < kKelurahanColumns)
            return out_.fail_at(line_,
                                "{} columns; kode_kel,nama_kab,nama_kec,nama_kel,jumlah_tps,"
                                "tps_suffixes are expected",
                                fields_.size());
        const std::string& code = fields_[0];
        if (code.size() != 10 || !is_area_code(code))
            return out_.fail_at(line_, "'{}' is not a kelurahan code of 10 digits",
                                printable_utf8(code, 40));
        const std::size_t before = out_.size();
        std::string_view rest = fields_[5];
        while (!rest.empty())
            if (auto done = ranges(code, trim(take_until(rest, ' '))); !done) return done;
        const auto stated = parse_number<std::size_t>(fields_[4]);
        const std::size_t found = out_.size() - before;
        if (!stated || *stated != found)
            return out_.fail_at(line_, "jumlah_tps is '{}' but {} TPS are listed",
                                printable_utf8(fields_[4], 20), found);
        out_.name(code.substr(0, 4), fields_[1]);
        out_.name(code.substr(0, 6), fields_[2]);
        out_.name(code, fields_[3]);
        return {};
    }

    /// "001-044" or "901"; commas between ranges are as good as blanks.
    Result<> ranges(const std::string& kelurahan, std::string_view text) {
        while (!text.empty()) {
            std::string_view part = take_until(text, ',');
            const std::string_view whole = part;
            if (part.empty()) continue;
            const std::string_view first = take_until(part, '-');
            const std::string_view last = whole.contains('-') ? part : first;
            const auto from = parse_number<unsigned>(first);
            const auto to = parse_number<unsigned>(last);
            if (first.size() != 3 || last.size() != 3 || !from || !to || *from > *to)
                return out_.fail_at(line_, "'{}' is not a TPS number or range such as 001-044",
                                    printable_utf8(whole, 40));
            for (unsigned number = *from; number <= *to; ++number)
                if (auto done = out_.add(fmt::format("{}{:03}", kelurahan, number), line_); !done)
                    return done;
        }
        return {};
    }

    RegisterBuilder& out_;
    std::uint32_t line_ = 0;
    bool by_kelurahan_ = false;
    std::size_t voters_ = 0;  // column of the DPT; 0: none
    std::vector<std::string> fields_;
};

}  // namespace

Result<> read_register_csv(std::string_view csv, RegisterBuilder& out) {
    return CsvReader{out}.read(csv);
}

Result<Register> Register::parse(std::string_view csv, std::string_view file) {
    RegisterBuilder builder;
    builder.begin_file(file);
    if (auto read = read_register_csv(csv, builder); !read) return std::unexpected(read.error());
    return builder.finish();
}

}  // namespace kentongan::sirekap
