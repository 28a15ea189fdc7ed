# What every target of the project shares, and the helpers that keep its CMake files short.
cmake_policy(SET CMP0167 NEW)  # Boost's own package files, not the removed module
include(GNUInstallDirs)
find_package(Boost 1.88 REQUIRED COMPONENTS json)
find_package(absl REQUIRED)
find_package(Threads REQUIRED)

add_library(lineshaft_options INTERFACE)
target_compile_options(lineshaft_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers)
if(LINESHAFT_SANITIZE)
  target_compile_options(lineshaft_options INTERFACE -fsanitize=${LINESHAFT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  # dlopen(3) is called by the sanitizer's library then, for which a DT_RUNPATH of the program does not count.
  target_link_options(lineshaft_options INTERFACE -fsanitize=${LINESHAFT_SANITIZE} -Wl,--disable-new-dtags)
endif()

# The API of OpenTelemetry alone: headers and abseil. find_package(opentelemetry-cpp) would
# ask for gRPC and protobuf, and take half a minute of every configuration.
find_path(LINESHAFT_OPENTELEMETRY_INCLUDE opentelemetry/version.h REQUIRED)
add_library(lineshaft_opentelemetry_api INTERFACE)
target_include_directories(lineshaft_opentelemetry_api SYSTEM INTERFACE ${LINESHAFT_OPENTELEMETRY_INCLUDE})
target_compile_definitions(lineshaft_opentelemetry_api INTERFACE HAVE_ABSEIL OPENTELEMETRY_ABI_VERSION_NO=1)
target_link_libraries(lineshaft_opentelemetry_api INTERFACE absl::bad_variant_access absl::any absl::base absl::bits absl::city absl::variant absl::strings)

# One folder of src/ = one object library, all of them together the library `lineshaft`.
function(lineshaft_part name)
  add_library(lineshaft_${name} OBJECT ${ARGN})
  target_include_directories(lineshaft_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)
  target_link_libraries(lineshaft_${name} PUBLIC lineshaft_options Boost::headers Boost::json)
  set_property(GLOBAL APPEND PROPERTY LINESHAFT_PARTS lineshaft_${name})
endfunction()
