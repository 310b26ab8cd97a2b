# Warnings are errors in our own code; generated code is compiled without them.
set(CACHEPLANE_WARNINGS
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wswitch-enum -Werror)
