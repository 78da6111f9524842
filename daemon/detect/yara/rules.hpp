#pragma once
// Rules: compiled YARA rules (libyara 4.2), immutable and shared by all threads.
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "daemon/alert/rule.hpp"
#include "daemon/base/bytes.hpp"
#include "daemon/base/error.hpp"
#include "daemon/detect/rule_status.hpp"

namespace kentongan::yara {

/// What is scanned, for the external variables that rules may use; empty where unknown.
struct Target {
    std::string filename;   ///< last part of the path
    std::string filepath;   ///< whole path
    std::string extension;  ///< of the name, lower case, with the dot: ".php"
    std::string owner;      ///< user
    std::string tree;       ///< system, webroot, upload or config
};
[[nodiscard]] Target target_of(std::string_view path);

/// One rule that matched, with the first few of the strings it found.
struct Match {
    static constexpr std::size_t kMaximumHits = 16;
    struct Hit {
        std::string identifier;  ///< "$php"
        std::uint64_t offset = 0;
    };
    std::shared_ptr<const Rule> rule;
    std::string identifier;  ///< the rule's name in its file
    std::vector<Hit> hits;   ///< at most kMaximumHits, by string in the rule, then by offset
};

struct ScanResult {
    std::vector<Match> matches;  ///< in the order of the rules' files
    std::string_view skipped;    ///< empty, or why it was not scanned to the end: timeout, error
};

struct Compilation;

class Rules {
  public:
    /// Compiles files, and the *.yar and *.yara files in folders (but not below samples/), each in
    /// a namespace of its own: its path below the folder, without extension. `include` reaches only
    /// files below the folder. A rule's metadata fills in its Rule: id, description, author,
    /// severity (or score), technique (or attack, mitre_attack), class, version; without an id it
    /// is "yara:<namespace>:<rule>". Adds a status for each rule, or one for a file that does not
    /// compile; the other files are then still used. Blocking.
    /// Errors: a path that cannot be read.
    [[nodiscard]] static Result<std::shared_ptr<const Rules>> load(
        const std::vector<std::filesystem::path>& paths, std::vector<RuleStatus>& statuses);

    ~Rules();
    Rules(const Rules&) = delete;
    Rules& operator=(const Rules&) = delete;

    [[nodiscard]] std::size_t size() const;
    struct Loaded {
        std::shared_ptr<const Rule> rule;
        std::string identifier;
        std::filesystem::path file;
        bool is_private = false;      ///< a helper of other rules: never a match itself
        bool is_for_streams = false;  ///< has the tag `stream`
    };
    [[nodiscard]] const std::vector<Loaded>& all() const;

    /// The rules with the tag `stream`, with the private and global rules of their files; null when
    /// there are none. A rule of another kind that one of them asks for never holds there.
    [[nodiscard]] std::shared_ptr<const Rules> for_streams() const { return for_streams_; }

    /// Thread-safe; `timeout` at least 1 s. Keep memory-mapped files away from it: it does not
    /// guard against their being cut meanwhile.
    [[nodiscard]] ScanResult scan(Bytes content, const Target& target,
                                  std::chrono::seconds timeout) const;

  private:
    struct Impl;
    explicit Rules(std::unique_ptr<Impl> impl);
    [[nodiscard]] static std::unique_ptr<Impl> only_for_streams(const Impl& all, Compilation again);
    std::unique_ptr<Impl> impl_;
    std::shared_ptr<const Rules> for_streams_;
};

}  // namespace kentongan::yara
