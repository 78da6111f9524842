#pragma once
// Witness: what an agency does for another's history (C2SP tlog-witness): it signs that a new
// checkpoint goes on from the last one it signed, and never anything else. No sockets here.
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/file.hpp"
#include "daemon/ledger/checkpoint.hpp"

namespace kentongan::ledger {

/// The body of add-checkpoint.
struct WitnessRequest {
    std::uint64_t old_size = 0;
    Proof proof;
    std::string checkpoint;  ///< a signed note
};
inline constexpr std::size_t kMostProofLines = 63;
[[nodiscard]] Result<WitnessRequest> parse_witness_request(std::string_view body);

struct WitnessAnswer {
    unsigned status = 200;
    std::string type = "text/plain; charset=utf-8";
    std::string body;  ///< signature lines, or the size we know (409), or what is wrong
};

/// The newest checkpoint of each log is kept in `folder`, in a file named by the SHA-256 of its
/// origin, before its signature leaves; so nothing makes a witness go back. Blocks; one thread at a
/// time. A second process is turned away: two would sign two pasts.
class Witness {
  public:
    struct Options {
        std::string name;
        std::filesystem::path folder;
        std::vector<VerifierKey> logs;  ///< that are signed for; a log's name is its origin
    };
    /// Reads what was signed before; an error when that is damaged, for without it nothing can be
    /// signed; unavailable while another process has the folder.
    [[nodiscard]] static Result<Witness> open(Options options, SigningKey key);

    [[nodiscard]] WitnessAnswer add_checkpoint(std::string_view body, Timestamp now);
    /// The vkey to hand out.
    [[nodiscard]] VerifierKey public_key() const;
    /// Of an origin; 0 when none was signed.
    [[nodiscard]] std::uint64_t signed_size(const std::string& origin) const;

  private:
    Witness(Options options, SigningKey key) : options_(std::move(options)), key_(std::move(key)) {}
    [[nodiscard]] std::filesystem::path file_of(const std::string& origin) const;

    Options options_;
    SigningKey key_;
    FileDescriptor lock_;  // on the folder, for as long as this lives
    std::map<std::string, Checkpoint> newest_;
};

}  // namespace kentongan::ledger
