#pragma once
// A finding sink that remembers.
#include <vector>

#include "daemon/alert/finding.hpp"

namespace kentongan {

class RecordingFindings final : public FindingSink {
  public:
    void report(Finding finding) override { all.push_back(std::move(finding)); }
    std::vector<Finding> all;
};

}  // namespace kentongan
