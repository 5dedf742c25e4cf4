# make install: library, program, headers, clients, Packs, man pages, and what pkg-config reads.
install(TARGETS taskless LIBRARY DESTINATION lib)
install(TARGETS taskless-cli RUNTIME DESTINATION bin)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/taskless DESTINATION include FILES_MATCHING PATTERN "*.h")
install(DIRECTORY ${CMAKE_BINARY_DIR}/lib/taskless/ DESTINATION lib/taskless PATTERN "__pycache__" EXCLUDE)
install(DIRECTORY ${CMAKE_BINARY_DIR}/packs/ DESTINATION share/taskless/packs
  FILES_MATCHING PATTERN "manifest.json" PATTERN "config.json" PATTERN "pack.wasm"
  PATTERN "CMakeFiles" EXCLUDE)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/pdk/c/kit/ DESTINATION share/taskless/pdk/c)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/man/ DESTINATION share/man/man1 FILES_MATCHING PATTERN "*.1")
install(FILES ${CMAKE_BINARY_DIR}/completion/taskless.bash
  DESTINATION share/bash-completion/completions RENAME taskless)
install(FILES ${CMAKE_BINARY_DIR}/completion/taskless.zsh
  DESTINATION share/zsh/site-functions RENAME _taskless)
install(FILES ${CMAKE_BINARY_DIR}/completion/taskless.fish DESTINATION share/fish/vendor_completions.d)

configure_file(${PROJECT_SOURCE_DIR}/cmake/taskless.pc.in ${CMAKE_BINARY_DIR}/taskless.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/taskless.pc DESTINATION lib/pkgconfig)
