# cmake --install build --prefix P, then find_package(lineshaft) and lineshaft::lineshaft.
install(DIRECTORY include/lineshaft TYPE INCLUDE)
