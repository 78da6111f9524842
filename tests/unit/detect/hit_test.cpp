#include "daemon/detect/hit.hpp"

#include <gtest/gtest.h>

#include "daemon/detect/subject.hpp"

namespace kentongan {
namespace {

void expect_same(const Hit& hit, const Event& event) {
    EXPECT_EQ(hit.evidence().sha256, evidence_of(event).sha256);
    EXPECT_EQ(hit.evidence().excerpt, evidence_of(event).excerpt);
    EXPECT_EQ(hit.subject().url, subject_of(event).url);
}

TEST(KeptEvent, IsSharedByTheHitsOfASmallEvent) {
    Event event;
    event.set_raw("GET /a");
    event.set(Field::url_original, "/a");
    KeptEvent kept;
    kept.begin(event);
    const auto one = kept.hit();
    const auto two = kept.hit();
    ASSERT_NE(one->event, nullptr);
    EXPECT_EQ(one->event, two->event);
    expect_same(*one, event);
}

TEST(KeptEvent, KeepsNoCopyOfALargeOneWhetherItsRawRecordOrAFieldIsLarge) {
    for (const bool in_raw : {true, false}) {
        Event event;
        event.set(Field::url_original, "/b");
        const std::string large(std::size_t{1} << 20, 'x');
        if (in_raw)
            event.set_raw(large);
        else
            event.set(Field::http_request_body_content, large);
        KeptEvent kept;
        kept.begin(event);
        const auto hit = kept.hit();
        EXPECT_EQ(hit->event, nullptr);
        ASSERT_NE(hit->about, nullptr);
        EXPECT_EQ(kept.hit()->about, hit->about);
        expect_same(*hit, event);
    }
}

}  // namespace
}  // namespace kentongan
