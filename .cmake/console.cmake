# Builds the operators' console with Node.js: sets console_folder and console_files, to be embedded.
# Without Node.js, or when its packages cannot be had, a page that says so takes its place.
option(KENTONGAN_CONSOLE "Build the console (needs Node.js and npm)" ON)
set(console ${CMAKE_SOURCE_DIR}/daemon/console)
set(console_folder ${console}/absent)
set(console_files index.html)
find_program(NODE node)
find_program(NPM npm)
if(NOT KENTONGAN_CONSOLE)
  message(STATUS "The console is left out: KENTONGAN_CONSOLE is OFF")
  return()
elseif(NOT NODE OR NOT NPM)
  message(STATUS "The console is left out: node and npm are not here; install them and configure again")
  return()
endif()

# Packages as the lock file names them; one installation serves every later build without a network.
if(NOT EXISTS ${console}/node_modules/.package-lock.json
   OR ${console}/package-lock.json IS_NEWER_THAN ${console}/node_modules/.package-lock.json)
  execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --prefer-offline
                  WORKING_DIRECTORY ${console} RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE why)
  if(failed)
    message(WARNING "The console is left out: npm ci failed: ${why}")
    return()
  endif()
  file(TOUCH ${console}/node_modules/.package-lock.json)
endif()

set(console_folder ${CMAKE_CURRENT_BINARY_DIR}/console)
set(console_files "")
foreach(file index.html console.js console.css icon.svg)
  list(APPEND console_files ${file} ${file}.gz ${file}.br)
endforeach()
file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${console}/src/*)
list(TRANSFORM console_files PREPEND ${console_folder}/ OUTPUT_VARIABLE outputs)
add_custom_command(OUTPUT ${outputs} COMMAND ${NODE} ${console}/build.mjs ${console_folder}
                   DEPENDS ${sources} ${console}/build.mjs ${console}/package-lock.json VERBATIM)
