# The flags of all our C: warnings are errors, nothing is exported unless it says so.
add_library(tskl_flags INTERFACE)
target_compile_definitions(tskl_flags INTERFACE _GNU_SOURCE TSKL_VERSION="${TSKL_VERSION}")
target_compile_options(tskl_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
  -fvisibility=hidden -ffunction-sections -fdata-sections -fstack-protector-strong
  -fno-strict-aliasing)
target_include_directories(tskl_flags INTERFACE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
# All symbols are found when a file is loaded, or it is not: a client beside another version's library
# would otherwise end the program at the first call that it does not find.
add_link_options(-Wl,-z,now)
if(TSKL_SANITIZE)
  target_compile_options(tskl_flags INTERFACE
    -fsanitize=${TSKL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(tskl_flags INTERFACE -fsanitize=${TSKL_SANITIZE})
endif()
