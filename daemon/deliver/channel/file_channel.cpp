#include "daemon/deliver/channel/file_channel.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <filesystem>

#include "daemon/base/file.hpp"

namespace kentongan {

/// Used on the blocking executor by one delivery at a time.
struct FileChannel::Impl {
    asio::any_io_executor blocking;
    FileSettings settings;
    const Clock& clock;
    FileDescriptor file{};
    bool is_pipe = false;
    bool torn = false;  // the last line may not have ended
    std::uint64_t size = 0;
    std::atomic<bool> reopen = false;

    Result<> open();
    Result<> put_by();
    Result<> write_all(std::string_view bytes);
    Result<> write(const std::string& line);
    Result<> sync_folder() const;
};

FileChannel::FileChannel(asio::any_io_executor blocking, FileSettings settings, const Clock& clock)
    : impl_(std::make_shared<Impl>(std::move(blocking), std::move(settings), clock)) {
    std::signal(SIGPIPE, SIG_IGN);  // a pipe whose reader left is an error of write()
}
FileChannel::~FileChannel() = default;

Result<DeliveryChannel::Swap> FileChannel::reread() {
    return [impl = impl_] { impl->reopen = true; };
}

Result<> FileChannel::Impl::open() {
    FileDescriptor opened{
        ::open(settings.path.c_str(),
               O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0640)};
    if (!opened && errno == ENXIO)
        return fail(ErrorCode::unavailable, "{}: nobody reads the pipe", settings.path);
    if (!opened) return fail_errno("open", settings.path, errno);
    struct stat status{};
    if (::fstat(opened.value(), &status) != 0) return fail_errno("stat", settings.path, errno);
    is_pipe = S_ISFIFO(status.st_mode);
    if (!is_pipe && !S_ISREG(status.st_mode))
        return fail(ErrorCode::config, "{} is neither a file nor a pipe", settings.path);
    size = is_pipe ? 0 : static_cast<std::uint64_t>(status.st_size);
    torn = false;
    if (size > 0) {  // a crash may have left half a line
        const FileDescriptor reading{::open(settings.path.c_str(), O_RDONLY | O_CLOEXEC)};
        char last = '\n';
        if (!reading || ::pread(reading.value(), &last, 1, status.st_size - 1) != 1)
            return fail_errno("read", settings.path, errno);
        torn = last != '\n';
    }
    file = std::move(opened);
    reopen = false;
    return is_pipe ? Result<>{} : sync_folder();
}

Result<> FileChannel::Impl::sync_folder() const {
    auto folder = std::filesystem::path(settings.path).parent_path();
    if (folder.empty()) folder = ".";
    const FileDescriptor opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!opened || ::fsync(opened.value()) != 0) return fail_errno("sync", folder.native(), errno);
    return {};
}

Result<> FileChannel::Impl::put_by() {
    std::string stamp = to_rfc3339(clock.now()).substr(0, 19) + "Z";
    std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
    std::string name = settings.path + "." + stamp;
    for (int i = 1; std::filesystem::exists(name) && i < 10'000; ++i)
        name = fmt::format("{}.{}.{}", settings.path, stamp, i);
    if (::rename(settings.path.c_str(), name.c_str()) != 0)
        return fail_errno("rename", settings.path, errno);
    return open();
}

Result<> FileChannel::Impl::write_all(std::string_view bytes) {
    const auto until = std::chrono::steady_clock::now() + settings.timeout;
    while (!bytes.empty()) {
        const auto written = ::write(file.value(), bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
            torn = !bytes.empty();
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return fail_errno("write", settings.path, errno);
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            until - std::chrono::steady_clock::now());
        pollfd ready{.fd = file.value(), .events = POLLOUT, .revents = 0};
        if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0)
            return fail(ErrorCode::unavailable, "{}: its reader does not read", settings.path);
    }
    return {};
}

Result<> FileChannel::Impl::write(const std::string& line) {
    if (!file || reopen)
        if (auto opened = open(); !opened) return opened;
    if (!is_pipe && size > 0 && size + line.size() > settings.rotate_bytes)
        if (auto done = put_by(); !done) return done;
    const std::string bytes = (torn ? "\n" : "") + line + "\n";
    auto done = write_all(bytes);
    if (done && !is_pipe && ::fdatasync(file.value()) != 0)
        done = fail_errno("sync", settings.path, errno);
    if (done) {
        size += bytes.size();
        return done;
    }
    if (!is_pipe || !torn) file = {};  // looked at anew before the next attempt
    return done;
}

Task<Result<Receipt>> FileChannel::deliver(Delivery message) {
    std::string line = message.body;
    std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    auto work = [impl = impl_, line = std::move(line)] { return impl->write(line); };
    const auto written = co_await run_on(impl_->blocking, work);
    if (!written) co_return std::unexpected(written.error());
    co_return Receipt{.status = 200,
                      .body = impl_->is_pipe ? "written into the pipe" : "on the disk",
                      .retry_after = std::nullopt};
}

}  // namespace kentongan
