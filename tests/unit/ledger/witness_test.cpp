#include "daemon/ledger/witness.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "daemon/ledger/publisher.hpp"
#include "tests/unit/ledger/sample_history.hpp"

namespace kentongan::ledger {
namespace {

class WitnessOfALog : public ::testing::Test {
  protected:
    Result<Witness> open() {
        return Witness::open({.name = "witness.example",
                              .folder = folder_ / "witness",
                              .logs = {history_.log_key()}},
                             history_.witness);
    }
    std::string request(std::uint64_t old_size) {
        const auto newest = read_checkpoint(history_.folder());
        const auto body = witness_request(history_.folder(), **newest, old_size);
        EXPECT_TRUE(body);
        return body ? *body : "";
    }
    TemporaryFolder folder_;
    SampleHistory history_{300};
    const Timestamp now_ = from_nanoseconds(1'900'000'000'000'000'000);
};

TEST_F(WitnessOfALog, SignsWhatGoesOnFromTheLast) {
    auto witness = open();
    ASSERT_TRUE(witness) << witness.error().message;
    const auto first = witness->add_checkpoint(request(0), now_);
    ASSERT_EQ(first.status, 200u) << first.body;
    history_.grow(400);
    const auto second = witness->add_checkpoint(request(300), now_);
    ASSERT_EQ(second.status, 200u) << second.body;
    const auto lines = parse_signatures(second.body);
    ASSERT_TRUE(lines);
    const auto note = parse_note(history_.checkpoint());
    EXPECT_TRUE(verify_note(note->text, lines->at(0), witness->public_key()));
    EXPECT_EQ(cosigned_at(lines->at(0)), now_);
    EXPECT_EQ(witness->signed_size(SampleHistory::kOrigin), 700u);
    EXPECT_EQ(witness->add_checkpoint(request(700), now_).status, 200u);
}

TEST_F(WitnessOfALog, RefusesToGoBackAndSaysWhereItIs) {
    auto witness = open();
    const std::string old = request(0);
    history_.grow(100);
    ASSERT_EQ(witness->add_checkpoint(request(0), now_).status, 200u);
    const auto answer = witness->add_checkpoint(old, now_);
    EXPECT_EQ(answer.status, 409u);
    EXPECT_EQ(answer.type, "text/x.tlog.size");
    EXPECT_EQ(answer.body, "400\n");
}

TEST_F(WitnessOfALog, RemembersOverARestartAndLetsNoSecondOneIn) {
    {
        auto witness = open();
        ASSERT_EQ(witness->add_checkpoint(request(0), now_).status, 200u);
        const auto second = open();
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, ErrorCode::unavailable);
    }
    auto again = open();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->signed_size(SampleHistory::kOrigin), 300u);
    EXPECT_EQ(again->add_checkpoint(request(0), now_).status, 409u);
}

TEST_F(WitnessOfALog, DoesNotSignAFork) {
    auto witness = open();
    ASSERT_EQ(witness->add_checkpoint(request(0), now_).status, 200u);
    SampleHistory fork;
    fork.key = history_.key;
    for (std::size_t i = 0; i < 500; ++i) fork.entries.push_back(SampleHistory::entry(i));
    fork.entries[7] = "another past";
    fork.grow(500);
    const auto newest = read_checkpoint(fork.folder());
    const auto body = witness_request(fork.folder(), **newest, 300);
    EXPECT_EQ(witness->add_checkpoint(*body, now_).status, 422u);
    EXPECT_EQ(witness->signed_size(SampleHistory::kOrigin), 300u);
}

TEST_F(WitnessOfALog, AnswersAsTlogWitnessSays) {
    auto witness = open();
    EXPECT_EQ(witness->add_checkpoint("", now_).status, 400u);
    EXPECT_EQ(witness->add_checkpoint("old 0\n", now_).status, 400u);
    EXPECT_EQ(witness->add_checkpoint("old 00\n\n" + history_.checkpoint(), now_).status, 400u);
    EXPECT_EQ(witness->add_checkpoint("old 301\n\n" + history_.checkpoint(), now_).status, 400u);
    SampleHistory stranger{3};
    EXPECT_EQ(witness->add_checkpoint("old 0\n\n" + stranger.checkpoint(), now_).status, 403u);
    const std::string text = Checkpoint{"other.example", 1, leaf_hash("x")}.text();
    const Note note{text, {sign_note(text, "other.example", history_.key)}};
    EXPECT_EQ(witness->add_checkpoint("old 0\n\n" + note.encode(), now_).status, 404u);
}

TEST_F(WitnessOfALog, DoesNotGoOnFromDamagedMemory) {
    {
        auto witness = open();
        ASSERT_EQ(witness->add_checkpoint(request(0), now_).status, 200u);
    }
    std::ofstream{std::filesystem::path(folder_ / "witness") / sha256_hex(SampleHistory::kOrigin),
                  std::ios::trunc}
        << "damaged";
    EXPECT_FALSE(open());
}

class PublisherOfALog : public ::testing::Test {
  protected:
    Publisher publisher(LogKeys keys) {
        return Publisher{{folder_ / "ledger", SampleHistory::kOrigin}, std::move(keys)};
    }
    /// A publisher with so many entries, all signed for.
    Publisher published(std::size_t count) {
        Publisher out = publisher({key_, {}});
        while (entries_.size() < count) entries_.push_back(SampleHistory::entry(entries_.size()));
        EXPECT_TRUE(out.open(source_));
        EXPECT_TRUE(out.append(
            {entries_.begin() + static_cast<std::ptrdiff_t>(out.size()), entries_.end()}));
        EXPECT_TRUE(out.checkpoint());
        return out;
    }
    [[nodiscard]] NoteSignature cosign(const SignedCheckpoint& asked) const {
        return cosign_note(asked.note.text, "witness.example", witness_, now_);
    }
    TemporaryFolder folder_;
    std::vector<std::string> entries_;
    EntrySource source_ = [this](std::uint64_t from, std::size_t limit) {
        std::vector<std::string> out;
        for (; from < entries_.size() && out.size() < limit; ++from) out.push_back(entries_[from]);
        return Result<std::vector<std::string>>{out};
    };
    const SigningKey key_ = SigningKey::generate();
    const SigningKey witness_ = SigningKey::generate();
    const VerifierKey witness_key_ =
        *verifier_key("witness.example", KeyType::witness, from_base64(witness_.public_text()));
    const Timestamp now_ = from_nanoseconds(1'900'000'000'000'000'000);
};

TEST_F(PublisherOfALog, KeepsACosignatureThatCameAfterTheNextCheckpoint) {
    Publisher log = published(10);
    const SignedCheckpoint first = *log.newest();
    log = published(20);
    const auto late = log.cosigned(witness_key_, {cosign(first)}, first);
    ASSERT_TRUE(late) << late.error().message;
    EXPECT_EQ(*late, now_);
    EXPECT_EQ(log.last_cosigned(witness_key_), 10u);
    EXPECT_EQ((*read_checkpoint(folder_ / "ledger"))->note.signatures.size(), 1u)
        << "it is of another checkpoint";
    const SignedCheckpoint second = *log.newest();
    ASSERT_TRUE(log.cosigned(witness_key_, {cosign(second)}, second));
    EXPECT_EQ(log.last_cosigned(witness_key_), 20u);
    EXPECT_EQ((*read_checkpoint(folder_ / "ledger"))->note.signatures.size(), 2u);
    const auto other = log.cosigned(witness_key_, {cosign(first)}, second);
    ASSERT_TRUE(other);
    EXPECT_FALSE(*other) << "signed for something else";
}

TEST_F(PublisherOfALog, AKeyThatSignsNoMoreIsRetired) {
    const SigningKey next = SigningKey::generate();
    const auto text_of = [](const SigningKey& key) {
        return verifier_key(SampleHistory::kOrigin, KeyType::log, from_base64(key.public_text()))
            ->text();
    };
    ASSERT_TRUE(publisher({key_, {}}).remember_keys());
    const auto both = publisher({next, key_}).key_entries(now_);
    ASSERT_EQ(both.size(), 2u);
    for (const auto& entry : both) EXPECT_TRUE(entry.contains("in force"));
    ASSERT_TRUE(publisher({next, key_}).remember_keys());
    const auto after = publisher({next, {}}).key_entries(now_);
    ASSERT_EQ(after.size(), 2u);
    EXPECT_TRUE(after[0].contains("in force") && after[0].contains(text_of(next)));
    EXPECT_TRUE(after[1].contains("retired") && after[1].contains(text_of(key_)));
}

}  // namespace
}  // namespace kentongan::ledger
