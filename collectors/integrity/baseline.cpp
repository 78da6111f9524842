#include "collectors/integrity/baseline.hpp"

#include <algorithm>
#include <array>

namespace kentongan::integrity {

namespace {

constexpr std::string_view kSnapshotMagic = "KFIMBASE";
constexpr std::string_view kDeltaMagic = "KFIMDELT";
constexpr std::uint16_t kVersion = 1;
constexpr std::size_t kPiece = std::size_t{1} << 20;

/// Writes one section: numbers and texts into a buffer that goes out in pieces, sealed at the end.
class SectionWriter {
  public:
    SectionWriter(const Sha256Digest& previous_seal, const Writer& write) : write_(write) {
        seal_.update(Bytes{previous_seal});
    }
    void number(std::uint64_t value, int width) {
        for (int shift = (width - 1) * 8; shift >= 0; shift -= 8)
            buffer_ += static_cast<char>(value >> shift & 0xff);
    }
    void raw(std::string_view bytes) {
        buffer_ += bytes;
        if (buffer_.size() >= kPiece) send();
    }
    void text(std::string_view bytes) {
        number(std::min<std::size_t>(bytes.size(), 0xffff), 2);
        raw(bytes.substr(0, 0xffff));
    }
    [[nodiscard]] Result<Written> finish() {
        send();
        out_.seal = seal_.finish();
        buffer_.assign(as_text(out_.seal));
        send();
        if (!result_) return std::unexpected(result_.error());
        return out_;
    }

  private:
    void send() {
        seal_.update(buffer_);
        out_.bytes += buffer_.size();
        if (result_) result_ = write_(buffer_);
        buffer_.clear();
    }

    const Writer& write_;
    Sha256 seal_;
    std::string buffer_;
    Written out_;
    Result<> result_;
};

void put_entry(SectionWriter& out, const Entry& entry) {
    out.number(static_cast<std::uint64_t>(entry.type), 1);
    out.number(entry.hashed ? 1 : 0, 1);
    out.number(entry.mode, 4);
    out.number(entry.uid, 4);
    out.number(entry.gid, 4);
    out.number(entry.size, 8);
    out.number(static_cast<std::uint64_t>(entry.mtime_ns), 8);
    out.number(static_cast<std::uint64_t>(entry.ctime_ns), 8);
    out.number(entry.inode, 8);
    out.raw(as_text(entry.hash));
    out.text(entry.target);
}

std::string take_text(ByteReader& in) { return std::string(as_text(in.take(in.u16()))); }

/// False when a value cannot be.
bool take_entry(ByteReader& in, Entry& entry) {
    const auto type = in.u8();
    const auto hashed = in.u8();
    entry.mode = in.u32();
    entry.uid = in.u32();
    entry.gid = in.u32();
    entry.size = in.u64();
    entry.mtime_ns = static_cast<std::int64_t>(in.u64());
    entry.ctime_ns = static_cast<std::int64_t>(in.u64());
    entry.inode = in.u64();
    const Bytes hash = in.take(entry.hash.size());
    std::ranges::copy(hash, entry.hash.begin());
    entry.target = take_text(in);
    entry.type = static_cast<FileType>(type);
    entry.hashed = hashed == 1;
    return in.ok() && type >= 1 && type <= 4 && hashed <= 1 && entry.mode <= 07777;
}

bool is_path(std::string_view path) {
    if (path.empty()) return true;
    for (std::string_view rest = path; !rest.empty();) {
        const auto slash = rest.find('/');
        const auto part = rest.substr(0, slash);
        if (part.empty() || part == "." || part == ".." || part.contains('\0')) return false;
        if (slash == std::string_view::npos) return true;
        rest.remove_prefix(slash + 1);
    }
    return false;  // a trailing slash
}

/// Reads one section after another, and checks each one's seal.
class SectionReader {
  public:
    explicit SectionReader(Bytes bytes) : all_(bytes), in_(bytes) {}

    [[nodiscard]] bool at_end() const { return in_.rest().empty(); }
    [[nodiscard]] std::size_t consumed() const { return all_.size() - in_.rest().size(); }
    [[nodiscard]] const Sha256Digest& seal() const { return seal_; }

    /// Nothing to say when all is well; else what is wrong.
    [[nodiscard]] std::string_view snapshot(Baseline& out) {
        if (auto wrong = open(kSnapshotMagic); !wrong.empty()) return wrong;
        out.id = in_.u64();
        out.generation = in_.u64();
        out.time = from_nanoseconds(static_cast<std::int64_t>(in_.u64()));
        out.positions = in_.u64();
        out.root = take_text(in_);
        auto add = [&](std::string path) {
            Entry entry;
            const bool good = take_entry(in_, entry);
            out.entries.emplace_hint(out.entries.end(), std::move(path), std::move(entry));
            return good;
        };
        if (auto wrong = each_path(add); !wrong.empty()) return wrong;
        return close();
    }

    [[nodiscard]] std::string_view delta(Delta& out) {
        if (auto wrong = open(kDeltaMagic); !wrong.empty()) return wrong;
        out.generation = in_.u64();
        out.time = from_nanoseconds(static_cast<std::int64_t>(in_.u64()));
        out.first_position = in_.u64();
        auto add = [&](std::string path) {
            const auto present = in_.u8();
            Change& change = out.changes.emplace_back();
            change.path = std::move(path);
            if (present == 0) return true;
            return present == 1 && take_entry(in_, change.current.emplace());
        };
        if (auto wrong = each_path(add); !wrong.empty()) return wrong;
        return close();
    }

  private:
    std::string_view open(std::string_view magic) {
        start_ = consumed();
        if (as_text(in_.take(magic.size())) != magic) return "does not begin as one";
        if (in_.u16() != kVersion) return "is of a version this program does not know";
        return {};
    }

    template <class Add>
    std::string_view each_path(Add add) {
        std::string previous;
        const std::uint64_t count = in_.u64();
        for (std::uint64_t i = 0; i < count; ++i) {
            std::string path = take_text(in_);
            if (!in_.ok()) return "ends too early";
            if (!is_path(path)) return "holds a path that leaves its folder";
            if (i > 0 && path <= previous) return "has its paths out of order";
            previous = path;
            if (!add(std::move(path))) return "holds an impossible entry";
        }
        return {};
    }

    std::string_view close() {
        const std::size_t end = consumed();
        const Bytes stored = in_.take(seal_.size());
        if (!in_.ok()) return "ends too early";
        Sha256 hasher;
        hasher.update(Bytes{seal_});
        hasher.update(all_.subspan(start_, end - start_));
        const Sha256Digest computed = hasher.finish();
        if (!std::ranges::equal(stored, computed)) return "does not match its own SHA-256";
        seal_ = computed;
        return {};
    }

    Bytes all_;
    ByteReader in_;
    std::size_t start_ = 0;
    Sha256Digest seal_{};
};

}  // namespace

Result<StoredBaseline> decode_baseline(Bytes bytes) {
    StoredBaseline out;
    SectionReader reader(bytes);
    if (const auto wrong = reader.snapshot(out.snapshot); !wrong.empty())
        return fail(ErrorCode::data, "the snapshot {}", wrong);
    out.snapshot_bytes = out.intact_bytes = reader.consumed();
    out.seal = reader.seal();

    std::uint64_t generation = out.snapshot.generation;
    while (!reader.at_end()) {
        Delta delta;
        if (!reader.delta(delta).empty() || delta.generation != generation + 1) break;
        ++generation;
        out.deltas.push_back(std::move(delta));
        out.intact_bytes = reader.consumed();
        out.seal = reader.seal();
    }
    return out;
}

Result<Written> encode_snapshot(const Baseline& baseline, const Writer& write) {
    SectionWriter out({}, write);
    out.raw(kSnapshotMagic);
    out.number(kVersion, 2);
    out.number(baseline.id, 8);
    out.number(baseline.generation, 8);
    out.number(static_cast<std::uint64_t>(to_nanoseconds(baseline.time)), 8);
    out.number(baseline.positions, 8);
    out.text(baseline.root);
    out.number(baseline.entries.size(), 8);
    for (const auto& [path, entry] : baseline.entries) {
        out.text(path);
        put_entry(out, entry);
    }
    return out.finish();
}

Result<Written> encode_delta(const Delta& delta, const Sha256Digest& previous_seal,
                             const Writer& write) {
    SectionWriter out(previous_seal, write);
    out.raw(kDeltaMagic);
    out.number(kVersion, 2);
    out.number(delta.generation, 8);
    out.number(static_cast<std::uint64_t>(to_nanoseconds(delta.time)), 8);
    out.number(delta.first_position, 8);
    out.number(delta.changes.size(), 8);
    for (const Change& change : delta.changes) {
        out.text(change.path);
        out.number(change.current ? 1 : 0, 1);
        if (change.current) put_entry(out, *change.current);
    }
    return out.finish();
}

void apply(Delta& delta, Baseline& state) {
    for (Change& change : delta.changes) {
        const auto known = state.entries.find(change.path);
        if (known != state.entries.end()) change.previous = known->second;
        if (change.current)
            state.entries.insert_or_assign(change.path, *change.current);
        else if (known != state.entries.end())
            state.entries.erase(known);
    }
    state.generation = delta.generation;
    state.time = delta.time;
    state.positions = delta.first_position - 1 + delta.changes.size();
}

}  // namespace kentongan::integrity
