// Reads and finds assignments.
#include "daemon/detect/sirekap/assignments.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/csv_line.hpp"

namespace kentongan::sirekap {

namespace {
constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLargestFile = std::size_t{1} << 30;
}  // namespace

std::uint32_t Assignments::keep(std::string_view text) {
    if (text.empty()) return 0;
    const auto offset = static_cast<std::uint32_t>(texts_.size());
    texts_ += static_cast<char>(static_cast<unsigned char>(text.size()));
    texts_ += text;
    return offset;
}

std::string_view Assignments::text_at(std::uint32_t offset) const {
    return std::string_view{texts_}.substr(offset + 1,
                                           static_cast<unsigned char>(texts_[offset]));
}

Assignment Assignments::read(const Row& row) const {
    return {row.tps, text_at(row.account), text_at(row.device)};
}

Result<Assignments> Assignments::parse(std::string_view csv, std::string_view file) {
    Assignments out;
    out.texts_ += '\0';  // the empty text
    std::vector<std::string> fields;
    if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
    for (std::size_t line = 1; !csv.empty(); ++line) {
        const std::string_view text = trim(take_until(csv, '\n'));
        const bool heading = out.rows_.empty() && to_lower(text.substr(0, 3)) == "tps";
        if (text.empty() || heading) continue;
        split_csv_line(text, fields);
        fields.resize(3);
        const auto tps = TpsCode::parse(fields[0]);
        if (!tps)
            return fail(ErrorCode::data, "assignments {}:{}: '{}' is not a TPS code of 13 digits",
                        file, line, printable_utf8(fields[0], 40));
        if (std::max(fields[1].size(), fields[2].size()) > kLongestName ||
            fields[1].size() + fields[2].size() == 0)
            return fail(ErrorCode::data,
                        "assignments {}:{}: an account or a device of at most {} bytes is expected",
                        file, line, kLongestName);
        if (out.rows_.size() == kMaximum || out.texts_.size() > UINT32_MAX - 1024)
            return fail(ErrorCode::data, "assignments {}:{}: too many; at most {} are read", file,
                        line, kMaximum);
        const auto account = out.keep(fields[1]);
        out.rows_.push_back({*tps, account, out.keep(fields[2])});
    }
    std::ranges::sort(out.rows_, {}, [](const Row& row) {
        return std::tuple{row.tps, std::max(row.account, row.device)};  // as listed
    });
    out.by_account_ = out.order_by(&Row::account);
    out.by_device_ = out.order_by(&Row::device);
    return out;
}

Result<Assignments> Assignments::load(const std::filesystem::path& path) {
    const auto text = read_file(path, kLargestFile);
    if (!text) return std::unexpected(text.error().within("assignments"));
    return parse(*text, path.native());
}

std::span<const Assignments::Row> Assignments::rows_of(TpsCode tps) const {
    const auto found = std::ranges::equal_range(rows_, tps, {}, &Row::tps);
    return {found.begin(), found.end()};
}

std::vector<std::uint32_t> Assignments::order_by(std::uint32_t Row::* member) const {
    std::vector<std::uint32_t> order(rows_.size());
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::sort(order, {}, [&](std::uint32_t row) {
        return std::pair{text_at(rows_[row].*member), row};
    });
    return order;
}

std::vector<Assignment> Assignments::named(std::string_view name,
                                           const std::vector<std::uint32_t>& order,
                                           std::uint32_t Row::* member) const {
    std::vector<Assignment> out;
    if (name.empty()) return out;
    const auto text = [&](std::uint32_t row) { return text_at(rows_[row].*member); };
    for (const std::uint32_t row : std::ranges::equal_range(order, name, {}, text))
        out.push_back(read(rows_[row]));
    return out;
}

std::vector<Assignment> Assignments::of_account(std::string_view account) const {
    return named(account, by_account_, &Row::account);
}
std::vector<Assignment> Assignments::of_device(std::string_view device) const {
    return named(device, by_device_, &Row::device);
}

}  // namespace kentongan::sirekap
