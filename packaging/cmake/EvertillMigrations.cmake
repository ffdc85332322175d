# evertill_embed_migrations(TARGET DIR FUNCTION)
#   Compiles the numbered .sql files of DIR into TARGET as `std::span<const sqlite::Migration> FUNCTION()`; FUNCTION is the
#   full name, e.g. evertill::store::TillMigrations, and is declared by hand in a header. A wrong name, a gap in the
#   numbers or a missing head line breaks the build. TARGET must link evertill_sqlite.
set(EVERTILL_MIGRATIONS_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/EmbedMigrations.cmake")
function(evertill_embed_migrations target dir function)
  file(GLOB files CONFIGURE_DEPENDS "${dir}/*.sql")
  string(MAKE_C_IDENTIFIER "${function}" stem)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${stem}.cpp")
  add_custom_command(OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DDIR=${dir}" "-DFUNCTION=${function}" "-DOUTPUT=${output}"
            -P "${EVERTILL_MIGRATIONS_SCRIPT}"
    DEPENDS ${files} "${EVERTILL_MIGRATIONS_SCRIPT}"
    COMMENT "Embedding migrations of ${function}" VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()
