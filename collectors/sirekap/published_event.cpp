// Fills the event of a published file.
#include "collectors/sirekap/published_event.hpp"

namespace kentongan::sirekap {

namespace {

Field image_url_field() {
    static const Field kField = intern_field("sirekap.image_url").value_or(Field::sirekap_image);
    return kField;
}

std::string_view name_of(Told told) {
    switch (told) {
        case Told::published:
            return "published";
        case Told::confirmed:
            return "confirmed";
        case Told::removed:
            return "removed";
        case Told::failed:
            return "failed";
    }
    return {};
}

}  // namespace

void fill_published_event(const PublishedFile& file, Told told, const DocumentHead* head,
                          std::string_view body, Event& out) {
    out.clear();
    out.kind = EventKind::published;
    out.logsource = {{}, "sirekap", "published"};
    if (told == Told::published) out.set_raw(body);
    out.set(Field::event_action, name_of(told));
    if (told == Told::failed) out.set(Field::event_outcome, "failure");
    out.set(Field::sirekap_node, file.node);
    out.set(Field::sirekap_race, file.race);
    if (file.node.size() == 13)
        out.set(Field::sirekap_tps, file.node);
    else if (file.node != "0")
        out.set(Field::sirekap_area, file.node);
    if (!file.url.empty()) out.set(Field::url_original, file.url);
    if (!file.path.empty()) out.set(Field::file_path, file.path);
    if (file.status != 0) out.set(Field::http_response_status_code, file.status);
    if (head == nullptr) return;
    if (!head->ts.empty()) out.set(Field::sirekap_published_at, head->ts);
    if (told != Told::published) return;
    for (const auto& url : head->images) out.set(image_url_field(), url);
}

}  // namespace kentongan::sirekap
