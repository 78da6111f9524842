#pragma once
// A published file as an event: sirekap.node, sirekap.race, sirekap.published_at, its images in
// sirekap.image_url, and raw() is the file.
#include <string>
#include <string_view>

#include "collectors/sirekap/document_head.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::sirekap {

/// What is told of a file; the values of event.action.
enum class Told {
    published,  ///< a version not seen before
    confirmed,  ///< the version told last was seen again: no raw, no images
    removed,    ///< the server has it no more
    failed,     ///< it could not be fetched, so what is known of it may be out of date
};

struct PublishedFile {
    std::string race;
    std::string node;  ///< "0" is the country
    std::string url;   ///< or
    std::string path;  ///< of the saved file
    int status = 0;    ///< of HTTP; 0: none
};

/// Fills `out` but for its time and origin. `head` is null when the file cannot be read.
void fill_published_event(const PublishedFile& file, Told told, const DocumentHead* head,
                          std::string_view body, Event& out);

}  // namespace kentongan::sirekap
