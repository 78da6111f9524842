#pragma once
// A temporary folder that goes away with the test.
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace kentongan {

class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "kentongan-XXXXXX").native();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
        path_ = name;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    /// The full path of the file written.
    std::string write(const std::string& name, std::string_view content) const {
        const auto file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file, std::ios::binary} << content;
        return file.native();
    }

  private:
    std::filesystem::path path_;
};

}  // namespace kentongan
