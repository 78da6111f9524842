#include "collectors/report/submission.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "collectors/report/multipart.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::report {

namespace json = boost::json;

namespace {

constexpr std::size_t kFieldCap = 20'000;
constexpr std::size_t kContactCap = 120;
constexpr std::size_t kLeastCharacters = 10;
constexpr Duration kClockError = std::chrono::minutes{15};
constexpr Duration kLongAgo = std::chrono::hours{24} * 90;

std::string* member(Submission& out, std::string_view name) {
    struct Name {
        std::string_view name;
        std::string Submission::* field;
    };
    static constexpr std::array kNames{Name{"category", &Submission::category},
                                       Name{"place", &Submission::place},
                                       Name{"happened_at", &Submission::happened_at},
                                       Name{"text", &Submission::text},
                                       Name{"contact", &Submission::contact},
                                       Name{"language", &Submission::language},
                                       Name{"challenge", &Submission::challenge},
                                       Name{"solution", &Submission::solution},
                                       Name{"website", &Submission::trap}};
    const auto found = std::ranges::find(kNames, name, &Name::name);
    return found == kNames.end() ? nullptr : &(out.*found->field);
}

void put(Submission& out, std::string_view name, std::string_view value) {
    if (std::string* field = member(out, name)) *field = value.substr(0, kFieldCap);
}

std::expected<Submission, BodyFault> from_json(std::string_view body) {
    boost::system::error_code bad;
    json::parse_options depth;
    depth.max_depth = 8;
    const json::value value = json::parse(body, bad, {}, depth);
    if (bad || !value.is_object()) return std::unexpected(BodyFault::malformed);
    Submission out;
    for (const auto& item : value.get_object())
        if (item.value().is_string()) {
            const auto& text = item.value().get_string();
            put(out, {item.key().data(), item.key().size()}, {text.data(), text.size()});
        }
    return out;
}

std::expected<Submission, BodyFault> from_multipart(const web::Request& request) {
    const auto parts = parse_multipart(request.content_type, request.body);
    if (!parts) return std::unexpected(BodyFault::malformed);
    Submission out;
    for (const FormPart& part : *parts) {
        if (!part.is_file)
            put(out, part.name, part.content);
        else if (part.name == "photo" && !part.content.empty())  // an empty field is sent as well
            out.photos.push_back(part.content);
    }
    return out;
}

std::expected<Submission, BodyFault> from_pairs(std::string_view body) {
    const auto pairs = parse_pairs(body);
    if (!pairs) return std::unexpected(BodyFault::malformed);
    Submission out;
    for (const auto& [name, value] : *pairs) put(out, name, value);
    return out;
}

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string without_separators(std::string_view text) {
    std::string out;
    for (const char c : trim(text))
        if (c != ' ' && c != '.' && c != '-') out += c;
    return out;
}

/// Capital letters only in the overseas codes (99AA…), as in Sirekap's own list.
bool is_tps(std::string_view code) {
    if (code.size() != 13) return false;
    const bool overseas =
        code.starts_with("99") && std::ranges::all_of(code.substr(2, 2), [](char c) {
            return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        });
    return overseas ? all_digits(code.substr(4)) : all_digits(code) && code[0] != '0';
}

bool is_area(std::string_view code) {
    const bool length =
        code.size() == 2 || code.size() == 4 || code.size() == 6 || code.size() == 10;
    return length && all_digits(code) && code[0] != '0';
}

std::size_t characters_in(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Line ends as \n, no other control characters, valid UTF-8.
std::string plain_text(std::string_view text) {
    std::string out;
    for (const char c : trim(text))
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n')
            out += c == '\x7F' ? ' ' : c;
        else if (c == '\t')
            out += ' ';
    return printable_utf8(out);
}

std::optional<Timestamp> instant_of(std::string_view text, std::chrono::seconds zone) {
    std::string full(trim(text));
    if (full.size() == 16) full += ":00";  // as a browser's field for a time gives it
    return parse_rfc3339(full, zone);
}

class Check {
  public:
    Check(const Submission& submission, const ContentOptions& options, Timestamp now)
        : submission_(submission), options_(options), now_(now) {}

    Checked run() {
        Report& report = out_.report;
        report.received = now_;
        report.language = parse_language(submission_.language).value_or(Language::indonesian);
        report.category = submission_.category;
        expect(is_category(report.category), "category", "problem_category");
        text();  // in the order of the form
        place();
        happened();
        expect(submission_.contact.size() <= kContactCap, "contact", "problem_contact");
        expect(submission_.photos.size() <= options_.photos, "photo", "problem_photo_count");
        for (const std::string_view photo : submission_.photos)
            expect(photo.size() <= options_.photo_bytes, "photo", "problem_photo_size");
        return std::move(out_);
    }

  private:
    void expect(bool good, std::string_view field, std::string_view text) {
        const bool told =
            std::ranges::find(out_.problems, text, &Problem::text) != out_.problems.end();
        if (!good && !told) out_.problems.push_back({field, text});
    }

    void place() {
        const std::string code = without_separators(submission_.place);
        if (is_tps(code))
            out_.report.tps = code;
        else if (is_area(code))
            out_.report.area = code;
        else
            expect(code.empty(), "place", "problem_place");
    }

    void happened() {
        if (trim(submission_.happened_at).empty()) return;
        const auto time = instant_of(submission_.happened_at, options_.zone);
        if (!time) return expect(false, "happened_at", "problem_time");
        expect(*time <= now_ + kClockError, "happened_at", "problem_time_future");
        expect(*time >= now_ - kLongAgo, "happened_at", "problem_time_past");
        out_.report.happened = *time;
    }

    void text() {
        out_.report.text = plain_text(submission_.text);
        const std::size_t characters = characters_in(out_.report.text);
        expect(characters >= kLeastCharacters, "text", "problem_text_short");
        expect(characters <= options_.text_characters, "text", "problem_text_long");
    }

    const Submission& submission_;
    const ContentOptions& options_;
    const Timestamp now_;
    Checked out_;
};

}  // namespace

std::expected<Submission, BodyFault> read_submission(const web::Request& request) {
    const std::string type = media_type(request.content_type);
    if (type == "multipart/form-data") return from_multipart(request);
    if (type == "application/json") return from_json(request.body);
    if (type == "application/x-www-form-urlencoded") return from_pairs(request.body);
    return std::unexpected(BodyFault::unsupported_type);
}

Checked check(const Submission& submission, const ContentOptions& options, Timestamp now) {
    return Check{submission, options, now}.run();
}

}  // namespace kentongan::report
