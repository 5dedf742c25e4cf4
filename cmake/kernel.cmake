# The kernel: C to Wasm, Wasm to native code for any processor of this kind, embedded as bytes.
find_program(TSKL_WASM_CC NAMES clang-22 REQUIRED)
set(TSKL_KERNEL_WASM ${CMAKE_BINARY_DIR}/wasm/kernel.wasm)
set(TSKL_KERNEL_NATIVE ${CMAKE_BINARY_DIR}/wasm/kernel.cwasm)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/wasm)

add_custom_command(OUTPUT ${TSKL_KERNEL_WASM}
  COMMAND ${TSKL_WASM_CC} --target=wasm32 -std=c17 -O2 -Wall -Wextra -Werror --no-wasm-opt -nostdlib
    -ffreestanding -mbulk-memory -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=4096
    -Wl,--export-memory -o ${TSKL_KERNEL_WASM} ${PROJECT_SOURCE_DIR}/wasm/kernel.c
  DEPENDS ${PROJECT_SOURCE_DIR}/wasm/kernel.c ${PROJECT_SOURCE_DIR}/wasm/kernel_layout.h
  COMMENT "kernel to Wasm" VERBATIM)

add_custom_command(OUTPUT ${TSKL_KERNEL_NATIVE}
  COMMAND tskl-precompile ${TSKL_KERNEL_WASM} ${TSKL_KERNEL_NATIVE}
  DEPENDS tskl-precompile ${TSKL_KERNEL_WASM}
  COMMENT "kernel to native code" VERBATIM)
add_custom_target(tskl_kernel DEPENDS ${TSKL_KERNEL_NATIVE})
