#pragma once
// A recorded capture as a stream of bytes, whether it is compressed or not.
#include <cstdio>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"

namespace kentongan::packet {

/// "-" is standard input. gzip and Zstandard are known by their first byte and decompressed as they
/// are read, with a fixed amount of memory; a read fails where the compressed data are damaged or
/// break off. The caller closes it, unless it is stdin itself. no_input: cannot be opened.
[[nodiscard]] Result<std::FILE*> open_input(const std::string& path);

/// The files that a path stands for: itself or, of a folder, its files in the order of their names,
/// hidden ones left out. no_input: a folder that cannot be read or holds none.
[[nodiscard]] Result<std::vector<std::string>> input_files(const std::string& path);

}  // namespace kentongan::packet
