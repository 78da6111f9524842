// Sessions by random cookies, and the pauses of those who guess.
#include "daemon/api/login/sessions.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace {

std::string random_text() {
    std::array<std::uint8_t, 32> bytes;
    RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
    return to_hex(bytes);
}

bool over(const Session& session, Timestamp now) {
    return now - session.used > Sessions::kIdle || now - session.began > Sessions::kLongest;
}

}  // namespace

std::string Sessions::begin(std::string name, std::string role, Timestamp now) {
    std::erase_if(sessions_, [&](const auto& one) { return over(one.second, now); });
    if (sessions_.size() >= kMost)
        sessions_.erase(std::ranges::min_element(sessions_, {},
                                                 [](const auto& one) { return one.second.used; }));
    std::string cookie = random_text();
    sessions_[sha256(as_bytes(cookie))] = {.name = std::move(name),
                                           .role = std::move(role),
                                           .csrf = random_text(),
                                           .began = now,
                                           .used = now};
    return cookie;
}

const Session* Sessions::find(std::string_view cookie, Timestamp now) {
    const auto found = sessions_.find(sha256(as_bytes(cookie)));
    if (found == sessions_.end()) return nullptr;
    if (over(found->second, now)) {
        sessions_.erase(found);
        return nullptr;
    }
    found->second.used = std::max(found->second.used, now);
    return &found->second;
}

void Sessions::end(std::string_view cookie) { sessions_.erase(sha256(as_bytes(cookie))); }

void Sessions::end_all(std::string_view name) {
    std::erase_if(sessions_, [&](const auto& one) { return one.second.name == name; });
}

Duration LoginLimiter::wait(std::string_view key, Timestamp now) const {
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.until <= now) return {};
    return found->second.until - now;
}

void LoginLimiter::failed(std::string_view key, Timestamp now) {
    make_room(now);
    Entry& entry = entries_[std::string{key}];
    entry.last = now;
    if (++entry.failures < kFree) return;
    const int doublings = std::min(entry.failures - kFree, 16);
    entry.until = now + std::min(kFirst * (1 << doublings), kLongest);
}

void LoginLimiter::succeeded(std::string_view key) {
    if (const auto found = entries_.find(key); found != entries_.end()) entries_.erase(found);
}

void LoginLimiter::make_room(Timestamp now) {
    if (entries_.size() < kMost) return;
    std::erase_if(entries_, [&](const auto& one) { return now - one.second.last > kLongest; });
    if (entries_.size() >= kMost)
        entries_.erase(std::ranges::min_element(entries_, {},
                                                [](const auto& one) { return one.second.last; }));
}

std::optional<std::string_view> cookie_of(std::string_view header, std::string_view name) {
    while (!header.empty()) {
        std::string_view pair = trim(take_until(header, ';'));
        if (trim(take_until(pair, '=')) == name) return trim(pair);
    }
    return std::nullopt;
}

}  // namespace kentongan::api
