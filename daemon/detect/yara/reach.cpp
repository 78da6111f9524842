#include "daemon/detect/yara/reach.hpp"

#include <algorithm>
#include <cstring>
#include <map>

namespace kentongan::yara {

namespace {

constexpr std::uint32_t kLimit = YR_RE_SCAN_LIMIT;
constexpr int kDeepest = 512;  // alternatives within alternatives that are followed

template <class Number>
Number read(const std::uint8_t* at) {
    Number out;
    std::memcpy(&out, at, sizeof out);
    return out;
}

std::uint32_t sum(std::uint32_t a, std::uint64_t b) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(a + b, kLimit));
}

/// The longest way through the code of libyara 4.2's machine (re.c, yr_re_exec).
class Longest {
  public:
    /// From `at` to the end of the expression, or of the repetition that `at` is in.
    std::uint32_t from(const std::uint8_t* at, int depth) {
        if (depth > kDeepest) return kLimit;
        const auto known = known_.find(at);
        if (known != known_.end()) return known->second;
        std::uint32_t width = 0;
        const std::uint8_t* here = at;
        while (here != nullptr && width < kLimit) here = step(here, depth, width);
        return known_[at] = width;
    }

  private:
    struct Simple {
        std::uint8_t width;
        std::uint8_t bytes;  // 0: not a simple one
    };
    static Simple simple(std::uint8_t opcode) {
        switch (opcode) {
            case RE_OPCODE_LITERAL:
                return {1, 2};
            case RE_OPCODE_MASKED_LITERAL:
                return {1, 3};
            case RE_OPCODE_CLASS:
                return {1, 1 + sizeof(RE_CLASS)};
            case RE_OPCODE_ANY:
            case RE_OPCODE_WORD_CHAR:
            case RE_OPCODE_NON_WORD_CHAR:
            case RE_OPCODE_SPACE:
            case RE_OPCODE_NON_SPACE:
            case RE_OPCODE_DIGIT:
            case RE_OPCODE_NON_DIGIT:
                return {1, 1};
            case RE_OPCODE_MATCH_AT_END:
            case RE_OPCODE_MATCH_AT_START:
            case RE_OPCODE_WORD_BOUNDARY:
            case RE_OPCODE_NON_WORD_BOUNDARY:
                return {0, 1};
            default:
                return {0, 0};
        }
    }

    /// The instruction behind the one at `at`, whose width is added; null at the end.
    const std::uint8_t* step(const std::uint8_t* at, int depth, std::uint32_t& width) {
        if (const Simple one = simple(*at); one.bytes != 0) {
            width = sum(width, one.width);
            return at + one.bytes;
        }
        switch (*at) {
            case RE_OPCODE_MATCH:
            case RE_OPCODE_REPEAT_END_GREEDY:
            case RE_OPCODE_REPEAT_END_UNGREEDY:
                return nullptr;
            case RE_OPCODE_REPEAT_ANY_GREEDY:
            case RE_OPCODE_REPEAT_ANY_UNGREEDY:  // least and most, 16 bits each
                width = sum(width, read<std::uint16_t>(at + 3));
                return at + 5;
            case RE_OPCODE_REPEAT_START_GREEDY:
            case RE_OPCODE_REPEAT_START_UNGREEDY: {  // least, most, and where it goes on
                const std::uint64_t most = read<std::uint16_t>(at + 3);
                const auto offset = read<std::int32_t>(at + 5);
                width = offset > 0 ? sum(width, most * from(at + 9, depth + 1)) : kLimit;
                return at + offset;
            }
            case RE_OPCODE_SPLIT_A:
            case RE_OPCODE_SPLIT_B: {  // its number, and where the other branch begins
                const auto offset = read<std::int16_t>(at + 2);
                const std::uint32_t other = offset > 0 ? from(at + offset, depth + 1) : kLimit;
                width = sum(width, std::max(other, from(at + 4, depth + 1)));
                return nullptr;
            }
            case RE_OPCODE_JUMP: {
                const auto offset = read<std::int16_t>(at + 1);
                if (offset <= 0) width = kLimit;
                return at + offset;
            }
            default:
                width = kLimit;
                return nullptr;
        }
    }

    std::map<const std::uint8_t*, std::uint32_t> known_;
};

}  // namespace

std::uint32_t reach_of(const std::uint8_t* code) {
    return code == nullptr ? 0 : Longest().from(code, 0);
}

}  // namespace kentongan::yara
