# cmake -DDIR=… -DFUNCTION=evertill::store::TillMigrations -DOUTPUT=….cpp -P EmbedMigrations.cmake
#   Turns DIR/0001_name.sql, 0002_name.sql, … into one C++ function that returns them in order.
#   The first lines of each file say "-- description: …" and "-- min_compatible: N".
file(GLOB files RELATIVE "${DIR}" "${DIR}/*.sql")
list(SORT files)
string(REGEX REPLACE "::[^:]*$" "" namespace "${FUNCTION}")
string(REGEX REPLACE "^.*::" "" name "${FUNCTION}")
set(rows "")
set(expected 0)
foreach(file IN LISTS files)
  math(EXPR expected "${expected} + 1")
  if(NOT file MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)\\.sql$")
    message(FATAL_ERROR "${DIR}/${file}: a migration is named 0001_words_in_lower_case.sql")
  endif()
  string(REGEX REPLACE "^0+" "" number "${CMAKE_MATCH_1}")
  if(NOT number EQUAL expected)
    message(FATAL_ERROR "${DIR}/${file}: number ${expected} is missing")
  endif()
  file(READ "${DIR}/${file}" text)
  if(NOT text MATCHES "-- description: ([^\n\"\\]+)\n")
    message(FATAL_ERROR "${DIR}/${file}: no '-- description: …' line")
  endif()
  set(description "${CMAKE_MATCH_1}")
  if(NOT text MATCHES "-- min_compatible: ([0-9]+)\n")
    message(FATAL_ERROR "${DIR}/${file}: no '-- min_compatible: N' line")
  endif()
  string(APPEND rows "    {${number}, ${CMAKE_MATCH_1}, \"${description}\", R\"migration(${text})migration\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made from the .sql files of this library's migrations folder. Change those, not this.
#include <span>

#include \"app/sqlite/migrator.h\"

namespace ${namespace} {

std::span<const evertill::sqlite::Migration> ${name}();

namespace {
constexpr evertill::sqlite::Migration kMigrations[] = {
${rows}};
}  // namespace

std::span<const evertill::sqlite::Migration> ${name}() { return kMigrations; }

}  // namespace ${namespace}
")
