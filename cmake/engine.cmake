# The two builds of Wasmtime's C API, made by scripts/engine.sh and kept outside the checkout.
if(NOT EXISTS ${TSKL_ENGINE_DIR}/runtime.a)
  message(FATAL_ERROR "no engine in '${TSKL_ENGINE_DIR}': run make, or scripts/engine.sh and -DTSKL_ENGINE_DIR=...")
endif()
foreach(kind runtime compiler)
  add_library(tskl_engine_${kind} STATIC IMPORTED)
  set_target_properties(tskl_engine_${kind} PROPERTIES
    IMPORTED_LOCATION ${TSKL_ENGINE_DIR}/${kind}.a
    INTERFACE_INCLUDE_DIRECTORIES ${TSKL_ENGINE_DIR}/include-${kind}
    INTERFACE_LINK_LIBRARIES "m;pthread;dl")
endforeach()
