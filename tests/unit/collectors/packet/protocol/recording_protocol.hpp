#pragma once
// A protocol sink that remembers what a dissector told, and ways to cut a conversation into pieces.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "collectors/packet/stream/dissector.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::packet {

class RecordingProtocol final : public ProtocolSink {
  public:
    struct File {
        Side from{};
        std::string name;
        std::string mime_type;
        std::string source;
        std::string content;
        bool ended = false;
        bool whole = false;
    };

    Event& begin(EventKind kind, std::string_view category, Side client,
                 const Moment& at) override {
        EXPECT_FALSE(open_) << "an event was begun before the last was told";
        open_ = true;
        event_.clear();
        event_.kind = kind;
        event_.time = at.time;
        event_.logsource.category = category;
        event_.origin = {"test", at.packet};
        event_.set(Field::source_port, client == Side::originator ? 40000 : 1);
        return event_;
    }
    void emit() override {
        EXPECT_TRUE(open_);
        open_ = false;
        (event_.kind == EventKind::auth ? logins : events).push_back(event_);
        log += to_json(event_) + "\n";
    }
    void begin_file(Side from, const FileFacts& facts, const Moment&) override {
        files.push_back({from,
                         std::string(facts.name),
                         std::string(facts.mime_type),
                         std::string(facts.source),
                         {}});
        log += "file " + files.back().name + "\n";
    }
    void file_bytes(Side from, Bytes data) override {
        ASSERT_FALSE(files.empty());
        EXPECT_EQ(files.back().from, from);
        EXPECT_FALSE(files.back().ended);
        files.back().content += as_text(data);
    }
    void end_file(Side, bool whole, const Moment&) override {
        ASSERT_FALSE(files.empty());
        EXPECT_FALSE(files.back().ended);
        files.back().ended = true;
        files.back().whole = whole;
        log += "end " + files.back().content + (whole ? " whole\n" : " cut\n");
    }

    void evicted(Table table) override { ++evictions[static_cast<std::size_t>(table)]; }

    std::vector<Event> events;
    std::vector<Event> logins;  ///< the auth events, which are told beside the others
    std::vector<File> files;
    std::array<int, kTables> evictions{};
    std::string log;

  private:
    Event event_;
    bool open_ = false;
};

/// What one end sent in one segment.
struct Said {
    Side from{};
    std::string bytes;
};
inline Said client_said(std::string_view bytes) { return {Side::originator, std::string(bytes)}; }
inline Said server_said(std::string_view bytes) { return {Side::responder, std::string(bytes)}; }

inline const Timestamp kTalkStart = *parse_rfc3339("2024-11-27T06:00:00Z");

/// A conversation through a dissector, each segment in pieces of at most `piece` bytes.
struct Talk {
    explicit Talk(std::unique_ptr<Dissector> made) : dissector(std::move(made)) {}

    Talk& play(const std::vector<Said>& script, std::size_t piece = SIZE_MAX) {
        for (const Said& said : script) {
            ++at.packet;
            at.time += std::chrono::milliseconds{1};
            std::string_view rest = said.bytes;
            while (!rest.empty() && outcome == Dissector::Outcome::more) {
                // Exact copies, so that a sanitizer sees a read past the end.
                const std::string part(rest.substr(0, piece));
                outcome = dissector->bytes(said.from, as_bytes(part), at, sink);
                most_held = std::max(most_held, dissector->held_bytes());
                rest.remove_prefix(part.size());
            }
        }
        return *this;
    }
    Talk& end() {
        dissector->end(at, sink);
        return *this;
    }
    [[nodiscard]] const std::vector<Event>& events() const { return sink.events; }
    /// "failure ani, success ani": the auth events.
    [[nodiscard]] std::string logins() const {
        std::string out;
        for (const Event& event : sink.logins)
            out += (out.empty() ? "" : ", ") + std::string(event.text(Field::event_outcome)) + ' ' +
                   std::string(event.text(Field::user_name));
        return out;
    }

    std::unique_ptr<Dissector> dissector;
    RecordingProtocol sink;
    Moment at{kTalkStart, 0};
    Dissector::Outcome outcome = Dissector::Outcome::more;
    std::size_t most_held = 0;
};

using MakeDissector = std::function<std::unique_ptr<Dissector>()>;

/// The same events whatever the pieces: whole segments, single bytes, and cut once at each place.
inline void expect_the_same_however_cut(const MakeDissector& make,
                                        const std::vector<Said>& script) {
    const std::string whole = Talk(make()).play(script).end().sink.log;
    EXPECT_FALSE(whole.empty());
    for (const std::size_t piece : {1u, 2u, 3u, 5u, 7u, 16u, 61u})
        EXPECT_EQ(Talk(make()).play(script, piece).end().sink.log, whole) << piece;
    for (std::size_t s = 0; s < script.size(); ++s) {
        const std::size_t size = script[s].bytes.size();
        for (std::size_t cut = 1; cut < size; cut += 1 + size / 64) {
            Talk talk(make());
            for (std::size_t i = 0; i < script.size(); ++i) {
                if (i == s) {
                    talk.play({{script[i].from, script[i].bytes.substr(0, cut)}});
                    --talk.at.packet;
                    talk.at.time -= std::chrono::milliseconds{1};
                    talk.play({{script[i].from, script[i].bytes.substr(cut)}});
                } else {
                    talk.play({script[i]});
                }
            }
            ASSERT_EQ(talk.end().sink.log, whole) << "segment " << s << " cut at " << cut;
        }
    }
}

/// Bytes written as hex, blanks allowed.
inline std::string from_hex(std::string_view hex) {
    std::string out;
    int digits = 0;
    unsigned value = 0;
    for (const char c : hex) {
        if (c == ' ' || c == '\n') continue;
        value = value << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
        if (++digits % 2 == 0) out += static_cast<char>(value & 0xFF);
    }
    return out;
}

/// `value` in `width` bytes, network order.
inline std::string number(std::uint64_t value, int width) {
    std::string out;
    for (int i = width - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
}
/// `text` behind its length in `width` bytes.
inline std::string sized(std::string_view text, int width) {
    return number(text.size(), width) + std::string(text);
}

}  // namespace kentongan::packet
