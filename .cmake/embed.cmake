# Turns a page's files into a .cpp: kentongan_embed(TARGET HEADER NAMESPACE FOLDER FILES...), where
# HEADER declares NAMESPACE::files(). The same file is the script that the build runs:
# cmake -DOUTPUT=… -DFOLDER=… -DHEADER=… -DNAMESPACE=… -DFILES=a,b -P embed.cmake
function(kentongan_embed target header namespace folder)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_files.cpp)
  list(TRANSFORM ARGN PREPEND ${folder}/ OUTPUT_VARIABLE inputs)
  string(REPLACE ";" "," files "${ARGN}")
  set(script ${CMAKE_SOURCE_DIR}/.cmake/embed.cmake)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFOLDER=${folder} -DHEADER=${header}
            -DNAMESPACE=${namespace} -DFILES=${files} -P ${script}
    DEPENDS ${inputs} ${script} VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE)
  return()
endif()

set(types_html "text/html; charset=utf-8")
set(types_js "text/javascript; charset=utf-8")
set(types_css "text/css; charset=utf-8")
set(types_svg "image/svg+xml")
set(arrays "")
set(table "")
string(REPLACE "," ";" FILES "${FILES}")
foreach(file ${FILES})
  file(READ ${FOLDER}/${file} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(MAKE_C_IDENTIFIER ${file} name)
  string(REGEX REPLACE "\\.(gz|br)$" "" plain ${file}) # compressed, it is still of its type
  string(REGEX REPLACE ".*\\." "" extension ${plain})
  string(APPEND arrays "const unsigned char ${name}[] = {${bytes}0};\n")
  string(APPEND table "    File{\"${file}\", \"${types_${extension}}\", text(${name})},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made by .cmake/embed.cmake.
#include \"${HEADER}\"

#include <array>

namespace ${NAMESPACE} {
namespace {
${arrays}
template <std::size_t N>
std::string_view text(const unsigned char (&bytes)[N]) {
    return {reinterpret_cast<const char*>(bytes), N - 1};
}
}  // namespace

std::span<const File> files() {
    static const std::array kFiles{
${table}    };
    return kFiles;
}
}  // namespace ${NAMESPACE}
")
