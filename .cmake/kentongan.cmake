# How a room is built: kentongan_library(NAME [DEPS rooms...] [LIBS targets...] [EXCLUDE folders...]
# [ASIO]). A room's sources are the .cpp files in its folder but those in EXCLUDE (programs of their
# own); ASIO rooms share one precompiled header.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()
add_link_options(-fuse-ld=lld)

add_library(kentongan_options INTERFACE)
target_include_directories(kentongan_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(kentongan_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -Xclang -fno-pch-timestamp)
target_compile_definitions(kentongan_options INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE KENTONGAN_VERSION="${PROJECT_VERSION}")
target_link_libraries(kentongan_options INTERFACE fmt::fmt Threads::Threads)
if(KENTONGAN_SANITIZE)
  target_compile_options(kentongan_options INTERFACE
    -fsanitize=${KENTONGAN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(kentongan_options INTERFACE -fsanitize=${KENTONGAN_SANITIZE})
endif()

if(KENTONGAN_FUZZ)
  target_compile_options(kentongan_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

file(WRITE ${CMAKE_BINARY_DIR}/asio_pch.cpp "")
add_library(kentongan_asio_pch STATIC ${CMAKE_BINARY_DIR}/asio_pch.cpp)
target_link_libraries(kentongan_asio_pch PUBLIC kentongan_options Boost::headers OpenSSL::SSL)
target_precompile_headers(kentongan_asio_pch PRIVATE
  <boost/asio.hpp> <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <expected> <string> <vector>
  <memory> <functional> <fmt/format.h>)

function(kentongan_target target)
  cmake_parse_arguments(arg "ASIO" "" "DEPS;LIBS;EXCLUDE" ${ARGN})
  list(TRANSFORM arg_DEPS PREPEND kentongan_)
  target_link_libraries(${target} PUBLIC kentongan_options ${arg_DEPS} ${arg_LIBS})
  if(arg_ASIO)
    target_link_libraries(${target} PUBLIC Boost::headers OpenSSL::SSL OpenSSL::Crypto)
    target_precompile_headers(${target} REUSE_FROM kentongan_asio_pch)
  endif()
endfunction()

function(kentongan_library name)
  cmake_parse_arguments(arg "ASIO" "" "DEPS;LIBS;EXCLUDE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  foreach(folder ${arg_EXCLUDE})
    list(FILTER sources EXCLUDE REGEX "^${CMAKE_CURRENT_SOURCE_DIR}/${folder}/")
  endforeach()
  if(NOT sources)
    return()
  endif()
  add_library(kentongan_${name} STATIC ${sources})
  kentongan_target(kentongan_${name} ${ARGN})
endfunction()

# A program: kentongan_program(NAME [DEPS...] [LIBS...] [ASIO]); its sources as for a library.
function(kentongan_program name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_executable(${name} ${sources})
  kentongan_target(${name} ${ARGN})
endfunction()
