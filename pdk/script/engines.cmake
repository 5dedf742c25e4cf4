# What the kits of script languages have ready, built once by scripts/kit-engines.sh and kept outside
# the checkout.
set(script ${PROJECT_SOURCE_DIR}/pdk/script)
set(kit_engines ${PROJECT_SOURCE_DIR}/scripts/kit-engines.sh)
file(GLOB script_files CONFIGURE_DEPENDS ${script}/*.* ${script}/tools/*)

# The programs of npm: ${TSKL_NPM}/esbuild and others.
set(tools ${CMAKE_BINARY_DIR}/kit-tools)
set(TSKL_NPM ${tools}/node_modules/.bin CACHE INTERNAL "Programs of npm")
add_custom_command(OUTPUT ${tools}/installed
  COMMAND ${kit_engines} npm ${tools}/node_modules
  COMMAND ${CMAKE_COMMAND} -E touch ${tools}/installed
  DEPENDS ${script}/package.json ${script}/package-lock.json ${kit_engines} VERBATIM)
add_custom_target(npm-tools ALL DEPENDS ${tools}/installed)

# tskl_engine(LANG FILE.wasm...): built into ${CMAKE_BINARY_DIR}/engines/LANG.
function(tskl_engine lang)
  set(to ${CMAKE_BINARY_DIR}/engines/${lang})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/pdk/${lang}/engine/*)
  list(TRANSFORM ARGN PREPEND ${to}/ OUTPUT_VARIABLE made)
  add_custom_command(OUTPUT ${made}
    COMMAND ${kit_engines} ${lang} ${to}
    COMMAND ${CMAKE_COMMAND} -E touch ${made}
    DEPENDS ${script_files} ${sources} ${kit_engines} VERBATIM)
endfunction()

# A kit whose template for a Pack on the shared engine names the engine as it was built here.
function(tskl_engine_template lang engine)
  set(from ${PROJECT_SOURCE_DIR}/pdk/${lang}/template/manifest.json)
  set(to ${CMAKE_BINARY_DIR}/lib/taskless/kits/${lang}/template-engine/manifest.json)
  add_custom_command(OUTPUT ${to}
    COMMAND ${script}/name-engine.sh ${from} ${engine} ${to}
    DEPENDS ${from} ${engine} ${script}/name-engine.sh VERBATIM)
  add_custom_target(kit-${lang}-template DEPENDS ${to})
  add_dependencies(kit-${lang} kit-${lang}-template)
endfunction()
