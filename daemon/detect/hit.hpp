#pragma once
// Hit: a rule matched an event, told to the correlate strand because correlations count it. It
// carries what they need of the event and no more.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/alert/finding.hpp"
#include "daemon/base/time.hpp"
#include "daemon/event/event.hpp"

namespace kentongan {

namespace sigma {
class CorrelationSet;
}

struct Hit {
    std::shared_ptr<const sigma::CorrelationSet> set;  ///< of the rules in force at the match
    std::uint32_t node = 0;                            ///< which rule, or correlation, of the set
    bool again = false;  ///< a correlation that goes on: it has been told before
    Timestamp time{};
    std::vector<std::optional<std::string>> values;  ///< the fields the node's names ask for
    std::string_view source;                         ///< of the event: the name of its input

    /// The event, shared by all its hits: few hits end as evidence, so what a finding says of it is
    /// made when it is asked for. Null when the event is large; then `about` was made at once.
    std::shared_ptr<const Event> event;
    struct About {
        Subject subject;
        Evidence evidence;
    };
    std::shared_ptr<const About> about;

    [[nodiscard]] Subject subject() const;
    [[nodiscard]] Evidence evidence() const;
};

/// Keeps one event for its hits. One lane's; begin() it with each event.
class KeptEvent {
  public:
    static constexpr std::size_t kLargest =
        4096;  ///< bytes of texts of an event that is kept whole

    void begin(const Event& event) {
        event_ = &event;
        kept_.reset();
        about_.reset();
    }
    /// A hit of the event, its source and what it is about filled in.
    [[nodiscard]] std::shared_ptr<Hit> hit();

  private:
    const Event* event_ = nullptr;
    std::shared_ptr<const Event> kept_;
    std::shared_ptr<const Hit::About> about_;
};

}  // namespace kentongan
