#pragma once
// The refusals found while reading settings, told together. Inner header of this room.
#include <string>
#include <vector>

#include "daemon/base/error.hpp"

namespace kentongan::config {

class Problems {
  public:
    static constexpr std::size_t kShown = 20;

    void add(std::string line) {
        if (++count_ <= kShown) lines_.push_back(std::move(line));
    }
    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] Error error() const {
        std::string text;
        for (const std::string& line : lines_) (text.empty() ? text : text += '\n') += line;
        if (count_ > kShown) text += fmt::format("\nand {} more", count_ - kShown);
        return {ErrorCode::config, text};
    }

  private:
    std::vector<std::string> lines_;
    std::size_t count_ = 0;
};

}  // namespace kentongan::config
