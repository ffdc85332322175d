# How Evertill is compiled: one place for flags, so that every target is built alike.
option(EVERTILL_BUILD_TESTS "Build the tests, benches and the hooks they need (EVERTILL_TEST_CLOCK, EVERTILL_TEST_SEED)" OFF)
option(EVERTILL_WERROR "Warnings are errors (dev and CI)" OFF)
set(EVERTILL_SANITIZE "" CACHE STRING "Sanitizers for every target, e.g. address,undefined")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
# -O2, not -O3: GCC 12 warns falsely at -O3, and nothing here gains from it.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${CCACHE_PROGRAM}")
endif()

# Everything each Evertill target is compiled with.
add_library(evertill_flags INTERFACE)
target_compile_options(evertill_flags INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wsuggest-override -Wduplicated-cond -Wlogical-op
  -fno-omit-frame-pointer -fstack-protector-strong -fpch-preprocess)
target_include_directories(evertill_flags INTERFACE "${PROJECT_SOURCE_DIR}")
if(EVERTILL_WERROR)
  target_compile_options(evertill_flags INTERFACE -Werror)
endif()
if(EVERTILL_BUILD_TESTS)
  target_compile_definitions(evertill_flags INTERFACE EVERTILL_TEST_HOOKS=1)
endif()
if(EVERTILL_SANITIZE)
  # GCC 12 sees uninitialized values in instrumented standard-library code that are none.
  target_compile_options(evertill_flags INTERFACE -fsanitize=${EVERTILL_SANITIZE} -fno-sanitize-recover=all
    -Wno-maybe-uninitialized)
  target_link_options(evertill_flags INTERFACE -fsanitize=${EVERTILL_SANITIZE})
endif()
