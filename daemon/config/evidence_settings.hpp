#pragma once
// Settings of the tamper-evident history: our own, the witnesses we ask, and those we witness.
#include <cstdint>
#include <string>

#include "daemon/config/allowed.hpp"

namespace kentongan {

struct LedgerSettings {
    bool operator==(const LedgerSettings&) const = default;
    bool enabled = true;
    std::string folder;
    std::string origin;
    std::string key_file;
    std::string previous_key_file;
    std::int64_t checkpoint_seconds = 60;

    void visit(this auto& self, auto& v) {
        v("enabled", self.enabled,
          "false: entries are stored and not published; nobody can verify them then");
        v("folder", self.folder,
          "folder of tiles and checkpoints; empty: ledger in daemon.state_directory");
        v("origin", self.origin,
          "name of this history for all time, such as sensor1.kpu.go.id/kentongan, without "
          "blanks and plus; empty: the sensor's name and /kentongan");
        v("key_file", self.key_file,
          "Ed25519 key that signs checkpoints; empty: the systemd credential ledger-key, or "
          "ledger-key in daemon.state_directory, which is made at the first start",
          readable_file());
        v("previous_key_file", self.previous_key_file,
          "while the key is being replaced: the one before, which signs too", readable_file());
        v("checkpoint_seconds", self.checkpoint_seconds,
          "a checkpoint is signed, and witnesses are asked, so often", within(1, 3600));
    }
};

struct WitnessSettings {
    bool operator==(const WitnessSettings&) const = default;
    std::string url;
    std::string key;
    std::string ca_file;

    void visit(this auto& self, auto& v) {
        v("url", self.url,
          "where the witness takes checkpoints, without /add-checkpoint; empty: by file only",
          server_url());
        v("key", self.key,
          "the witness's verifier key, as `kentongan evidence key show` prints it there",
          required());
        v("ca_file", self.ca_file, "CA certificates to trust, PEM; empty: the system's",
          readable_file());
    }
};

struct WitnessingSettings {
    bool operator==(const WitnessingSettings&) const = default;
    std::string listen;
    std::string name;
    std::string key_file;
    std::string folder;

    void visit(this auto& self, auto& v) {
        v("listen", self.listen,
          "address:port where others' histories are signed for (C2SP tlog-witness); empty: none",
          listen_address());
        v("name", self.name,
          "name of this witness, such as witness.bssn.go.id, without blanks and plus; empty: the "
          "sensor's name");
        v("key_file", self.key_file,
          "Ed25519 key of this witness alone; empty: the systemd credential witness-key, or "
          "witness-key in daemon.state_directory, which is made at the first start",
          readable_file());
        v("folder", self.folder,
          "what was signed last, never to be lost; empty: witness in daemon.state_directory");
    }
};

struct WitnessedSettings {
    bool operator==(const WitnessedSettings&) const = default;
    std::string key;

    void visit(this auto& self, auto& v) {
        v("key", self.key,
          "verifier key of a history that is signed for; the key's name is its origin", required());
    }
};

}  // namespace kentongan
