# cmake -DDIR=… -DEXTENSION=toml -DHEADER=app/x.h -DFUNCTION=evertill::presenters::Names -DOUTPUT=….cpp -P EmbedTexts.cmake
#   Turns DIR/name.toml, … into one C++ function that returns each file's name (without extension) and text.
#   HEADER declares it: std::span<const std::pair<std::string_view, std::string_view>> FUNCTION().
file(GLOB files RELATIVE "${DIR}" "${DIR}/*.${EXTENSION}")
list(SORT files)
string(REGEX REPLACE "::[^:]*$" "" namespace "${FUNCTION}")
string(REGEX REPLACE "^.*::" "" name "${FUNCTION}")
set(rows "")
foreach(file IN LISTS files)
  cmake_path(GET file STEM stem)
  file(READ "${DIR}/${file}" text)
  string(APPEND rows "    {\"${stem}\", R\"embedded(${text})embedded\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made from ${DIR}. Change the files there, not this.
#include \"${HEADER}\"

namespace ${namespace} {
namespace {
constexpr std::pair<std::string_view, std::string_view> kTexts[] = {
${rows}};
}  // namespace

std::span<const std::pair<std::string_view, std::string_view>> ${name}() { return kTexts; }

}  // namespace ${namespace}
")
