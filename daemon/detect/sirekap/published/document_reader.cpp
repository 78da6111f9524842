// Reads a published file. Whatever a key holds, the reader goes on: what is odd is noted by name.
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/published/document.hpp"

namespace kentongan::sirekap::published {

namespace json = boost::json;

namespace {

constexpr std::chrono::hours kWib{7};

bool is_whole(double number) {
    return std::abs(number) <= static_cast<double>(Document::kMaximumNumber) &&
           std::trunc(number) == number;
}

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }
std::string_view view(json::string_view text) { return {text.data(), text.size()}; }

class Reader {
  public:
    explicit Reader(const json::object& root) : root_(root) {}

    Result<Document> read() {
        const json::object& body = numbers();
        if (!find_level(body))
            return fail(ErrorCode::data,
                        "neither an area's file (table) nor a TPS's (images, administrasi)");
        top_level();
        chart(body);
        if (out_.level == Document::Level::area)
            area(body);
        else
            tps(body);
        std::ranges::sort(out_.oddities);
        return std::move(out_);
    }

  private:
    using Kind = Oddity::Kind;

    void note(Kind kind, std::string where) {
        Oddity oddity{kind, printable_utf8(where, 64)};
        if (out_.oddities.size() < Document::kMaximumOddities &&
            std::ranges::find(out_.oddities, oddity) == out_.oddities.end())
            out_.oddities.push_back(std::move(oddity));
    }

    /// Where chart and table are: in `tungsura` for the Pilkada.
    const json::object& numbers() {
        const auto* inside = root_.if_contains("tungsura");
        if (inside == nullptr) return root_;
        out_.pilkada = true;
        if (const auto* object = inside->if_object()) return *object;
        note(Kind::wrong_type, "tungsura");
        return root_;
    }

    bool find_level(const json::object& body) {
        const auto has = [&](json::string_view key) {
            return body.contains(key) || root_.contains(key);
        };
        const bool is_tps =
            has("images") || has("administrasi") || has("status_suara") || has("status_adm");
        out_.level = is_tps ? Document::Level::tps : Document::Level::area;
        return is_tps || has("table");
    }

    void top_level() {
        static constexpr std::array<std::string_view, 9> kKnown{
            "mode", "tungsura", "chart", "table", "psu", "ts", "progres", "images", "administrasi"};
        for (const auto& member : root_) {
            const std::string_view key = view(member.key());
            if (std::ranges::find(kKnown, key) == kKnown.end() && key != "status_suara" &&
                key != "status_adm")
                note(Kind::unknown_key, std::string(key));
        }
        out_.has_mode = root_.contains("mode");
        optional_text("mode");
        optional_text("psu");
        read_ts();
    }

    void optional_text(std::string_view key) {
        const auto* value = root_.if_contains({key.data(), key.size()});
        if (value != nullptr && !value->is_null() && !value->is_string())
            note(Kind::wrong_type, std::string(key));
    }

    void read_ts() {
        const auto* value = root_.if_contains("ts");
        if (value == nullptr) return note(Kind::missing_key, "ts");
        const auto* text = value->if_string();
        if (text == nullptr) return note(Kind::wrong_type, "ts");
        out_.ts = printable_utf8(view(*text), 40);
        out_.made = parse_rfc3339(view(*text), kWib);
        if (!out_.made) note(Kind::wrong_type, "ts");
    }

    /// A whole number within range; anything else is noted.
    std::optional<std::int64_t> number(const json::value& value, const std::string& where) {
        std::optional<std::int64_t> out;
        if (const auto* integer = value.if_int64())
            out = *integer;
        else if (value.is_uint64())
            out = Document::kMaximumNumber + 1;
        else if (const auto* real = value.if_double(); real != nullptr && is_whole(*real))
            out = static_cast<std::int64_t>(*real);
        if (!out) {
            note(Kind::wrong_type, where);
        } else if (*out > Document::kMaximumNumber || *out < -Document::kMaximumNumber) {
            note(Kind::out_of_range, where);
            out.reset();
        }
        return out;
    }

    std::optional<Progress> progress(const json::value& value, const std::string& where) {
        const auto* object = value.if_object();
        if (object == nullptr) {
            note(Kind::wrong_type, where);
            return std::nullopt;
        }
        Progress out;
        bool whole = true;
        const auto take = [&](json::string_view key, std::int64_t& to) {
            const auto* found = object->if_contains(key);
            const std::string path = where + "." + std::string(view(key));
            if (found == nullptr) note(Kind::missing_key, path);
            const auto read = found == nullptr ? std::nullopt : number(*found, path);
            whole = whole && read.has_value();
            to = read.value_or(0);
        };
        take("total", out.total);
        take("progres", out.counted);
        for (const auto& member : *object)
            if (const auto key = view(member.key());
                key != "total" && key != "progres" && key != "persen")
                note(Kind::unknown_key, where + "." + std::string(key));
        return whole ? std::optional{out} : std::nullopt;
    }

    /// Candidates among other keys: `persen`, `progres` and the literal "null" stand beside them.
    Votes votes(const json::object& object, const std::string& where,
                std::optional<Progress>& progress_out) {
        Votes out;
        for (const auto& member : object) {
            const std::string_view key = view(member.key());
            if (const auto candidate = parse_number<std::uint64_t>(key)) {
                if (out.size() >= Document::kMaximumCandidates) {
                    note(Kind::too_many, where);
                    break;
                }
                if (member.value().is_null()) continue;
                if (const auto count = number(member.value(), where + ".*"))
                    out.push_back({*candidate, *count});
            } else if (key == "progres") {
                progress_out = progress(member.value(), where + ".progres");
            } else if (key == "persen") {
                if (!member.value().is_number()) note(Kind::wrong_type, where + ".persen");
            } else if (key == "null") {
                if (!member.value().is_null()) note(Kind::wrong_type, where + ".null");
            } else if (key != "psu" && key != "status_progress") {
                note(Kind::unknown_key, where + "." + std::string(key));
            }
        }
        std::ranges::sort(out, {}, &Vote::candidate);
        const auto repeated = std::ranges::unique(out, {}, &Vote::candidate);
        out.erase(repeated.begin(), repeated.end());
        return out;
    }

    void chart(const json::object& body) {
        const auto* value = body.if_contains("chart");
        if (value == nullptr) return note(Kind::missing_key, "chart");
        if (value->is_null()) return;
        const auto* object = value->if_object();
        if (object == nullptr) return note(Kind::wrong_type, "chart");
        Votes read = votes(*object, "chart", out_.progress);
        // A TPS whose chart holds nothing but the key "null" has a chart all the same.
        out_.chart = std::move(read);
    }

    void area(const json::object& body) {
        if (const auto* own = root_.if_contains("progres"))
            if (auto read = progress(*own, "progres")) out_.progress = read;
        const auto* value = body.if_contains("table");
        if (value == nullptr) return note(Kind::missing_key, "table");
        if (value->is_null()) return;
        const auto* table = value->if_object();
        if (table == nullptr) return note(Kind::wrong_type, "table");
        for (const auto& member : *table) {
            if (out_.rows.size() >= Document::kMaximumRows) {
                note(Kind::too_many, "table");
                break;
            }
            row(view(member.key()), member.value());
        }
        std::ranges::sort(out_.rows, {}, &Row::code);
    }

    void row(std::string_view code, const json::value& value) {
        if (!is_code(code)) return note(Kind::bad_code, "table." + std::string(code));
        const auto* object = value.if_object();
        if (object == nullptr) return note(Kind::wrong_type, "table.*");
        Row out;
        out.code = code;
        out.votes = votes(*object, "table.*", out.progress);
        const auto* counted = object->if_contains("status_progress");
        if (counted == nullptr)
            note(Kind::missing_key, "table.*.status_progress");
        else if (const auto* flag = counted->if_bool())
            out.counted = *flag;
        else
            note(Kind::wrong_type, "table.*.status_progress");
        out_.rows.push_back(std::move(out));
    }

    const json::value* either(const json::object& body, json::string_view key) {
        const auto* inside = body.if_contains(key);
        return inside != nullptr ? inside : root_.if_contains(key);
    }

    void tps(const json::object& body) {
        images(either(body, "images"));
        administration(either(body, "administrasi"));
        out_.status_votes = flag("status_suara");
        out_.status_administration = flag("status_adm");
    }

    std::optional<bool> flag(json::string_view key) {
        const auto* value = root_.if_contains(key);
        if (value == nullptr) {
            note(Kind::missing_key, std::string(view(key)));
            return std::nullopt;
        }
        if (const auto* set = value->if_bool()) return *set;
        note(Kind::wrong_type, std::string(view(key)));
        return std::nullopt;
    }

    void images(const json::value* value) {
        if (value == nullptr) return note(Kind::missing_key, "images");
        if (value->is_null()) return;
        const auto* list = value->if_array();
        if (list == nullptr) return note(Kind::wrong_type, "images");
        for (const json::value& entry : *list) {
            if (out_.images.size() >= Document::kMaximumImages) {
                note(Kind::too_many, "images");
                break;
            }
            const auto* text = entry.if_string();
            if (text == nullptr && !entry.is_null()) note(Kind::wrong_type, "images.*");
            out_.images.push_back(text == nullptr ? "" : printable_utf8(view(*text), 1024));
        }
    }

    void administration(const json::value* value) {
        if (value == nullptr) return note(Kind::missing_key, "administrasi");
        if (value->is_null()) return;
        const auto* object = value->if_object();
        if (object == nullptr) return note(Kind::wrong_type, "administrasi");
        Administration out;
        for (const auto& member : *object) {
            const std::string path = "administrasi." + std::string(view(member.key()));
            const auto which = parse_number_name(view(member.key()));
            if (!which)
                note(Kind::unknown_key, path);
            else if (!member.value().is_null())
                out[static_cast<std::size_t>(*which)] = number(member.value(), path);
        }
        for (std::size_t i = 0; i < kNumbers && !out_.pilkada; ++i)
            if (const auto name = published::name_of(static_cast<Number>(i));
                !object->contains({name.data(), name.size()}))
                note(Kind::missing_key, "administrasi." + std::string(name));
        out_.administration = out;
    }

    const json::object& root_;
    Document out_;
};

}  // namespace

Result<Document> Document::parse(std::string_view text) {
    if (text.size() > kMaximumBytes)
        return fail(ErrorCode::data, "larger than {} bytes", kMaximumBytes);
    json::monotonic_resource memory;
    json::parse_options options;
    options.max_depth = kMaximumDepth;
    options.allow_invalid_utf8 = true;  // texts are made printable where they are kept
    json::stream_parser parser{&memory, options};
    boost::system::error_code error;
    const std::size_t read = parser.write_some(text.data(), text.size(), error);
    if (!error && !parser.done()) error = json::error::incomplete;
    if (!error && read < text.size()) error = json::error::extra_data;
    if (error == json::error::too_deep)
        return fail(ErrorCode::data, "nested deeper than {} levels", kMaximumDepth);
    if (error) return fail(ErrorCode::data, "not JSON at byte {}: {}", read, error.message());
    const json::value value = parser.release();
    const auto* object = value.if_object();
    if (object == nullptr) return fail(ErrorCode::data, "not a JSON object");
    return Reader{*object}.read();
}

}  // namespace kentongan::sirekap::published
