# SPDX-License-Identifier: LGPL-2.1-or-later
# The whole program, run once for each of its allocations, which fails.
add_vmstall_test(test_out_of_memory memory/test_out_of_memory.c memory/failing.c scenario/small.c ${CMAKE_SOURCE_DIR}/src/main.c
	LIBS vmstall_cli PkgConfig::JANSSON)
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/main.c DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
	PROPERTIES COMPILE_DEFINITIONS "main=vmstall_main" COMPILE_OPTIONS "-Wno-missing-prototypes")
target_include_directories(test_out_of_memory PRIVATE scenario memory)
foreach(function malloc calloc realloc reallocarray strdup strndup realpath fopen fdopen fopencookie open_memstream tsearch
		vasprintf asprintf getline child_start)
	target_link_options(test_out_of_memory PRIVATE -Wl,--wrap=${function})
endforeach()
add_dependencies(test_out_of_memory ${all_plugins})
set_tests_properties(test_out_of_memory PROPERTIES TIMEOUT 1500)
