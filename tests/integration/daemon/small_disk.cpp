#include "tests/integration/daemon/small_disk.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>

#include "daemon/base/file.hpp"

namespace kentongan {

SmallDisk::SmallDisk(int mebibytes) {
    const auto size = "size=" + std::to_string(mebibytes) + "m";
    mounted_ = ::mount("tmpfs", path().c_str(), "tmpfs", 0, size.c_str()) == 0;
}

SmallDisk::~SmallDisk() {
    if (mounted_) ::umount2(path().c_str(), MNT_DETACH);
}

void SmallDisk::fill() const {
    const FileDescriptor filler{
        ::open((path() + "/filler").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
    std::string block(65536, '\0');
    while (!block.empty())
        if (::write(filler.value(), block.data(), block.size()) <= 0)
            block.resize(block.size() / 2);
}

void SmallDisk::free() const { std::filesystem::remove(path() + "/filler"); }

}  // namespace kentongan
