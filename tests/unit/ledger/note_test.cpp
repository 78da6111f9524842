#include "daemon/ledger/note.hpp"

#include <gtest/gtest.h>

#include "daemon/base/digest.hpp"
#include "daemon/ledger/checkpoint.hpp"

namespace kentongan::ledger {
namespace {

/// The example of Go's sumdb/note, whose format signed-note is.
constexpr std::string_view kGoKey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kGoNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xE2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM"
    "=\n";

VerifierKey key_of(std::string_view name, KeyType type, const SigningKey& key) {
    return *verifier_key(name, type, from_base64(key.public_text()));
}

TEST(Note, GoExampleVerifies) {
    const auto key = parse_vkey(kGoKey);
    ASSERT_TRUE(key) << key.error().message;
    EXPECT_EQ(key->text(), kGoKey);
    const auto note = parse_note(kGoNote);
    ASSERT_TRUE(note) << note.error().message;
    EXPECT_EQ(note->encode(), kGoNote);
    ASSERT_EQ(note->signatures.size(), 1u);
    EXPECT_TRUE(verify_note(note->text, note->signatures[0], *key));
    EXPECT_FALSE(verify_note(note->text + "x", note->signatures[0], *key));
}

TEST(Note, KeysWithAWrongIdOrTypeAreRefused) {
    EXPECT_FALSE(parse_vkey("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
    EXPECT_FALSE(parse_vkey("PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
    EXPECT_FALSE(parse_vkey("Peter"));
    EXPECT_FALSE(verifier_key("a b", KeyType::log, std::string(32, 'k')));
    EXPECT_FALSE(verifier_key("a+b", KeyType::log, std::string(32, 'k')));
    EXPECT_FALSE(verifier_key("a\xC2\xA0z", KeyType::log, std::string(32, 'k')));
    EXPECT_FALSE(verifier_key("", KeyType::log, std::string(32, 'k')));
}

TEST(Note, ACosignatureCarriesItsTimeAndIsOfAnotherKeyId) {
    const SigningKey key = SigningKey::generate();
    const std::string text = "example.com/log\n0\n" + to_base64(empty_root()) + "\n";
    const Timestamp at = from_nanoseconds(1'679'315'147'900'000'000);
    const NoteSignature cosigned = cosign_note(text, "witness.example", key, at);
    const VerifierKey witness = key_of("witness.example", KeyType::witness, key);
    EXPECT_TRUE(verify_note(text, cosigned, witness));
    EXPECT_EQ(cosigned.bytes.size(), 72u);
    EXPECT_EQ(cosigned_at(cosigned), from_nanoseconds(1'679'315'147'000'000'000));
    EXPECT_FALSE(made_by(cosigned, key_of("witness.example", KeyType::log, key)));

    NoteSignature later = cosigned;
    later.bytes[7] ^= 1;
    EXPECT_FALSE(verify_note(text, later, witness));
}

TEST(Note, DamagedNotesAreRefused) {
    EXPECT_FALSE(parse_note(""));
    EXPECT_FALSE(parse_note("text\n\n"));
    EXPECT_FALSE(parse_note("text\n"));
    const std::string whole{kGoNote};
    EXPECT_FALSE(parse_note(whole.substr(0, whole.size() - 1)));
    EXPECT_FALSE(parse_note("\x01" + whole));
    EXPECT_FALSE(parse_note("\xFF" + whole));
    EXPECT_FALSE(parse_note(whole + "\n"));
    std::string unpadded = whole;
    unpadded.erase(unpadded.size() - 2, 1);
    EXPECT_FALSE(parse_note(unpadded));
}

TEST(Note, KeyListsHaveTimes) {
    const auto keys = parse_keys("# ours\n" + std::string(kGoKey) +
                                 " from=2026-01-01T00:00:00Z until=2027-01-01T00:00:00Z\n\n");
    ASSERT_TRUE(keys) << keys.error().message;
    ASSERT_EQ(keys->size(), 1u);
    EXPECT_EQ(to_rfc3339(*keys->front().until), "2027-01-01T00:00:00.000Z");
    EXPECT_FALSE(parse_keys(std::string(kGoKey) + " form=2026-01-01T00:00:00Z"));
    EXPECT_FALSE(parse_keys(std::string(kGoKey) + " from=yesterday"));
}

TEST(Checkpoint, TextIsOriginSizeRoot) {
    const Checkpoint checkpoint{"example.com/log", 42, empty_root()};
    EXPECT_EQ(checkpoint.text(),
              "example.com/log\n42\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    EXPECT_EQ(*parse_checkpoint(checkpoint.text()), checkpoint);
    EXPECT_EQ(*parse_checkpoint(checkpoint.text() + "extension\n"), checkpoint);
    for (const auto* wrong :
         {"", "a\n", "a\n1\n", "a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
          "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "a\n1\nshort\n",
          "a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
          "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n",
          "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="})
        EXPECT_FALSE(parse_checkpoint(wrong)) << wrong;
}

TEST(Checkpoint, ProofsGoThroughTheirText) {
    InclusionProof proof;
    proof.index = 7;
    proof.hashes = {leaf_hash("a"), leaf_hash("b")};
    const SigningKey key = SigningKey::generate();
    const std::string text = Checkpoint{"log", 8, leaf_hash("root")}.text();
    proof.checkpoint = Note{text, {sign_note(text, "log", key)}}.encode();
    const auto again = parse_proof(proof.encode());
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->index, 7u);
    EXPECT_EQ(again->hashes, proof.hashes);
    EXPECT_EQ(again->checkpoint, proof.checkpoint);
    EXPECT_FALSE(parse_proof(proof.encode().substr(3)));
    EXPECT_FALSE(parse_proof("c2sp.org/tlog-proof@v1\nindex 07\n\n" + proof.checkpoint));
}

}  // namespace
}  // namespace kentongan::ledger
