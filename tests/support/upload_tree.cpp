#include "tests/support/upload_tree.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "daemon/drill/generate/random.hpp"

namespace kentongan::generate {

namespace {

constexpr std::array<std::string_view, 24> kWords{
    "suara", "hasil",    "tps",      "kelurahan", "kecamatan", "rekapitulasi", "<p>",    "</p>",
    "<div>", "</div>",   "function", "return",    "const",     "echo",         "select", "pasangan",
    "calon", "gubernur", "saksi",    "formulir",  "(data)",    "{ id: 31 }",   "// log", "C.Hasil"};

class UploadTree {
  public:
    UploadTree(std::uint64_t seed, std::filesystem::path folder)
        : random_(seed ^ 0xF11E5), folder_(std::move(folder)) {}

    Result<> make(double scale) {
        std::error_code failed;
        if (!std::filesystem::create_directory(folder_, failed))
            return fail(ErrorCode::io, "cannot make the folder {}: {}", folder_.string(),
                        failed ? failed.message() : "it exists");
        for (int i = 0; i < static_cast<int>(80 * scale); ++i) image(i);
        for (int i = 0; i < static_cast<int>(800 * scale); ++i) text(i);
        hostile();
        return outcome_;
    }

  private:
    void file(std::string_view below, const std::string& name, std::string_view content) {
        if (!outcome_) return;
        const auto path = folder_ / below / name;
        std::error_code ignored;  // the file cannot be opened then
        std::filesystem::create_directories(path.parent_path(), ignored);
        std::ofstream out(path, std::ios::binary);
        out << content;
        if (!out.flush()) outcome_ = fail(ErrorCode::io, "cannot write {}", path.string());
    }

    /// JPEG's frame around noise, which is what compressed pixels look like.
    void image(int number) {
        const auto bytes = static_cast<std::size_t>(random_.between(600'000, 4'000'000));
        std::string content{"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00",
                            20};
        while (content.size() < bytes) {
            const auto word = random_.next();
            content.append(reinterpret_cast<const char*>(&word), sizeof word);
        }
        file("upload", fmt::format("{:05}.jpg", number), content + "\xFF\xD9");
    }

    void text(int number) {
        static constexpr std::array<std::string_view, 4> kKinds{"html", "js", "php", "json"};
        const auto bytes = static_cast<std::size_t>(random_.between(500, 50'000));
        const auto kind = random_.pick(kKinds);
        std::string content{kind == "php" ? "<?php\n" : ""};
        while (content.size() < bytes)
            content.append(random_.pick(kWords)).push_back(random_.chance(0.1) ? '\n' : ' ');
        file(fmt::format("www/{:02}", number % 20), fmt::format("{:05}.{}", number, kind), content);
    }

    /// In pieces, so that no scanner of this file takes them for the real thing.
    void hostile() {
        const std::string shell = std::string("<?p") + "hp @ev" + "al($_PO" + "ST['c']); ?>";
        file("upload", "foto.php", shell);
        file("www", "cache.php", "<?php // cache\n" + shell);
        file("upload", "elf.jpg",
             std::string("\x7F"
                         "ELF\x02\x01\x01",
                         7) +
                 std::string(4096, '\0'));
    }

    Random random_;
    std::filesystem::path folder_;
    Result<> outcome_;
};

}  // namespace

Result<> upload_tree(std::uint64_t seed, double scale, const std::filesystem::path& folder) {
    return UploadTree{seed, folder}.make(scale);
}

}  // namespace kentongan::generate
