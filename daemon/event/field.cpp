#include "daemon/event/field.hpp"

#include <array>
#include <atomic>
#include <deque>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace kentongan {

namespace {

constexpr std::size_t kMaximumNames = 60'000;
constexpr std::string_view kKnownNames[] = {
#define KENTONGAN_FIELD(identifier, name) std::string_view{name},
#include "daemon/event/field_list.inc"
#undef KENTONGAN_FIELD
};

class Dictionary {
  public:
    Dictionary() {
        for (const auto name : kKnownNames) add(name);
    }

    std::string_view name(Field field) const {
        const auto index = static_cast<std::size_t>(field);
        if (index < std::size(kKnownNames)) return kKnownNames[index];
        const std::shared_lock lock(mutex_);
        return names_.at(index);
    }

    std::optional<Field> find(std::string_view name) const {
        const std::shared_lock lock(mutex_);
        const auto found = ids_.find(name);
        if (found == ids_.end()) return std::nullopt;
        return found->second;
    }

    std::optional<Field> intern(std::string_view name) {
        if (const auto known = find(name)) return known;
        const std::unique_lock lock(mutex_);
        if (const auto found = ids_.find(name); found != ids_.end()) return found->second;
        if (names_.size() >= kMaximumNames) {
            refused_.fetch_add(1, std::memory_order_relaxed);
            return std::nullopt;
        }
        return add(name);
    }

    std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

  private:
    Field add(std::string_view name) {
        const auto id = static_cast<Field>(names_.size());
        names_.emplace_back(name);
        ids_.emplace(names_.back(), id);
        return id;
    }

    mutable std::shared_mutex mutex_;
    std::deque<std::string> names_;  // a deque keeps the texts in place
    std::unordered_map<std::string_view, Field> ids_;
    std::atomic<std::uint64_t> refused_{0};
};

Dictionary& dictionary() {
    static Dictionary instance;
    return instance;
}

/// Names that this thread looked up lately, without a lock: a name keeps its id, and its text stays
/// where the dictionary has it. One place for each hash; the newer name takes it.
class RecentNames {
  public:
    std::optional<Field> intern(std::string_view name) {
        Entry& entry = entries_[std::hash<std::string_view>{}(name) % entries_.size()];
        if (entry.name == name && entry.known) return entry.field;
        const auto field = dictionary().intern(name);
        if (field) entry = {dictionary().name(*field), *field, true};
        return field;
    }

  private:
    struct Entry {
        std::string_view name;
        Field field{};
        bool known = false;
    };
    std::array<Entry, 2048> entries_{};
};

}  // namespace

std::string_view name_of(Field field) { return dictionary().name(field); }
std::optional<Field> find_field(std::string_view name) { return dictionary().find(name); }
std::optional<Field> intern_field(std::string_view name) {
    static thread_local RecentNames recent;
    return recent.intern(name);
}
std::uint64_t refused_fields() { return dictionary().refused(); }

std::string_view intern_text(std::string_view text) {
    static std::mutex mutex;
    static std::unordered_set<std::string> texts;  // nodes do not move
    const std::scoped_lock lock(mutex);
    return *texts.emplace(text).first;
}

}  // namespace kentongan
