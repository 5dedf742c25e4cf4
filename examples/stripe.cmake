# The Stripe Pack in LANG: examples/stripe-LANG built by `taskless pack build`, as its author would, into
# ${CMAKE_BINARY_DIR}/examples/stripe-LANG, and the test examples-stripe-LANG. The cases are those of
# packs/stripe, for all languages. docs/internals/kits.md.

# tskl_example(LANG [BUILT] [WORK DIR] [DEPENDS file-or-target...]): BUILT where something else builds the
# folder; WORK for what lies between, where that is worth keeping.
function(tskl_example lang)
  cmake_parse_arguments(PARSE_ARGV 1 example "BUILT" "WORK" "DEPENDS")
  set(from ${PROJECT_SOURCE_DIR}/examples/stripe-${lang})
  set(to ${CMAKE_BINARY_DIR}/examples/stripe-${lang})
  if(NOT example_BUILT)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${from}/*)
    list(FILTER sources EXCLUDE REGEX "/(build|target|node_modules|cases)/")
    file(MAKE_DIRECTORY ${to})
    if(NOT example_WORK)
      set(example_WORK ${to}/build)
    endif()
    add_custom_command(OUTPUT ${to}/pack.wasm ${to}/manifest.json
      COMMAND ${CMAKE_COMMAND} -E copy ${from}/manifest.json ${to}/manifest.json
      COMMAND ${CMAKE_COMMAND} -E env --modify PATH=path_list_prepend:${TSKL_NPM}
              --modify PATH=path_list_prepend:${TSKL_TINYGO} --
              $<TARGET_FILE:taskless-cli> pack build ${from} --work ${example_WORK} --out ${to}/pack.wasm
      DEPENDS taskless-cli kits npm-tools ${sources} ${example_DEPENDS}
      COMMENT "Building the Stripe Pack in ${lang}" VERBATIM)
    add_custom_target(example-stripe-${lang} ALL DEPENDS ${to}/pack.wasm)
    set_target_properties(example-stripe-${lang} PROPERTIES TSKL_SOURCES "${sources};${example_DEPENDS}")
  endif()
  add_test(NAME examples-stripe-${lang}
    COMMAND ${PROJECT_SOURCE_DIR}/examples/check.sh $<TARGET_FILE:taskless-cli>
            ${PROJECT_SOURCE_DIR}/pdk/${lang}/kit.json ${PROJECT_SOURCE_DIR}/packs/stripe/cases ${to})
endfunction()

# The same Pack on the engine that all Packs of its kind share: build/examples/stripe-LANG-engine.
function(tskl_example_on_engine lang engine)
  set(from ${PROJECT_SOURCE_DIR}/examples/stripe-${lang})
  set(to ${CMAKE_BINARY_DIR}/examples/stripe-${lang}-engine)
  get_target_property(sources example-stripe-${lang} TSKL_SOURCES)
  add_custom_command(OUTPUT ${to}/pack.wasm
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${from} ${to}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${to}/manifest.json
    COMMAND ${PROJECT_SOURCE_DIR}/pdk/script/name-engine.sh ${from}/manifest.json ${engine} ${to}/manifest.json
    COMMAND ${CMAKE_COMMAND} -E env --modify PATH=path_list_prepend:${TSKL_NPM} --
            $<TARGET_FILE:taskless-cli> pack build ${to}
    DEPENDS taskless-cli kits npm-tools ${sources} ${engine}
    COMMENT "Building the Stripe Pack in ${lang}, on the shared engine" VERBATIM)
  add_custom_target(example-stripe-${lang}-engine ALL DEPENDS ${to}/pack.wasm)
  add_test(NAME examples-stripe-${lang}-engine
    COMMAND ${PROJECT_SOURCE_DIR}/examples/check.sh $<TARGET_FILE:taskless-cli>
            ${PROJECT_SOURCE_DIR}/pdk/${lang}/kit.json ${PROJECT_SOURCE_DIR}/packs/stripe/cases ${to} 5)
endfunction()
