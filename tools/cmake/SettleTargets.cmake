# How this project's targets are made: the folders' CMakeLists say what, this file says how.
include_guard()
include(CMakePackageConfigHelpers)

# settle_sources(VARIABLE GLOB...): the sources that match, seen anew at every build, so that adding a file needs no edit.
function(settle_sources variable)
  file(GLOB found CONFIGURE_DEPENDS LIST_DIRECTORIES false ${ARGN})
  set(${variable} ${found} PARENT_SCOPE)
endfunction()

# settle_library(settle_NAME SOURCE...): a static library, exported as settle::NAME with an export set of its own, so that
# a user of settle::graph need not have what settle::caf needs.
function(settle_library target)
  string(REPLACE "settle_" "" name ${target})
  add_library(${target} STATIC ${ARGN})
  add_library(settle::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/settle>")
  install(TARGETS ${target} EXPORT settle-${name} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  set_property(GLOBAL APPEND PROPERTY SETTLE_COMPONENTS ${name})
endfunction()

# What find_package(settle) reads, beside the libraries' headers.
function(settle_install_package)
  get_property(components GLOBAL PROPERTY SETTLE_COMPONENTS)
  set(destination "${CMAKE_INSTALL_LIBDIR}/cmake/settle")
  foreach(component IN LISTS components)
    install(EXPORT settle-${component} NAMESPACE settle:: DESTINATION "${destination}")
  endforeach()
  configure_package_config_file("${PROJECT_SOURCE_DIR}/tools/cmake/settle-config.cmake.in"
    "${PROJECT_BINARY_DIR}/settle-config.cmake" INSTALL_DESTINATION "${destination}")
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/settle-config-version.cmake"
    COMPATIBILITY SameMinorVersion)
  install(FILES "${PROJECT_BINARY_DIR}/settle-config.cmake" "${PROJECT_BINARY_DIR}/settle-config-version.cmake"
    "${PROJECT_SOURCE_DIR}/tools/cmake/FindCAF.cmake" "${PROJECT_SOURCE_DIR}/tools/cmake/FindLibZip.cmake"
    "${PROJECT_SOURCE_DIR}/tools/cmake/FindMETIS.cmake"
    DESTINATION "${destination}")
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/graph" "${PROJECT_SOURCE_DIR}/actors" "${PROJECT_SOURCE_DIR}/sim"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/settle" FILES_MATCHING PATTERN "*.hpp")
endfunction()
