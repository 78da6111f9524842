// The headers of tests/support, compiled once to keep them self-contained.
#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/packet_builder.hpp"
#include "tests/support/task_runner.hpp"
#include "tests/support/test_clock.hpp"
