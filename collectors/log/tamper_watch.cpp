// Sees that a file that is followed was removed, or rewritten in place.
#include "collectors/log/tamper_watch.hpp"

#include <algorithm>

#include "collectors/log/rotation.hpp"

namespace kentongan::log {

void TamperWatch::look(FileReader& reader, const std::filesystem::path& path, bool at_path,
                       bool tick, bool removals, const Tell& tell) {
    const auto facts = reader.file()->facts();
    saw(facts.size);
    if (facts.links == 0) {
        if (tick) ++unlinked_ticks_;
        if (removals && !judged_ && unlinked_ticks_ >= kUnlinkedTicks)
            judge_removal(reader, path, tell);
        return;
    }
    const bool suspicious =
        touched_ != Timestamp{} && facts.touched != touched_ && facts.size == size_then_;
    touched_ = facts.touched;
    size_then_ = facts.size;
    if (!at_path) return;  // a rename is such a change, and the file is left soon
    if (suspicious) suspects_ = reader.trail().stretches();
    if (!tick && !suspicious) return;
    const auto now = suspects_ > 0 ? std::min(suspects_, kChecks) : std::size_t{1};
    check(reader, now, tell);
    suspects_ -= std::min(suspects_, now);
}

void TamperWatch::check(FileReader& reader, std::size_t stretches, const Tell& tell) {
    std::optional<std::uint64_t> first;
    for (; stretches > 0; --stretches) {
        const auto then = reader.trail().next_to_check();
        if (!then || reader.file()->holds(*then)) continue;
        const auto bytes = reader.file()->bytes(then->begin, then->end);
        if (bytes.size() < then->end - then->begin) return;  // shorter now: Tail sees that
        reader.trail().accept({then->begin, then->end, sha256(as_bytes(bytes))});
        first = std::min(first.value_or(then->begin), then->begin);
    }
    if (first) tell(Tampering::rewritten, *first, 0);
}

void TamperWatch::judge_removal(const FileReader& reader, const std::filesystem::path& path,
                                const Tell& tell) {
    judged_ = true;
    if (find_copy(path, reader.position(), &reader.trail())) return;
    const auto& head = reader.head();
    const auto now = InputFile::open(path);
    const bool same_head = now && !head.empty() && now->head(head.size()) == head;
    tell(same_head ? Tampering::rewritten : Tampering::removed, 0, same_head ? 0 : size_);
}

}  // namespace kentongan::log
