// `kentongan drill` as its user runs it: a daemon of its own, a part of the night, a score.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>

#include "daemon/base/file.hpp"
#include "daemon/drill/child.hpp"
#include "tests/support/project.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan {
namespace {

namespace json = boost::json;

class Drill : public testing::Test {
  protected:
    Ended run(std::vector<std::string> arguments) {
        std::vector<std::string> command{KENTONGAN_COMMAND, "drill"};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return run_program(command, folder_ / "output", 600).value();
    }
    std::string stage() const { return folder_ / "stage"; }
    std::string rules() const { return project_root() / "rules"; }

    TemporaryFolder folder_;
};

TEST_F(Drill, DetectsTheAttacksTellsTheAgenciesAndIsQuietAboutTheRest) {
    const auto ended =
        run({"ssh-guessed", "sql-injection", "unknown-tps", "forgotten-password", "--speed", "240",
             "--scale", "0.2", "--rules", rules(), "--keep", stage(), "-o", "json"});
    ASSERT_TRUE(ended.status) << ended.output;
    const auto from = ended.output.find("{\"passed\"");
    ASSERT_NE(from, std::string::npos) << ended.output;
    const auto score = json::parse(ended.output.substr(from));
    for (const auto& one : score.at("scenarios").as_array())
        EXPECT_TRUE(one.at("passed").as_bool()) << json::serialize(one);
    EXPECT_TRUE(score.at("unmarked").as_array().empty()) << json::serialize(score.at("unmarked"));
    EXPECT_TRUE(score.at("false_alarms").as_array().empty())
        << json::serialize(score.at("false_alarms"));
    EXPECT_EQ(*ended.status, 0);
    EXPECT_EQ(score.at("scenarios").as_array().size(), 4u);
}

TEST_F(Drill, AScenarioNobodyKnowsAndAFolderInUseAreRefused) {
    const auto unknown = run({"ufo-landing"});
    EXPECT_EQ(unknown.status, 64);
    EXPECT_NE(unknown.output.find("no scenario is called ufo-landing"), std::string::npos)
        << unknown.output;
    std::filesystem::create_directories(stage());
    ASSERT_TRUE(replace_file(stage() + "/kentongan.toml", ""));
    const auto used = run({"web-shell", "--rules", rules(), "--keep", stage()});
    EXPECT_EQ(used.status, 64);
    EXPECT_NE(used.output.find("a drill was held there"), std::string::npos) << used.output;
}

}  // namespace
}  // namespace kentongan
