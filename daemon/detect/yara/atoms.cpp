#include "daemon/detect/yara/atoms.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "daemon/base/text.hpp"
#include "daemon/detect/yara/reach.hpp"

namespace kentongan::yara {

namespace {

/// `fullword` looks at the character on either side, of two bytes where the string is wide.
constexpr std::uint32_t kNeighbour = 2;
/// Of a long text its beginning is enough to find it.
constexpr std::size_t kLongestAtom = 64;
/// Both ways, to the ends of what is scanned.
constexpr std::uint32_t kEverywhere = std::numeric_limits<std::uint32_t>::max();

/// A state of libyara's automaton (Aho and Corasick, 1975) and the bytes that lead to it.
struct Node {
    std::uint32_t state = 0;
    std::string path;
};

/// The string is searched for as its bytes stand in the rule.
bool is_plain(const YR_STRING& string) {
    constexpr auto kOtherwise =
        STRING_FLAGS_WIDE | STRING_FLAGS_XOR | STRING_FLAGS_BASE64 | STRING_FLAGS_BASE64_WIDE;
    return STRING_IS_LITERAL(&string) != 0 && (string.flags & kOtherwise) == 0 && string.length > 0;
}

std::uint32_t length_of(const YR_STRING& string) {
    return static_cast<std::uint32_t>(std::max(string.length, 0));
}

Atom whole_text(const YR_STRING& string) {
    const std::string_view text{reinterpret_cast<const char*>(string.string), length_of(string)};
    Atom out{std::string(text.substr(0, kLongestAtom)), STRING_IS_NO_CASE(&string) != 0, 0, 0};
    const auto size = static_cast<std::uint32_t>(out.bytes.size());
    out.before = size + kNeighbour;
    out.after = length_of(string) - size + kNeighbour;
    return out;
}

/// Letters count in either case: that only finds more, and one atom then stands for sixteen.
Atom part(const std::string& path, const YR_AC_MATCH& match) {
    Atom out{to_lower(path), true, 0, 0};
    const std::uint32_t start = match.backtrack;  // from the atom's end back to the string's place
    if (STRING_IS_LITERAL(match.string) != 0) {
        const std::uint32_t most = 2 * length_of(*match.string);  // wide
        out.before = start + kNeighbour;
        out.after = (most > start ? most - start : 0) + kNeighbour;
    } else {
        const std::uint32_t character = STRING_IS_WIDE(match.string) != 0 ? 2 : 1;
        const auto reach = [&](const std::uint8_t* code) {
            return std::min<std::uint32_t>(character * reach_of(code), YR_RE_SCAN_LIMIT);
        };
        out.before = start + reach(match.backward_code) + kNeighbour;
        const std::uint32_t forward = reach(match.forward_code);
        out.after = (forward > start ? forward - start : 0) + kNeighbour;
    }
    return out;
}

class Collector {
  public:
    Collector(const YR_RULES& rules, std::size_t most) : rules_(rules), most_(most) {}

    std::optional<std::vector<Atom>> all() {
        std::vector<Node> open{{YR_AC_ROOT_STATE, {}}};
        while (!open.empty()) {
            const Node node = std::move(open.back());
            open.pop_back();
            if (!take(node) || atoms_.size() > most_) return std::nullopt;
            for (std::uint32_t byte = 0; byte < 256; ++byte) {
                const YR_AC_TRANSITION to = rules_.ac_transition_table[node.state + byte + 1];
                if (YR_AC_INVALID_TRANSITION(to, byte + 1)) continue;
                open.push_back({YR_AC_NEXT_STATE(to), node.path + static_cast<char>(byte)});
            }
        }
        std::vector<Atom> out;
        for (auto& [key, atom] : atoms_) out.push_back(std::move(atom));
        return out;
    }

  private:
    using Key = std::pair<std::string, bool>;

    [[nodiscard]] const YR_AC_MATCH* matches_of(std::uint32_t state) const {
        const std::uint32_t first = rules_.ac_match_table[state];
        return first == 0 ? nullptr : &rules_.ac_match_pool[first - 1];
    }
    /// A state has the matches of the shorter path that ends it too; those are found there.
    [[nodiscard]] bool is_inherited(const Node& node, const YR_AC_MATCH& match) const {
        if (node.state == YR_AC_ROOT_STATE) return false;
        const auto shorter = YR_AC_NEXT_STATE(rules_.ac_transition_table[node.state]);
        for (const auto* each = matches_of(shorter); each != nullptr; each = each->next)
            if (each->string == match.string && each->backtrack == match.backtrack &&
                each->forward_code == match.forward_code &&
                each->backward_code == match.backward_code)
                return true;
        return false;
    }

    /// False when something may match where there is no atom.
    bool take(const Node& node) {
        for (const auto* each = matches_of(node.state); each != nullptr; each = each->next) {
            const YR_STRING& string = *each->string;
            if (STRING_IS_DISABLED(&string) != 0) continue;
            if (is_plain(string)) {
                if (plain_.insert(string.idx).second) add(whole_text(string), string);
                continue;
            }
            if (is_inherited(node, *each)) continue;
            if (node.path.empty()) return false;
            add(part(node.path, *each), string);
        }
        return true;
    }

    /// Of a string with long jumps libyara searches each part alone and joins those whose places in
    /// their blocks fit, without looking whether it is the same block: it is to be one.
    void add(Atom atom, const YR_STRING& string) {
        if (STRING_IS_CHAIN_PART(&string) != 0) atom.before = atom.after = kEverywhere;
        const Key key{atom.caseless ? to_lower(atom.bytes) : atom.bytes, atom.caseless};
        const auto [at, is_new] = atoms_.try_emplace(key, atom);
        at->second.before = std::max(at->second.before, atom.before);
        at->second.after = std::max(at->second.after, atom.after);
    }

    const YR_RULES& rules_;
    std::size_t most_;
    std::map<Key, Atom> atoms_;
    std::set<std::uint32_t> plain_;
};

}  // namespace

std::optional<std::vector<Atom>> atoms_of(const YR_RULES& rules, std::size_t most) {
    return Collector(rules, most).all();
}

}  // namespace kentongan::yara
