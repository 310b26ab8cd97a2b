# ccache and mold are used when they are there; neither is needed.
find_program(CACHEPLANE_CCACHE ccache)
if(CACHEPLANE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CACHEPLANE_CCACHE})
endif()
find_program(CACHEPLANE_MOLD mold)
if(CACHEPLANE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# The asan and tsan presets set this. Undefined-behaviour checks stay out of generated code (proto/CMakeLists.txt),
# where they multiply its compile time by three.
set(CACHEPLANE_SANITIZE "" CACHE STRING "Value of -fsanitize for everything")
if(CACHEPLANE_SANITIZE)
  add_compile_options(-fsanitize=${CACHEPLANE_SANITIZE})
  add_link_options(-fsanitize=${CACHEPLANE_SANITIZE})
endif()
