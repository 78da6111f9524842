// The table of former and present ids.
//
// Sources: for v19 (tactic Defense Evasion became Stealth and Defense Impairment, August 2026) the
// tags of SigmaHQ's rules before and after; for v7 (sub-techniques, July 2020) MITRE's published
// crosswalk, of which the rows are here that rules about servers, networks, and accounts use. Where
// one former technique became several, each has a row.
#include "daemon/alert/attack.hpp"

#include <algorithm>
#include <array>

namespace kentongan::attack {

namespace {

struct Row {
    std::string_view former;
    std::string_view present;
};

constexpr auto kRows = std::to_array<Row>({
    // v19
    {"T1562.001", "T1685"},
    {"T1562.012", "T1685.004"},
    {"T1070.002", "T1685.006"},
    {"T1562.004", "T1686"},
    // v7: getting in, running
    {"T1193", "T1566.001"},
    {"T1192", "T1566.002"},
    {"T1194", "T1566.003"},
    {"T1086", "T1059.001"},
    {"T1155", "T1059.002"},
    {"T1064", "T1059"},
    {"T1035", "T1569.002"},
    {"T1152", "T1569.001"},
    {"T1168", "T1053.003"},
    {"T1173", "T1559.002"},
    // staying, rising
    {"T1100", "T1505.003"},
    {"T1501", "T1543.002"},
    {"T1050", "T1543.003"},
    {"T1031", "T1543.003"},
    {"T1159", "T1543.001"},
    {"T1160", "T1543.004"},
    {"T1156", "T1546.004"},
    {"T1084", "T1546.003"},
    {"T1015", "T1546.008"},
    {"T1183", "T1546.012"},
    {"T1060", "T1547.001"},
    {"T1215", "T1547.006"},
    {"T1166", "T1548.001"},
    {"T1088", "T1548.002"},
    {"T1169", "T1548.003"},
    {"T1206", "T1548.003"},
    {"T1038", "T1574.001"},
    {"T1073", "T1574.002"},
    {"T1019", "T1542.001"},
    {"T1067", "T1542.003"},
    // hiding
    {"T1089", "T1685"},
    {"T1089", "T1562.001"},
    {"T1054", "T1562.006"},
    {"T1146", "T1070.003"},
    {"T1107", "T1070.004"},
    {"T1126", "T1070.005"},
    {"T1099", "T1070.006"},
    {"T1158", "T1564.001"},
    {"T1045", "T1027.002"},
    {"T1500", "T1027.004"},
    {"T1093", "T1055.012"},
    {"T1117", "T1218.010"},
    {"T1085", "T1218.011"},
    {"T1130", "T1553.004"},
    {"T1116", "T1553.002"},
    // credentials, moving on
    {"T1081", "T1552.001"},
    {"T1139", "T1552.003"},
    {"T1145", "T1552.004"},
    {"T1522", "T1552.005"},
    {"T1503", "T1555.003"},
    {"T1171", "T1557.001"},
    {"T1208", "T1558.003"},
    {"T1174", "T1556.002"},
    {"T1527", "T1550.001"},
    {"T1075", "T1550.002"},
    {"T1097", "T1550.003"},
    {"T1506", "T1550.004"},
    {"T1076", "T1021.001"},
    {"T1077", "T1021.002"},
    {"T1028", "T1021.006"},
    {"T1184", "T1563.001"},
    // command and control, taking out, damage
    {"T1188", "T1090.003"},
    {"T1172", "T1090.004"},
    {"T1094", "T1095"},
    {"T1065", "T1571"},
    {"T1032", "T1573"},
    {"T1483", "T1568.002"},
    {"T1002", "T1560"},
    {"T1022", "T1560"},
    {"T1492", "T1565.001"},
    {"T1493", "T1565.002"},
    {"T1494", "T1565.003"},
    {"T1488", "T1561.001"},
    {"T1487", "T1561.002"},
});

}  // namespace

std::vector<std::string_view> other_ids(std::string_view id) {
    std::vector<std::string_view> out;
    for (const Row& row : kRows)
        if (row.former == id) out.push_back(row.present);
    for (const Row& row : kRows)
        if (row.present == id) out.push_back(row.former);
    return out;
}

std::vector<std::string> with_other_ids(const std::vector<std::string>& ids) {
    std::vector<std::string> out;
    const auto add = [&](std::string_view id) {
        if (std::ranges::find(out, id) == out.end()) out.emplace_back(id);
    };
    for (const std::string& id : ids) add(id);
    for (const std::string& id : ids)
        for (const std::string_view other : other_ids(id)) add(other);
    return out;
}

}  // namespace kentongan::attack
