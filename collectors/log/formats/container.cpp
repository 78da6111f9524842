// Logs of container runtimes. What the program wrote is read by another format: `container:nginx`,
// or `auto` where none is named. Its events have the text the program wrote as raw text, and the
// container's names beside their fields.
#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/container_line.hpp"
#include "collectors/log/formats/program_lines.hpp"

namespace kentongan::log {

namespace {

class ContainerFormat final : public Format {
  public:
    ContainerFormat(const FormatOptions& options, std::unique_ptr<Format> joining,
                    std::unique_ptr<Format> inner)
        : path_(options.path),
          from_(read_container_path(path_)),
          joining_(std::move(joining)),
          inner_(std::move(inner)) {}

    Fit fit(std::string_view line) override { return pieces_.fit(line, *inner_); }
    void forget() override {
        pieces_.forget();
        inner_->forget();
    }

    ParseResult parse(std::string_view block, ParseContext& context, Event& out) override {
        records_.read(block, *joining_);
        next_ = 0;
        inside_ = false;
        if (records_.all().empty() || !records_.all()[0].known) return ParseResult::unparsed;
        (void)take_record(context, out);
        context.event_offset = 0;
        return ParseResult::parsed;
    }
    bool another(ParseContext& context, Event& out) override {
        if (inside_ && inner_->another(context, out)) {
            settle(records_.all()[next_ - 1], context, out);
            return true;
        }
        inside_ = false;
        return take_record(context, out);
    }
    LogSource logsource() const override { return inner_->logsource(); }
    std::string_view name() const override { return "container"; }

  private:
    bool take_record(ParseContext& context, Event& out) {
        if (next_ >= records_.all().size()) return false;
        const auto& record = records_.all()[next_++];
        out.set_raw(record.text);
        context.event_offset = 0;
        inside_ = record.known && inner_->parse(record.text, context, out) == ParseResult::parsed;
        if (!inside_) {
            out.clear();
            out.set_raw(record.text);
            out.logsource = inner_->logsource();
            out.set(Field::message, std::string_view(record.text));
            context.repeat = 1;
        }
        context.event_offset = 0;
        settle(record, context, out);
        return true;
    }
    /// Positions inside what a program wrote are not those of the file: that of its line stands.
    void settle(const ProgramRecords::Record& record, ParseContext& context, Event& out) const {
        context.event_offset = record.offset;
        if (out.time == Timestamp{} && record.time) out.time = *record.time;
        if (!record.known) return;
        out.set(Field::log_stream, record.stream == 1 ? "stderr" : "stdout");
        const auto set = [&](Field field, std::string_view text) {
            if (!text.empty() && !out.has(field)) out.set(field, text);
        };
        set(Field::container_id, from_.id);
        set(Field::container_name, from_.container);
        set(Field::orchestrator_namespace, from_.space);
        set(Field::orchestrator_resource_name, from_.pod);
        if (!from_.pod.empty()) set(Field::orchestrator_resource_type, "pod");
    }

    std::string path_;
    ContainerPath from_;
    std::unique_ptr<Format> joining_;  ///< asked only how the lines of a block fit
    std::unique_ptr<Format> inner_;
    ContainerPieces pieces_;
    ProgramRecords records_;
    std::size_t next_ = 0;
    bool inside_ = false;  ///< inner_ may have more of the record before next_
};

}  // namespace

std::unique_ptr<Format> make_container(const FormatOptions& options) {
    FormatOptions inside = options;
    inside.resumed.clear();
    inside.nested = true;
    const std::string_view name = options.inner.empty() ? "auto" : std::string_view(options.inner);
    auto joining = make_format(name, inside);
    auto inner = make_format(name, inside);
    if (!joining || !inner) return nullptr;
    return std::make_unique<ContainerFormat>(options, std::move(*joining), std::move(*inner));
}

}  // namespace kentongan::log
