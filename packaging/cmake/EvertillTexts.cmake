# evertill_embed_texts(TARGET DIR EXTENSION HEADER FUNCTION)
#   Compiles the text files of DIR into TARGET, so that a program has them also without its assets. FUNCTION is the full
#   name and is declared in HEADER (see EmbedTexts.cmake).
set(EVERTILL_TEXTS_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/EmbedTexts.cmake")
function(evertill_embed_texts target dir extension header function)
  file(GLOB files CONFIGURE_DEPENDS "${dir}/*.${extension}")
  string(MAKE_C_IDENTIFIER "${function}" stem)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${stem}.cpp")
  add_custom_command(OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DDIR=${dir}" "-DEXTENSION=${extension}" "-DHEADER=${header}" "-DFUNCTION=${function}"
            "-DOUTPUT=${output}" -P "${EVERTILL_TEXTS_SCRIPT}"
    DEPENDS ${files} "${EVERTILL_TEXTS_SCRIPT}"
    COMMENT "Embedding the texts of ${function}" VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()
