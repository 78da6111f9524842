// Notes, checkpoints, proofs, keys and requests to a witness: whatever parses is written as it was.
#include <cstdint>
#include <cstdlib>

#include "daemon/ledger/checkpoint.hpp"
#include "daemon/ledger/witness.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    const std::string_view text = as_text({data, size});
    if (const auto note = ledger::parse_note(text); note && note->encode() != text) std::abort();
    if (const auto checkpoint = ledger::parse_checkpoint(text);
        checkpoint && !text.starts_with(checkpoint->text()))
        std::abort();
    if (const auto proof = ledger::parse_proof(text); proof && proof->checkpoint.empty())
        std::abort();
    if (const auto key = ledger::parse_vkey(text); key && key->text() != text) std::abort();
    (void)ledger::parse_keys(text);
    (void)ledger::parse_signatures(text);
    if (const auto request = ledger::parse_witness_request(text);
        request && request->proof.size() > ledger::kMostProofLines)
        std::abort();
    return 0;
}
