// nginx and Apache: whichever of its lines a server writes to a file is recognised line by line.
#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/json_line.hpp"
#include "collectors/log/formats/signs.hpp"
#include "collectors/log/formats/web_lines.hpp"

namespace kentongan::log {

namespace {

class WebServerFormat final : public Format {
  public:
    explicit WebServerFormat(std::string_view service) : service_(service) {}

    /// nginx passes on what an application wrote to its stderr as it is, newlines included.
    Fit fit(std::string_view line) override {
        const bool error = begins_nginx_error(line);
        if (after_error_ && !error && !line.starts_with('{') && !is_access(line))
            return Fit::continues;
        after_error_ = error;
        return error ? Fit::begins : Fit::alone;
    }
    void forget() override { after_error_ = false; }

    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        if (line.starts_with('{') && read_object(line, context, out)) return ParseResult::parsed;
        if (read_nginx_error(line, context, out) || read_apache_error(line, context, out)) {
            out.logsource = {"webserver_error", {}, service_};
            return ParseResult::parsed;
        }
        if (!read_access_line(line, out)) return ParseResult::unparsed;
        out.logsource = logsource();
        return ParseResult::parsed;
    }
    LogSource logsource() const override { return {"webserver", {}, service_}; }
    std::string_view name() const override { return service_; }

  private:
    bool read_object(std::string_view line, ParseContext& context, Event& out) {
        const auto* object = json_.read(line);
        if (object == nullptr || !read_access_object(*object, context, path_, uri_, out))
            return false;
        out.logsource = logsource();
        return true;
    }

    std::string_view service_;
    JsonLine json_;
    std::string path_;
    std::string uri_;
    bool after_error_ = false;
};

}  // namespace

std::unique_ptr<Format> make_nginx(const FormatOptions&) {
    return std::make_unique<WebServerFormat>("nginx");
}
std::unique_ptr<Format> make_apache(const FormatOptions&) {
    return std::make_unique<WebServerFormat>("apache");
}

}  // namespace kentongan::log
