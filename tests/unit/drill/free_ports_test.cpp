#include "daemon/drill/free_ports.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kentongan::drill {
namespace {

TEST(FreePorts, AreAllDifferent) {
    boost::asio::io_context loop;
    const auto ports = free_ports(loop, 50);
    EXPECT_EQ((std::set<std::uint16_t>{ports.begin(), ports.end()}.size()), 50u);
}

}  // namespace
}  // namespace kentongan::drill
