#pragma once
// A folder in the temporary directory, gone at the end, with files made in a line each.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace kentongan {

class ScratchFolder {
  public:
    ScratchFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "kentongan.XXXXXX").native();
        if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp " + name);
        path_ = name;
    }
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
        return path_ / name;
    }
    void write(std::string_view name, std::string_view content) const {
        const auto file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file, std::ios::binary | std::ios::trunc} << content;
    }
    void append(std::string_view name, std::string_view content) const {
        std::ofstream{path_ / name, std::ios::binary | std::ios::app} << content;
    }
    void chmod(std::string_view name, mode_t mode) const {
        if (::chmod((path_ / name).c_str(), mode) != 0) throw std::runtime_error("chmod");
    }
    void remove(std::string_view name) const { std::filesystem::remove_all(path_ / name); }

  private:
    std::filesystem::path path_;
};

}  // namespace kentongan
