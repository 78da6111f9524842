# Every library from outside, each from Debian 12's packages (.ci/packages lists them), as one
# imported target each. All are system headers: our warnings do not apply to them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(OpenSSL REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED CONFIG)
pkg_check_modules(pcap REQUIRED IMPORTED_TARGET libpcap)
pkg_check_modules(yara REQUIRED IMPORTED_TARGET yara)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(pcre2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(systemd REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(htp REQUIRED IMPORTED_TARGET htp)
# Its .pc file names a folder the package does not ship; /usr/include serves.
set_property(TARGET PkgConfig::htp PROPERTY INTERFACE_INCLUDE_DIRECTORIES "")

# libbroker 1.4 and CAF 0.17 ship neither a CMake config nor a .pc file.
find_path(BROKER_INCLUDE broker/broker.hh REQUIRED)
find_path(CAF_INCLUDE caf/all.hpp REQUIRED)
find_library(BROKER_LIBRARY broker REQUIRED)
find_library(CAF_CORE_LIBRARY caf_core REQUIRED)
add_library(broker INTERFACE IMPORTED)
target_include_directories(broker SYSTEM INTERFACE ${BROKER_INCLUDE} ${CAF_INCLUDE})
target_link_libraries(broker INTERFACE ${BROKER_LIBRARY} ${CAF_CORE_LIBRARY} Threads::Threads)
