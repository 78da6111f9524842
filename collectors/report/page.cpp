#include "collectors/report/page.hpp"

#include <algorithm>

#include "collectors/report/page/files.hpp"
#include "collectors/report/texts.hpp"

namespace kentongan::report {

namespace {

std::string_view file(std::string_view name) {
    for (const page::File& file : page::files())
        if (file.name == name) return file.content;
    return {};
}

/// Puts what `value_of` says in the place of each {{name}}.
template <class Lookup>
std::string replaced(std::string_view pattern, Lookup value_of) {
    std::string out;
    for (;;) {
        const auto open = pattern.find("{{");
        const auto close = pattern.find("}}", open == std::string_view::npos ? 0 : open);
        if (open == std::string_view::npos || close == std::string_view::npos) break;
        out += pattern.substr(0, open);
        out += value_of(pattern.substr(open + 2, close - open - 2));
        pattern.remove_prefix(close + 2);
    }
    return out += pattern;
}

std::string value_in(const Values& values, std::string_view name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string{} : found->second;
}

std::string categories(Language language, std::string_view chosen) {
    std::string out;
    for (const std::string_view category : kCategories)
        out += fmt::format(
            "<label class=\"choice\"><input type=\"radio\" name=\"category\" value=\"{}\" "
            "required{}><span>{}</span></label>\n",
            category, category == chosen ? " checked" : "",
            html_escaped(category_title(category, language)));
    return out;
}

std::string fact(std::string_view name, std::string_view value) {
    return fmt::format("<dt>{}</dt><dd>{}</dd>\n", html_escaped(name), html_escaped(value));
}

/// What went wrong, above the form.
std::string box(std::string_view title, std::string_view html) {
    return fmt::format("<div class=\"problem\" role=\"alert\" tabindex=\"-1\"><h2>{}</h2>{}</div>",
                       html_escaped(title), html);
}

std::string zone_name(std::chrono::seconds zone) {
    if (zone == std::chrono::hours{7}) return "WIB";
    if (zone == std::chrono::hours{8}) return "WITA";
    if (zone == std::chrono::hours{9}) return "WIT";
    const auto minutes = std::chrono::abs(std::chrono::duration_cast<std::chrono::minutes>(zone));
    return fmt::format("UTC{}{:02}:{:02}", zone.count() < 0 ? '-' : '+', minutes.count() / 60,
                       minutes.count() % 60);
}

std::string clock_time(Timestamp time, std::chrono::seconds zone) {
    std::string out = to_rfc3339(time + zone, 0);
    out.resize(16);  // to the minute
    out[10] = ' ';
    return out + " " + zone_name(zone);
}

}  // namespace

std::string html_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    return out;
}

std::string fill(std::string_view html, const Values& values, Language language) {
    return replaced(html, [&](std::string_view name) {
        if (name.starts_with("t.")) return html_escaped(text(name.substr(2), language));
        if (name.starts_with('&')) return value_in(values, name.substr(1));
        return html_escaped(value_in(values, name));
    });
}

std::string fill_text(std::string_view key, const Values& values, Language language) {
    return replaced(text(key, language),
                    [&](std::string_view name) { return value_in(values, name); });
}

Pages::Pages(const LimitOptions& limits, const ContentOptions& content) : zone_(content.zone) {
    limits_["text_characters"] = fmt::format("{}", content.text_characters);
    limits_["zone"] = zone_name(content.zone);
    limits_["photos"] = fmt::format("{}", content.photos);
    limits_["photo_bytes"] = fmt::format("{}", content.photo_bytes);
    limits_["photo_mib"] = fmt::format("{}", content.photo_bytes >> 20);
    limits_["unproven"] = fmt::format("{:.0f}", limits.per_hour_without_proof);
}

std::string Pages::said(std::string_view key, Language language, Duration wait) const {
    Values values = limits_;
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(wait).count();
    values["minutes"] = fmt::format("{}", minutes);
    values["wait"] = fill_text(minutes <= 1 ? "wait_minute" : "wait_minutes", values, language);
    return fill_text(key, values, language);
}

std::string Pages::frame(Language language, std::string_view title_key, std::string_view path,
                         std::string content, std::string_view mark) const {
    constexpr std::string_view kCurrent = " aria-current=\"true\"";
    Values values{{"lang", std::string(name_of(language))},
                  {"heading", std::string(text(title_key, language))},
                  {"mark", std::string(mark)},
                  {"path", std::string(path)},
                  {"content", std::move(content)}};
    values[fmt::format("current_{}", name_of(language))] = kCurrent;
    return fill(file("frame.html"), values, language);
}

std::string Pages::form(Language language, std::string_view challenge, const Submission& sent,
                        const std::vector<Problem>& problems, std::string_view refusal) const {
    Values values = limits_;
    values["lang"] = name_of(language);
    values["challenge"] = challenge;
    for (const auto* key : {"text_hint", "time_hint", "photo_hint", "noscript",
                            "problem_photo_count", "problem_photo_size"})
        values[key] = said(key, language);
    values["categories"] = categories(language, sent.category);
    values["value_text"] = sent.text;
    values["value_place"] = sent.place;
    values["value_happened_at"] = sent.happened_at;
    std::string again;
    if (!sent.photos.empty()) again = html_escaped(text("photos_again", language));
    std::string_view mark;
    if (!problems.empty()) {
        values["errors"] = mark_problems(language, problems, again, values);
        mark = text("error_prefix", language);
    } else if (!refusal.empty()) {
        values["errors"] = box(text("refused_title", language),
                               fmt::format("<p>{} {}</p>", html_escaped(refusal), again));
        mark = text("error_prefix", language);
    }
    return frame(language, "title", "/", fill(file("form.html"), values, language), mark);
}

/// Says at each field what is wrong with it, and gives the list of it all.
std::string Pages::mark_problems(Language language, const std::vector<Problem>& problems,
                                 std::string_view again, Values& values) const {
    std::string list;
    std::map<std::string, std::string> by_field;
    for (const Problem& problem : problems) {
        const std::string message = html_escaped(said(problem.text, language));
        list += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", problem.field, message);
        std::string& told = by_field[std::string(problem.field)];
        told += (told.empty() ? "" : " ") + message;
    }
    for (const auto& [field, message] : by_field) {
        values["error_" + field] =
            fmt::format("<p class=\"wrong\" id=\"{}_wrong\">{}</p>", field, message);
        values["describe_" + field] = fmt::format(" {}_wrong", field);
        values["invalid_" + field] =
            field == "category" ? " aria-describedby=\"category_wrong\"" : " aria-invalid=\"true\"";
    }
    if (!again.empty()) list += fmt::format("<li>{}</li>\n", again);
    return box(
        text("errors_title", language),
        fmt::format("<p>{}</p><ul>{}</ul>", html_escaped(text("errors_intro", language)), list));
}

std::string Pages::photos_said(Language language, std::size_t kept,
                               const std::vector<std::string_view>& refused) const {
    std::string out;
    if (kept > 0)
        out += fmt::format(
            "<p>{}</p>",
            html_escaped(fill_text("photos_kept", {{"count", std::to_string(kept)}}, language)));
    for (const std::string_view why : refused)
        out += fmt::format("<p class=\"wrong\">{}</p>",
                           html_escaped(text(fmt::format("photo_{}", why), language)));
    return out;
}

std::string Pages::thanks(Language language, std::string_view ticket, std::string_view secret,
                          std::size_t photos, const std::vector<std::string_view>& refused) const {
    const Values values{{"lang", std::string(name_of(language))},
                        {"ticket", std::string(ticket)},
                        {"secret", std::string(secret)},
                        {"photos", photos_said(language, photos, refused)}};
    return frame(language, "thanks_title", "/", fill(file("thanks.html"), values, language));
}

std::string Pages::message(Language language, std::string_view title_key,
                           std::string_view message) const {
    const Values values{{"lang", std::string(name_of(language))},
                        {"message", std::string(message)}};
    return frame(language, title_key, "/", fill(file("message.html"), values, language));
}

std::string Pages::status(Language language, const TicketState* state,
                          std::string_view asked) const {
    Values values{{"lang", std::string(name_of(language))}, {"value_ticket", std::string(asked)}};
    if (state != nullptr) {
        std::string facts =
            fact(text("ticket_label", language), state->ticket) +
            fact(text("received_label", language), clock_time(state->received, zone_)) +
            fact(text("about_label", language), category_title(state->category, language)) +
            fact(text("photos_label", language), std::to_string(state->photos));
        std::string warning;
        if (state->quarantined > 0)
            warning = fmt::format(
                "<p class=\"wrong\">{}</p>",
                html_escaped(fill_text("photos_quarantined",
                                       {{"count", std::to_string(state->quarantined)}}, language)));
        values["result"] = fmt::format(
            "<div class=\"state\" role=\"status\"><p><strong>{}</strong></p><p>{}</p>"
            "<dl class=\"facts\">{}</dl>{}</div>",
            html_escaped(text("status_received", language)),
            html_escaped(text("status_received_text", language)), facts, warning);
    } else if (!asked.empty()) {
        values["result"] = fmt::format("<div class=\"problem\" role=\"alert\"><p>{}</p></div>",
                                       html_escaped(text("status_unknown", language)));
    }
    return frame(language, "status_title", "/status", fill(file("status.html"), values, language));
}

}  // namespace kentongan::report
