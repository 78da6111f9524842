#pragma once
// One photograph of a form on its way in, whatever told of it.
#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/detect/sirekap/image_address.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::sirekap {

/// Views point into the event.
struct Upload {
    std::optional<TpsCode> tps;  ///< nothing: `code` is none
    std::string_view code;       ///< as told
    Timestamp time{};            ///< of the upload; of a published image, its stamp
    std::uint8_t page = 0;       ///< from 1; 0: not known
    std::string_view race;       ///< empty: not known
    std::string_view account;    ///< these two as well
    std::string_view device;
    bool refused = false;
    /// Told as it happened: published images come in batches and say nothing of the rate.
    bool is_live = true;
    std::optional<ImageAddress> address;
};

/// Whether uploads_in() finds something in it; quick, for every event of these kinds:
/// - upload: a call of the Sirekap application, one upload;
/// - web: PUT or POST of the address of a photograph that was answered 2xx, from whichever log;
/// - published: each sirekap.image_url of a TPS. Their order is that of the form's pages when there
///   are as many as pages (an address that is not there yet is null).
[[nodiscard]] bool tells_of_upload(const Event& event);

/// Calls visit(const Upload&) for each.
template <class Visit>
void for_each_upload(const Event& event, int pages, Visit&& visit);

[[nodiscard]] Upload upload_of_call(const Event& event);
[[nodiscard]] std::optional<Upload> upload_of_request(const Event& event);
[[nodiscard]] std::optional<Upload> upload_of_image(std::string_view address,
                                                    std::string_view race);
[[nodiscard]] Field image_url_field();

template <class Visit>
void for_each_upload(const Event& event, int pages, Visit&& visit) {
    if (event.kind == EventKind::upload) {
        if (event.has(Field::sirekap_tps)) visit(upload_of_call(event));
    } else if (event.kind == EventKind::web) {
        if (const auto upload = upload_of_request(event)) visit(*upload);
    } else if (event.kind == EventKind::published) {
        const Field field = image_url_field();
        int count = 0;
        for (std::size_t i = 0; i < event.size(); ++i) count += event.field_at(i) == field ? 1 : 0;
        std::uint8_t page = 0;
        for (std::size_t i = 0; i < event.size(); ++i) {
            if (event.field_at(i) != field) continue;
            ++page;
            auto upload =
                upload_of_image(event.value_at(i).text(), event.text(Field::sirekap_race));
            if (!upload) continue;
            if (count == pages) upload->page = page;
            visit(*upload);
        }
    }
}

}  // namespace kentongan::sirekap
