# cacheplane_embed_migrations(OUTPUT FILES…): C++ source with each file's number, name and text. A file's number is
# its name's first part: 0001_initial.sql.
function(cacheplane_embed_migrations output)
  set(rows "")
  foreach(file ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} NAME_WE)
    string(REGEX REPLACE "^0*([0-9]+)_.*$" "\\1" number ${name})
    file(READ ${file} text)
    string(APPEND rows "      {${number}, \"${name}\", R\"sql(${text})sql\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT "// Generated from the files in controlplane/store/migrations.
#include \"controlplane/store/migrations/migrations.h\"

namespace cacheplane::store {

const std::vector<Migration>& SqliteMigrations() {
  static const std::vector<Migration> migrations = {
@rows@  };
  return migrations;
}

}  // namespace cacheplane::store
")
endfunction()
