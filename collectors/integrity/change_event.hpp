#pragma once
// From a change of a file to an event with ECS names.
#include <sys/types.h>

#include <map>
#include <string>
#include <string_view>

#include "collectors/integrity/compare.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::integrity {

/// Names of users and groups; asks the system once for each id (which may block: scan threads).
class OwnerNames {
  public:
    void learn(const Change& change);
    /// The name, or the number as text when it has none or was not learned.
    [[nodiscard]] std::string user(std::uint32_t uid) const;
    [[nodiscard]] std::string group(std::uint32_t gid) const;

  private:
    void learn(const Entry& entry);

    std::map<std::uint32_t, std::string> users_;
    std::map<std::uint32_t, std::string> groups_;
};

/// The kind of a tree that is not where it was made: a copy that is replayed.
inline constexpr std::string_view kRecorded = "recorded";

/// Where events come from: interned texts that outlive them, and the folder.
struct EventSource {
    std::string_view name;  ///< "integrity:<tree>"
    std::string_view kind;  ///< system, webroot, upload or config; kRecorded
    const Tree* tree = nullptr;
    const OwnerNames* names = nullptr;
};

/// Fills `out` with all that is known of the change: file.* as it is now (as it was, for a removed
/// file), file.previous.* where different, file.changes with one value for each attribute.
void describe(const Change& change, const EventSource& source, Timestamp time,
              std::uint64_t position, Event& out);

}  // namespace kentongan::integrity
