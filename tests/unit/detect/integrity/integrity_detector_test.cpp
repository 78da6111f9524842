#include "daemon/detect/integrity/integrity_detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/detect/integrity/file_class.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::integrity {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

EventBuilder a_file(std::string_view path, std::string_view action = "modified",
                    std::string_view tree = "system") {
    EventBuilder out = an_event();
    out.of(EventKind::file)
        .at("2024-11-27T06:00:00Z")
        .in("integrity:test", 1)
        .with(Field::event_action, action)
        .with(Field::file_path, path)
        .with(Field::file_type, "file")
        .with(Field::file_mode, "0755")
        .with(Field::file_owner, "root")
        .with(Field::file_tree, tree);
    return out;
}

std::vector<Finding> findings(const Event& event) {
    IntegrityDetector detector;
    RecordingFindings out;
    EXPECT_TRUE(detector.wants(event.kind));
    detector.inspect(event, out);
    return out.all;
}

/// "H01-binary-changed critical", …
std::vector<std::string> told(const EventBuilder& builder) {
    std::vector<std::string> out;
    for (const Finding& finding : findings(builder.build()))
        out.push_back(finding.rule->id.substr(10) + " " +
                      std::string(name_of(finding.severity.value_or(finding.rule->severity))));
    return out;
}

TEST(IntegrityDetector, SaysWhatChangedInPlainWords) {
    const auto all = findings(a_file("/usr/sbin/sshd")
                                  .with(Field::file_changes, "content")
                                  .with(Field::file_changes, "size")
                                  .with(Field::file_hash_sha256, "ab")
                                  .build());
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].message, "/usr/sbin/sshd changed: content, size");
    EXPECT_EQ(all[0].entity, "/usr/sbin/sshd");
    EXPECT_EQ(all[0].rule->id, "integrity:H01-binary-changed");
    EXPECT_EQ(all[0].rule->ruleset, Ruleset::integrity);
    EXPECT_EQ(all[0].evidence.at(0).kind, "file");
    EXPECT_EQ(findings(a_file("/x", "removed").build()).at(0).message, "/x was removed");
}

TEST(IntegrityDetector, KnowsEachKindOfFileByItsPath) {
    EXPECT_THAT(told(a_file("/usr/lib/x86_64-linux-gnu/libc.so.6")),
                ElementsAre("H01-binary-changed critical"));
    EXPECT_THAT(told(a_file("/usr/bin/new", "created")), ElementsAre("H01-binary-changed high"));
    EXPECT_THAT(told(a_file("/etc/ssh/sshd_config")), ElementsAre("H03-config-changed high"));
    EXPECT_THAT(told(a_file("/etc/sudoers.d/x", "created")),
                ElementsAre("H03-config-changed high"));
    EXPECT_THAT(told(a_file("/var/lib/postgresql/15/main/pg_hba.conf")),
                ElementsAre("H03-config-changed high"));
    EXPECT_THAT(told(a_file("/etc/cron.d/backup", "created")), ElementsAre("H05-persistence high"));
    EXPECT_THAT(told(a_file("/usr/lib/systemd/system/x.service", "created")),
                ElementsAre("H05-persistence high"));
    EXPECT_THAT(told(a_file("/home/budi/.ssh/authorized_keys")),
                ElementsAre("H06-ssh-keys critical"));
    EXPECT_THAT(told(a_file("/etc/ld.so.preload", "created")),
                ElementsAre("H07-preload-pam critical"));
    EXPECT_THAT(told(a_file("/etc/pam.d/sshd")), ElementsAre("H07-preload-pam critical"));
    EXPECT_THAT(told(a_file("/opt/notes.txt")), ElementsAre("file-changed medium"));
    EXPECT_THAT(told(a_file("/opt/notes.txt", "created")), ElementsAre("file-changed low"));
}

TEST(IntegrityDetector, APageInAWebRootIsGraverThanAPicture) {
    EXPECT_THAT(told(a_file("/var/www/index.php", "modified", "webroot")),
                ElementsAre("H02-webroot-changed critical"));
    EXPECT_THAT(told(a_file("/var/www/.htaccess", "created", "webroot")),
                ElementsAre("H02-webroot-changed critical"));
    EXPECT_THAT(told(a_file("/var/www/logo.png", "created", "webroot")),
                ElementsAre("H02-webroot-changed medium"));
    EXPECT_THAT(told(a_file("/var/www/.ssh/authorized_keys", "created", "webroot")),
                ElementsAre("H06-ssh-keys critical"));
}

TEST(IntegrityDetector, UploadsMayArriveButNotChange) {
    EXPECT_THAT(told(a_file("/srv/upload/a.jpg", "created", "upload")), IsEmpty());
    EXPECT_THAT(told(a_file("/srv/upload/a.jpg", "modified", "upload")),
                ElementsAre("upload-changed high"));
    EXPECT_THAT(told(a_file("/srv/upload/a.jpg", "removed", "upload")),
                ElementsAre("upload-changed high"));
}

TEST(IntegrityDetector, AChangeOfTimesAloneIsNoFinding) {
    EXPECT_THAT(told(a_file("/usr/bin/ls", "attributes").with(Field::file_changes, "mtime")),
                IsEmpty());
    EXPECT_THAT(told(a_file("/usr/bin/ls", "attributes").with(Field::file_changes, "owner")),
                ElementsAre("H01-binary-changed high"));
}

TEST(IntegrityDetector, ANewSetuidBitIsAFindingOfItsOwn) {
    auto with_modes = [](std::string_view before, std::string_view now) {
        Event event = an_event()
                          .of(EventKind::file)
                          .with(Field::event_action, "attributes")
                          .with(Field::file_path, "/opt/tool")
                          .with(Field::file_type, "file")
                          .with(Field::file_tree, "system")
                          .with(Field::file_owner, "root")
                          .with(Field::file_mode, now)
                          .with(Field::file_changes, "mode")
                          .with(Field::file_previous_mode, before)
                          .build();
        std::vector<std::string> out;
        for (const Finding& finding : findings(event)) out.push_back(finding.message);
        return out;
    };
    EXPECT_THAT(with_modes("0755", "4755"),
                ElementsAre("/opt/tool now runs with the rights of root (mode 4755)",
                            "/opt/tool changed: mode"));
    EXPECT_THAT(with_modes("4755", "4711"), ElementsAre("/opt/tool changed: mode"));
    EXPECT_THAT(with_modes("4755", "6755").size(), 2u);
    EXPECT_THAT(with_modes("4755", "0755"), ElementsAre("/opt/tool changed: mode"));
}

TEST(IntegrityDetector, AFolderIsOnlyLookedAtForItsRights) {
    Event folder = an_event()
                       .of(EventKind::file)
                       .with(Field::event_action, "created")
                       .with(Field::file_path, "/var/www/new")
                       .with(Field::file_type, "dir")
                       .with(Field::file_mode, "2775")
                       .with(Field::file_tree, "webroot")
                       .build();
    EXPECT_THAT(findings(folder), IsEmpty());
}

TEST(FileClass, IsNotFooledByNamesThatOnlyLookAlike) {
    EXPECT_EQ(class_of("/var/lib/dpkg/status"), FileClass::other);
    EXPECT_EQ(class_of("/srv/data/etc-passwd"), FileClass::other);
    EXPECT_EQ(class_of("/var/lib/machines/web/etc/passwd"), FileClass::config);
    EXPECT_EQ(class_of("/opt/sirekap/bin/server"), FileClass::binary);
    EXPECT_TRUE(is_page("/var/www/a.PHP"));
    EXPECT_FALSE(is_page("/var/www/php"));
}

}  // namespace
}  // namespace kentongan::integrity
