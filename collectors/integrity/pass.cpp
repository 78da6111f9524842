#include "collectors/integrity/pass.hpp"

namespace kentongan::integrity {

void Pass::list(const std::atomic<bool>& stop) {
    Walk walk(tree_, stop, request_.seen);
    listing_ = request_.folders ? walk.some(*request_.folders, known_) : walk.whole();
    choose_what_to_hash(listing_, known_, request_.hash_all);
    queue_ = std::make_unique<HashQueue>(tree_, listing_.found, request_.now);
}

void Pass::conclude(bool comparing) {
    for (const auto& [reason, count] : queue_->troubles()) listing_.troubles[reason] += count;
    settle(listing_, known_);
    if (!comparing) return;
    comparison_ =
        compare(listing_, known_, tree_.exclude, request_.folders ? &*request_.folders : nullptr);
}

}  // namespace kentongan::integrity
