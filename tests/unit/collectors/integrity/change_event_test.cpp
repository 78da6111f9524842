#include "collectors/integrity/change_event.hpp"

#include <gtest/gtest.h>

#include "collectors/integrity/tree.hpp"

namespace kentongan::integrity {
namespace {

TEST(ChangeEvent, TellsWhenTheStatusChangedButOfACopyThatIsTheCopying) {
    const Tree tree{.root = "/srv/www", .exclude = {}};
    const OwnerNames names;
    Change change{.path = "index.html", .previous = {}, .current = Entry{}};
    change.current->ctime_ns = 1'732'683'600'123'456'790;
    for (const auto kind : {std::string_view{"webroot"}, kRecorded}) {
        Event event;
        describe(change, {.name = "integrity:x", .kind = kind, .tree = &tree, .names = &names},
                 from_nanoseconds(change.current->ctime_ns), 1, event);
        EXPECT_EQ(event.has(Field::file_ctime), kind != kRecorded) << kind;
    }
}

}  // namespace
}  // namespace kentongan::integrity
