# SPDX-License-Identifier: LGPL-2.1-or-later
# libvmstall as other programs see it: its names, its calls in the shared and the static form, and the example built against
# an installation.

add_test(NAME library_symbols COMMAND sh ${CMAKE_SOURCE_DIR}/tests/library/symbols.sh ${CMAKE_BINARY_DIR}
	${CMAKE_SOURCE_DIR}/include/vmstall/vmstall.h ${CMAKE_NM} ${CMAKE_READELF})

# Placed beside the build's event tables, because the library looks for them in its own directory.
function(add_library_test name)
	add_executable(${name} library/test_library.c)
	set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
	target_compile_definitions(${name} PRIVATE VMSTALL_SOURCE="${CMAKE_SOURCE_DIR}")
	target_link_libraries(${name} PRIVATE vmstall_options PkgConfig::CMOCKA Threads::Threads ${ARGN})
	add_dependencies(${name} ${all_plugins})
	add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
	set_tests_properties(${name} PROPERTIES TIMEOUT 300 ENVIRONMENT "${as_run}")
endfunction()

add_library_test(test_library_static ${CMAKE_BINARY_DIR}/libvmstall.a tracecmd tracefs traceevent jansson zstd z m)
add_dependencies(test_library_static vmstall_static)
if(BUILD_SHARED_LIBS)
	add_library_test(test_library_shared vmstall_shared m)
endif()

get_target_property(flags vmstall_options INTERFACE_LINK_OPTIONS)
if(NOT flags)
	set(flags "")
endif()
list(JOIN flags " " flags)
add_test(NAME library_example COMMAND sh ${CMAKE_SOURCE_DIR}/tests/library/example.sh ${CMAKE_BINARY_DIR} ${CMAKE_C_COMPILER} ${flags})
set_tests_properties(library_example PROPERTIES TIMEOUT 300 ENVIRONMENT "${as_run}")
