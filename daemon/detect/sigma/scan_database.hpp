#pragma once
// Many patterns searched for in one pass: Hyperscan, or vectorscan on ARM, behind owned handles.
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct hs_database;
struct hs_scratch;

namespace kentongan::sigma {

/// A pattern in PCRE's syntax without NUL bytes. It is found once a text when `once`, else at each
/// place where it ends; with `superset` also where it does not match, so that a hit must be
/// checked.
struct ScanPattern {
    std::string text;
    bool caseless = false;
    bool dot_all = false;
    bool multi_line = false;
    bool utf8 = false;  ///< a database is for UTF-8 or for bytes; texts must then be valid
    bool once = false;
    bool superset = false;
    bool operator==(const ScanPattern&) const = default;
};

/// Whether a pattern is one that the scanner knows how to search for. Quick: it may still refuse to
/// compile it, for its size or with others.
[[nodiscard]] bool can_scan_for(const ScanPattern& pattern);
/// The bytes that a text must have at least for a match; 0 where that is not known.
[[nodiscard]] std::size_t shortest_match(const ScanPattern& pattern);

/// Name and version of the library with the kind of processor: databases of one are not for others.
[[nodiscard]] std::string scanner_version();

class ScanDatabase;

/// What scanning writes to: one for each thread.
class ScanScratch {
  public:
    ScanScratch() = default;
    ~ScanScratch();
    ScanScratch(const ScanScratch&) = delete;
    ScanScratch& operator=(const ScanScratch&) = delete;

    /// Grows to what the database needs; once for each database before scanning.
    void make_room_for(const ScanDatabase& database);

  private:
    friend class ScanDatabase;
    hs_scratch* scratch_ = nullptr;
};

/// Immutable; shared between threads.
class ScanDatabase {
  public:
    /// The error says which pattern is at fault, if one is. Takes from milliseconds to seconds.
    struct Refused {
        std::optional<std::size_t> pattern;
        std::string reason;
    };
    [[nodiscard]] static std::expected<std::shared_ptr<const ScanDatabase>, Refused> compile(
        std::span<const ScanPattern> patterns);
    /// Of bytes that serialised() gave. They are trusted: nothing but this program may have written
    /// them. Null when they are of another version or processor.
    [[nodiscard]] static std::shared_ptr<const ScanDatabase> of_serialised(std::string_view bytes);
    [[nodiscard]] std::string serialised() const;

    ~ScanDatabase();
    ScanDatabase(const ScanDatabase&) = delete;
    ScanDatabase& operator=(const ScanDatabase&) = delete;

    /// Calls hit(index of the pattern, offset behind the match). Text up to 4 GiB.
    template <class Hit>
    void scan(std::string_view text, ScanScratch& scratch, Hit&& hit) const {
        using Called = std::remove_reference_t<Hit>;
        scan(
            text, scratch,
            [](unsigned id, unsigned long long, unsigned long long end, unsigned, void* context) {
                (*static_cast<Called*>(context))(static_cast<std::size_t>(id),
                                                 static_cast<std::size_t>(end));
                return 0;
            },
            const_cast<void*>(static_cast<const void*>(&hit)));
    }

  private:
    friend class ScanScratch;
    using Callback = int (*)(unsigned, unsigned long long, unsigned long long, unsigned, void*);

    explicit ScanDatabase(hs_database* database) : database_(database) {}
    void scan(std::string_view text, ScanScratch& scratch, Callback callback, void* context) const;

    hs_database* database_;
};

}  // namespace kentongan::sigma
