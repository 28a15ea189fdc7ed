# cmake --install build --prefix P, then find_package(lineshaft) and lineshaft::lineshaft; the connectors are
# lineshaft::local, lineshaft::replay, lineshaft::lmdb.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/lineshaft)
install(DIRECTORY include/lineshaft TYPE INCLUDE)
install(FILES docs/reference/lineshaft.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

set(exported lineshaft)
get_property(connectors GLOBAL PROPERTY LINESHAFT_CONNECTORS)
foreach(name IN LISTS connectors)
  set_target_properties(lineshaft_${name} PROPERTIES EXPORT_NAME ${name}_archive)
  set_target_properties(lineshaft_connector_${name} PROPERTIES EXPORT_NAME ${name})
  list(APPEND exported lineshaft_${name} lineshaft_connector_${name})
endforeach()
install(TARGETS ${exported} EXPORT lineshaft)
install(TARGETS lineshaft-otlp-http lineshaft-otlp-grpc lineshaft-top LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/lineshaft)
add_custom_target(product DEPENDS ${exported} lineshaft_command lineshaft-cache lineshaft-otlp-http lineshaft-otlp-grpc lineshaft-top)  # what is installed, without the tests
install(EXPORT lineshaft NAMESPACE lineshaft:: DESTINATION ${package_dir} FILE lineshaftTargets.cmake)

configure_file(cmake/lineshaftConfig.cmake.in ${CMAKE_BINARY_DIR}/lineshaftConfig.cmake @ONLY)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/lineshaftConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/lineshaftConfig.cmake ${CMAKE_BINARY_DIR}/lineshaftConfigVersion.cmake
  DESTINATION ${package_dir})
