#include "collectors/packet/file/file_store.hpp"

#include <boost/asio/post.hpp>
#include <deque>
#include <mutex>
#include <string>
#include <utility>

#include "daemon/base/logging.hpp"

namespace kentongan::packet {

namespace {

struct Waiting {
    std::string sha256;
    std::string content;
};

}  // namespace

/// What lanes and scan threads share; it outlives the store while files are being written.
struct FileStore::Shared {
    Shared(FileArchive::Options options, Metrics& metrics, std::string_view source)
        : archive(std::move(options)),
          name(source),
          stored(metrics.wire_files.with({"stored"})),
          shed(metrics.wire_files.with({"not_stored"})),
          bytes(metrics.wire_files_stored_bytes.with()) {}

    /// One scan thread at a time.
    void write_all() {
        for (;;) {
            Waiting file;
            {
                const std::scoped_lock lock(mutex);
                if (waiting.empty()) {
                    writing = false;
                    return;
                }
                file = std::move(waiting.front());
                waiting.pop_front();
            }
            write(file);
            const std::scoped_lock lock(mutex);
            waiting_bytes -= file.content.size();
        }
    }

    void write(const Waiting& file) {
        const std::uint64_t before = archive.bytes();
        const auto put = archive.put(file.sha256, file.content);
        bytes.add(static_cast<double>(archive.bytes()) - static_cast<double>(before));
        if (!put || *put == FileArchive::Kept::too_large) shed.add();
        if (put && *put == FileArchive::Kept::stored) stored.add();
        if (const bool failing = !put; failing != std::exchange(failed_last, failing))
            failing ? logging::warning("files from the wire are not kept: " + put.error().message)
                    : logging::info("files from the wire are kept again");
    }

    std::mutex mutex;
    std::deque<Waiting> waiting;
    std::size_t waiting_bytes = 0;
    bool writing = false;

    FileArchive archive;  // and what follows: of the thread that writes
    std::string name;
    Counter stored;
    Counter shed;
    Gauge bytes;
    bool failed_last = false;
};

FileStore::FileStore(FileArchive::Options options, boost::asio::any_io_executor scan,
                     Metrics& metrics, std::string_view source)
    : scan_(std::move(scan)),
      shared_(std::make_shared<Shared>(std::move(options), metrics, source)) {}

FileStore::~FileStore() = default;

void FileStore::offer(std::string_view sha256, std::string_view content) {
    bool start = false;
    {
        const std::scoped_lock lock(shared_->mutex);
        if (shared_->waiting_bytes + content.size() > kWaitingBytes) return shared_->shed.add();
        shared_->waiting.push_back({std::string(sha256), std::string(content)});
        shared_->waiting_bytes += content.size();
        start = !std::exchange(shared_->writing, true);
    }
    if (start) boost::asio::post(scan_, [shared = shared_] { shared->write_all(); });
}

}  // namespace kentongan::packet
