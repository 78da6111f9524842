// VR1 to VR6.
#include "daemon/detect/sirekap/numbers/arithmetic.hpp"

#include <fmt/format.h>

#include <array>

namespace kentongan::sirekap::numbers {

namespace {

using enum Number;

struct Triple {
    Number both, men, women;
};
constexpr std::array<Triple, 5> kRows{{{pemilih_dpt_j, pemilih_dpt_l, pemilih_dpt_p},
                                       {pengguna_dpt_j, pengguna_dpt_l, pengguna_dpt_p},
                                       {pengguna_dptb_j, pengguna_dptb_l, pengguna_dptb_p},
                                       {pengguna_non_dpt_j, pengguna_non_dpt_l, pengguna_non_dpt_p},
                                       {pengguna_total_j, pengguna_total_l, pengguna_total_p}}};

/// Calls visit(fault) for each rule that is broken until it says stop.
template <class Visit>
void each_fault(const TpsRecord& record, Visit visit) {
    const auto number = [&](Number which) { return record.number(which); };
    const auto sah = number(suara_sah);
    const auto tidak = number(suara_tidak_sah);
    const auto total = number(suara_total);
    const auto users = number(pengguna_total_j);
    if (record.votes && sah)
        if (const auto sum = published::sum_of(*record.votes); sum != *sah)
            if (!visit({ArithmeticRule::votes, sum, *sah, {}})) return;
    if (sah && tidak && total && *sah + *tidak != *total)
        if (!visit({ArithmeticRule::total, *sah + *tidak, *total, {}})) return;
    if (total && users && *total != *users)
        if (!visit({ArithmeticRule::ballots, *total, *users, {}})) return;
    const auto dpt = number(pengguna_dpt_j);
    const auto dptb = number(pengguna_dptb_j);
    const auto other = number(pengguna_non_dpt_j);
    if (dpt && dptb && other && users && *dpt + *dptb + *other != *users)
        if (!visit({ArithmeticRule::voters, *dpt + *dptb + *other, *users, {}})) return;
    const auto listed = number(pemilih_dpt_j);
    if (dpt && listed && *dpt > *listed)
        if (!visit({ArithmeticRule::listed, *dpt, *listed, {}})) return;
    for (const auto& [both, men, women] : kRows) {
        const auto j = number(both);
        const auto l = number(men);
        const auto p = number(women);
        if (!j || !l || !p || *l + *p == *j) continue;
        visit({ArithmeticRule::men_women, *l + *p, *j, both});
        return;
    }
}

}  // namespace

std::string_view name_of(ArithmeticRule rule) {
    constexpr std::array<std::string_view, kArithmeticRules> kNames{"VR1", "VR2", "VR3",
                                                                    "VR4", "VR5", "VR6"};
    return kNames[static_cast<std::size_t>(rule)];
}

std::vector<Fault> faults_of(const TpsRecord& record) {
    std::vector<Fault> out;
    each_fault(record, [&](const Fault& fault) {
        out.push_back(fault);
        return true;
    });
    return out;
}

bool holds(const TpsRecord& record) {
    bool out = true;
    each_fault(record, [&](const Fault&) { return out = false; });
    return out;
}

std::uint8_t mask_of(const std::vector<Fault>& faults) {
    unsigned out = 0;
    for (const Fault& fault : faults) out |= 1u << static_cast<unsigned>(fault.rule);
    return static_cast<std::uint8_t>(out);
}

std::string describe(const Fault& fault) {
    const auto rule = name_of(fault.rule);
    switch (fault.rule) {
        case ArithmeticRule::votes:
            return fmt::format("{}: the candidates' votes are {} together, suara_sah is {}", rule,
                               fault.left, fault.right);
        case ArithmeticRule::total:
            return fmt::format("{}: suara_sah and suara_tidak_sah are {}, suara_total is {}", rule,
                               fault.left, fault.right);
        case ArithmeticRule::ballots:
            return fmt::format("{}: suara_total is {}, pengguna_total_j is {}", rule, fault.left,
                               fault.right);
        case ArithmeticRule::voters:
            return fmt::format("{}: users of DPT, DPTb and DPK are {}, pengguna_total_j is {}",
                               rule, fault.left, fault.right);
        case ArithmeticRule::listed:
            return fmt::format("{}: pengguna_dpt_j is {}, pemilih_dpt_j is {}", rule, fault.left,
                               fault.right);
        case ArithmeticRule::men_women:
            return fmt::format("{}: L + P is {}, {} is {}", rule, fault.left,
                               published::name_of(fault.of), fault.right);
    }
    return {};
}

}  // namespace kentongan::sirekap::numbers
