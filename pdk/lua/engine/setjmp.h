// Lua includes this and, as config.h has it, uses nothing of it.
