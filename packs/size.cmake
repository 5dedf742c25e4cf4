# size: fails when FILE is over MAX_BYTES, and removes it so that it is not taken for built.
file(SIZE ${FILE} bytes)
if(bytes GREATER MAX_BYTES)
  file(REMOVE ${FILE})
  message(FATAL_ERROR "${FILE} has ${bytes} bytes; ${MAX_BYTES} are allowed")
endif()
