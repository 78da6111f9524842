#pragma once
// A history of entries made up for tests, published in a folder under a key of its own.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/ledger/history_check.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan::ledger {

class SampleHistory {
  public:
    static constexpr const char* kOrigin = "sensor.example/kentongan";

    explicit SampleHistory(std::size_t count = 0) {
        if (count > 0) grow(count);
    }

    /// `count` more entries, and a checkpoint after them.
    void grow(std::size_t count) {
        auto log = TileLog::open(folder(), kOrigin);
        ASSERT_TRUE(log) << log.error().message;
        const std::size_t from = log->size();
        while (entries.size() < from + count) entries.push_back(entry(entries.size()));
        const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(from);
        ASSERT_TRUE(log->append({begin, entries.end()}));
        publish(*log);
    }

    void publish(TileLog& log) {
        const auto checkpoint = log.flush();
        ASSERT_TRUE(checkpoint) << checkpoint.error().message;
        const std::string text = checkpoint->text();
        Note note{text, {sign_note(text, kOrigin, key)}};
        note.signatures.push_back(cosign_note(text, "witness.example", witness, when(log.size())));
        std::filesystem::create_directories(folder() / kCosignedFolder);
        ASSERT_TRUE(
            replace_file(folder() / kCosignedFolder / to_hex(witness_key().id), note.encode()));
        note.signatures.pop_back();
        ASSERT_TRUE(log.publish(note.encode(), log.size()));
    }

    [[nodiscard]] static Timestamp when(std::size_t index) {
        return from_nanoseconds(1'864'000'000'000'000'000 +
                                static_cast<std::int64_t>(index) * 1'000'000);
    }
    [[nodiscard]] static std::string entry(std::size_t index) {
        return fmt::format(R"({{"at":"{}","kind":"sample","number":{},"schema":1}})",
                           to_rfc3339(when(index), 9), index);
    }

    [[nodiscard]] VerifierKey log_key() const {
        return *verifier_key(kOrigin, KeyType::log, from_base64(key.public_text()));
    }
    [[nodiscard]] VerifierKey witness_key() const {
        return *verifier_key("witness.example", KeyType::witness,
                             from_base64(witness.public_text()));
    }
    [[nodiscard]] std::filesystem::path folder() const { return temporary_ / "ledger"; }
    [[nodiscard]] EntrySource source() const {
        return [this](std::uint64_t from, std::size_t limit) -> Result<std::vector<std::string>> {
            std::vector<std::string> out;
            for (; from < entries.size() && out.size() < limit; ++from)
                out.push_back(entries[from]);
            return out;
        };
    }
    [[nodiscard]] CheckOptions options() const {
        return {.folder = folder(), .keys = {log_key(), witness_key()}, .database = source()};
    }
    [[nodiscard]] CheckResult check() const {
        auto result = check_history(options());
        EXPECT_TRUE(result) << result.error().message;
        return result ? *result : CheckResult{};
    }
    [[nodiscard]] std::string checkpoint() const { return *read_file(folder() / "checkpoint"); }

    std::vector<std::string> entries;
    SigningKey key = SigningKey::generate();
    SigningKey witness = SigningKey::generate();

  private:
    TemporaryFolder temporary_;
};

/// All problems in a text, for a failing test's message.
inline std::string told(const Problems& problems) {
    std::string out;
    for (const auto& problem : problems.list())
        out += fmt::format("{} {}: {}\n", problem.what,
                           problem.entry ? static_cast<std::int64_t>(*problem.entry) : -1,
                           problem.text);
    return out;
}

}  // namespace kentongan::ledger
