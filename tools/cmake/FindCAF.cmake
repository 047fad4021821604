# Finds the C++ Actor Framework, whose Debian package has neither a CMake package nor a pkg-config file.
#   find_package(CAF [version] [COMPONENTS core io openssl])
# Imported targets CAF::core, CAF::io, CAF::openssl; CAF_VERSION. Without COMPONENTS: core.
include(FindPackageHandleStandardArgs)

if(NOT CAF_FIND_COMPONENTS)
  set(CAF_FIND_COMPONENTS core)
endif()
find_path(CAF_INCLUDE_DIR NAMES caf/all.hpp)
mark_as_advanced(CAF_INCLUDE_DIR)

if(CAF_INCLUDE_DIR)
  # One number, major * 10000 + minor * 100 + patch.
  file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" CAF_VERSION REGEX "^#define CAF_VERSION [0-9]+")
  string(REGEX REPLACE "[^0-9]" "" CAF_VERSION "${CAF_VERSION}")
  if(CAF_VERSION)
    math(EXPR _CAF_major "${CAF_VERSION} / 10000")
    math(EXPR _CAF_minor "${CAF_VERSION} / 100 % 100")
    math(EXPR _CAF_patch "${CAF_VERSION} % 100")
    set(CAF_VERSION "${_CAF_major}.${_CAF_minor}.${_CAF_patch}")
  endif()
endif()

set(_CAF_libraries)
foreach(_CAF_component IN LISTS CAF_FIND_COMPONENTS)
  find_library(CAF_${_CAF_component}_LIBRARY NAMES caf_${_CAF_component})
  mark_as_advanced(CAF_${_CAF_component}_LIBRARY)
  list(APPEND _CAF_libraries CAF_${_CAF_component}_LIBRARY)
  if(CAF_${_CAF_component}_LIBRARY)
    set(CAF_${_CAF_component}_FOUND TRUE)
  endif()
endforeach()

find_package_handle_standard_args(CAF
  REQUIRED_VARS CAF_INCLUDE_DIR ${_CAF_libraries} VERSION_VAR CAF_VERSION HANDLE_COMPONENTS
  REASON_FAILURE_MESSAGE "on Debian: apt-get install libcaf-dev")

if(CAF_FOUND)
  find_package(Threads REQUIRED)
  foreach(_CAF_component IN LISTS CAF_FIND_COMPONENTS)
    if(NOT TARGET CAF::${_CAF_component})
      add_library(CAF::${_CAF_component} UNKNOWN IMPORTED)
      set_target_properties(CAF::${_CAF_component} PROPERTIES
        IMPORTED_LOCATION "${CAF_${_CAF_component}_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}"
        INTERFACE_LINK_LIBRARIES Threads::Threads)
    endif()
  endforeach()
  foreach(_CAF_component IN ITEMS io openssl)
    if(TARGET CAF::${_CAF_component} AND TARGET CAF::core)
      set_property(TARGET CAF::${_CAF_component} APPEND PROPERTY INTERFACE_LINK_LIBRARIES CAF::core)
    endif()
  endforeach()
endif()
