// Proofs of work, token buckets, and the gate made of both.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "collectors/report/client.hpp"
#include "collectors/report/gate.hpp"
#include "tests/support/test_clock.hpp"

namespace kentongan::report {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }
SecretKey a_key() { return SecretKey{std::string(32, 'k')}; }

TEST(TokenBuckets, GiveABurstAndThenWhatComesBack) {
    ManualClock clock;
    TokenBuckets buckets{6, 10};  // one each ten minutes
    for (int i = 0; i < 6; ++i) EXPECT_FALSE(buckets.take("a", 1, clock.now())) << i;
    const auto wait = buckets.take("a", 1, clock.now());
    ASSERT_TRUE(wait);
    EXPECT_NEAR(to_seconds(*wait), 600, 1.01);
    EXPECT_FALSE(buckets.take("b", 1, clock.now()));
    clock.advance(minutes{9});
    EXPECT_TRUE(buckets.take("a", 1, clock.now()));
    clock.advance(seconds{61});
    EXPECT_FALSE(buckets.take("a", 1, clock.now()));
    EXPECT_TRUE(buckets.take("a", 1, clock.now()));
}

TEST(TokenBuckets, AreBoundedAndCountWhomTheyForgot) {
    ManualClock clock;
    TokenBuckets buckets{2, 3};
    for (const auto* key : {"a", "b", "c", "d"}) (void)buckets.take(key, 1, clock.now());
    EXPECT_EQ(buckets.size(), 3u);
    EXPECT_EQ(buckets.evicted(), 1u);
    clock.advance(hours{1});  // all are full again
    (void)buckets.take("e", 1, clock.now());
    EXPECT_EQ(buckets.evicted(), 1u);
}

TEST(TokenBuckets, AClockThatGoesBackGivesNothing) {
    ManualClock clock;
    TokenBuckets buckets{1, 3};
    EXPECT_FALSE(buckets.take("a", 1, clock.now()));
    clock.advance(-hours{5});
    EXPECT_TRUE(buckets.take("a", 1, clock.now()));
    clock.advance(hours{5} + minutes{30});
    EXPECT_TRUE(buckets.take("a", 1, clock.now()));
}

TEST(ProofOfWork, ASolvedChallengeIsGoodOnce) {
    ManualClock clock;
    ProofOfWork proofs{a_key()};
    const std::string challenge = proofs.challenge(8, clock.now()).value();
    EXPECT_EQ(challenge.size(), 41u);
    const std::string solution = solve(challenge);
    EXPECT_EQ(proofs.judge(challenge, solution, clock.now()), Proof::good);
    EXPECT_EQ(proofs.judge(challenge, solution, clock.now()), Proof::good);  // not spent yet
    proofs.spend(challenge, clock.now());
    EXPECT_EQ(proofs.judge(challenge, solution, clock.now()), Proof::spent);
}

TEST(ProofOfWork, SaysWhatIsWrong) {
    ManualClock clock;
    ProofOfWork proofs{a_key()};
    const std::string challenge = proofs.challenge(12, clock.now()).value();
    const std::string solution = solve(challenge);
    EXPECT_EQ(proofs.judge("", "", clock.now()), Proof::missing);
    EXPECT_EQ(proofs.judge(challenge, "", clock.now()), Proof::wrong);
    const auto* wrong = solution == "0" ? "1" : "0";  // the least that solves it is known
    EXPECT_EQ(proofs.judge(challenge, wrong, clock.now()), Proof::wrong);
    EXPECT_EQ(proofs.judge("x", solution, clock.now()), Proof::malformed);
    EXPECT_EQ(proofs.judge(std::string(1000, '.'), "1", clock.now()), Proof::malformed);
    std::string easier = challenge;  // a lower price, sealed for a higher one
    easier.replace(11, 2, "00");
    EXPECT_EQ(proofs.judge(easier, "1", clock.now()), Proof::malformed);
    const ProofOfWork others{SecretKey{std::string(32, 'x')}};
    EXPECT_EQ(others.judge(challenge, solution, clock.now()), Proof::malformed);
    clock.advance(ProofOfWork::kLifetime + seconds{1});
    EXPECT_EQ(proofs.judge(challenge, solution, clock.now()), Proof::expired);
}

TEST(ProofOfWork, BitsAreCountedFromTheLeft) {
    EXPECT_EQ(leading_zero_bits("80"), 0u);
    EXPECT_EQ(leading_zero_bits("1f"), 3u);
    EXPECT_EQ(leading_zero_bits("00f0"), 8u);
    EXPECT_EQ(leading_zero_bits("0001"), 15u);
    EXPECT_EQ(leading_zero_bits("0000"), 16u);
}

TEST(Difficulty, RisesABitWithEachDoublingAndFallsAgain) {
    ManualClock clock;
    Difficulty difficulty{16, 10};
    const auto after = [&](int more) {
        for (int i = 0; i < more; ++i) difficulty.note(clock.now());
        return difficulty.bits(clock.now());
    };
    EXPECT_EQ(after(10), 16u);
    EXPECT_EQ(after(1), 17u);
    EXPECT_EQ(after(10), 18u);
    EXPECT_EQ(after(60), 20u);
    EXPECT_EQ(after(100'000), 24u);
    clock.advance(minutes{1});
    EXPECT_EQ(after(0), 16u);
}

class GateTest : public testing::Test {
  protected:
    LimitOptions options = [] {
        LimitOptions out;
        out.difficulty = 4;
        return out;
    }();
    ManualClock clock;
    Gate gate{options, a_key()};

    std::string_view refused(std::string_view address, bool proven, std::string contact = {}) {
        const std::string challenge = proven ? gate.challenge(clock.now()).value() : "";
        const std::string solution = proven ? solve(challenge) : "";
        const auto refusal =
            gate.pass({ip(address), std::move(contact), challenge, solution}, clock.now());
        return refusal ? refusal->reason : "";
    }
};

TEST_F(GateTest, ANetworkSharesOneLimit) {
    for (int i = 0; i < 12; ++i)
        EXPECT_EQ(refused(fmt::format("203.0.113.{}", i + 1), true), "") << i;
    EXPECT_EQ(refused("203.0.113.200", true), "rate");
    EXPECT_EQ(refused("203.0.114.1", true), "");
    for (int i = 0; i < 12; ++i)
        EXPECT_EQ(refused(fmt::format("2001:db8:1:{}::1", i), true), "") << i;
    EXPECT_EQ(refused("2001:db8:1:ffff::9", true), "rate");
    EXPECT_EQ(refused("2001:db8:2::1", true), "");
    clock.advance(hours{1});
    EXPECT_EQ(refused("203.0.113.200", true), "");
}

TEST_F(GateTest, WithoutAProofThereIsLess) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(refused("203.0.113.1", false), "");
    EXPECT_EQ(refused("203.0.113.1", false), "rate_without_proof");
    EXPECT_EQ(refused("203.0.113.1", true), "");
}

TEST_F(GateTest, WithoutAProofAllNetworksShareALimitToo) {
    int taken = 0;
    for (int i = 0; i < 400; ++i)
        if (refused(fmt::format("10.{}.{}.1", i / 256, i % 256), false).empty()) ++taken;
    EXPECT_EQ(taken, 300);
    EXPECT_EQ(refused("10.9.9.9", true), "");
}

TEST_F(GateTest, AContactHasItsOwnLimitWhereverItReportsFrom) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(refused(fmt::format("10.0.{}.1", i), true, "c0ffee"), "");
    EXPECT_EQ(refused("10.0.9.1", true, "c0ffee"), "contact");
    EXPECT_EQ(refused("10.0.9.1", true, "another"), "");
}

TEST_F(GateTest, AProofThatFailsSaysHow) {
    const std::string challenge = gate.challenge(clock.now()).value();
    const std::string solution = solve(challenge);
    const Gate::Sender sender{ip("203.0.113.1"), "", challenge, solution};
    EXPECT_FALSE(gate.pass(sender, clock.now()));
    EXPECT_EQ(gate.pass(sender, clock.now())->reason, "proof_spent");
    EXPECT_EQ(gate.pass({ip("203.0.113.1"), "", challenge + "0", solution}, clock.now())->reason,
              "proof_malformed");
}

TEST_F(GateTest, WhatCannotBeAReportCostsAQuarter) {
    for (int i = 0; i < 48; ++i) {
        EXPECT_FALSE(gate.glance(ip("203.0.113.1"), clock.now())) << i;
        gate.charge(ip("203.0.113.1"), clock.now());
    }
    const auto refusal = gate.glance(ip("203.0.113.77"), clock.now());
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->reason, "rate");
    EXPECT_GT(refusal->retry_after, Duration::zero());
}

TEST(Client, IsWhomATrustedProxyNames) {
    const std::vector<IpNetwork> proxies{IpNetwork::parse("127.0.0.0/8").value(),
                                         IpNetwork::parse("10.1.0.0/16").value()};
    const auto client = [&](std::string_view peer, std::string_view forwarded) {
        return client_address(ip(peer), forwarded, proxies).to_string();
    };
    EXPECT_EQ(client("127.0.0.1", "203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(client("127.0.0.1", "1.2.3.4, 203.0.113.9"),
              "203.0.113.9");  // the client's own words
    EXPECT_EQ(client("127.0.0.1", "203.0.113.9, 10.1.2.3"), "203.0.113.9");
    EXPECT_EQ(client("127.0.0.1", "203.0.113.9:4711"), "203.0.113.9");
    EXPECT_EQ(client("127.0.0.1", "[2001:db8::1]:443"), "2001:db8::1");
    EXPECT_EQ(client("127.0.0.1", "2001:db8::1"), "2001:db8::1");
    EXPECT_EQ(client("127.0.0.1", "unknown"), "127.0.0.1");
    EXPECT_EQ(client("127.0.0.1", ""), "127.0.0.1");
    EXPECT_EQ(client("198.51.100.7", "203.0.113.9"), "198.51.100.7");  // no proxy of ours
}

}  // namespace
}  // namespace kentongan::report
